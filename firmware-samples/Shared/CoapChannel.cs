using System;

namespace NfDtls.Samples
{
    /// <summary>What CoAP goes over: an association of DTLS, whoever carries its datagrams.</summary>
    internal abstract class CoapChannel
    {
        /// <summary>Milliseconds of a clock that never goes back.</summary>
        internal virtual long Now
        {
            get { return Environment.TickCount64; }
        }

        /// <summary>Sends a message as a record.</summary>
        internal abstract void Send(byte[] bytes, int count);

        /// <summary>Waits so many milliseconds for a record; returns its length, or -1.</summary>
        internal abstract int Receive(byte[] buffer, int timeout);
    }
}

using System;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>The bytes to and from a modem: a board's serial port (README.md), the simulated modem, a test. One thread uses it.</summary>
    internal abstract class SerialLine
    {
        /// <summary>Milliseconds of a clock that never goes back.</summary>
        internal virtual long Now
        {
            get { return Environment.TickCount64; }
        }

        /// <summary>Takes what has come, and waits so many milliseconds for the first byte of it; returns how many there were, 0 for none.</summary>
        internal abstract int Read(byte[] buffer, int offset, int count, int milliseconds);

        /// <summary>Writes all of it.</summary>
        internal abstract void Write(byte[] buffer, int offset, int count);

        /// <summary>Wakes a modem that saves power, by the pin that its manual names. It may take seconds until it answers.</summary>
        internal virtual void Wake()
        {
        }
    }
}

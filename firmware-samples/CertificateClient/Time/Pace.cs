using System;
using System.Threading;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>The time that passes, whatever time of day it is: what pauses are measured by.</summary>
    internal class Pace
    {
        /// <summary>Milliseconds of a clock that never goes back.</summary>
        internal virtual long Now
        {
            get { return Environment.TickCount64; }
        }

        /// <summary>Waits so many milliseconds.</summary>
        internal virtual void Wait(int milliseconds)
        {
            Thread.Sleep(milliseconds);
        }
    }
}

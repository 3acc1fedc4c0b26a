using System;

namespace NfDtls.Tests.Runtime
{
    /// <summary>.NET.</summary>
    internal static class Runtime
    {
        internal static readonly bool IsNano = false;

        /// <summary>Milliseconds of the clock that the library goes by.</summary>
        internal static long Now
        {
            get { return Environment.TickCount64; }
        }

        internal static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}

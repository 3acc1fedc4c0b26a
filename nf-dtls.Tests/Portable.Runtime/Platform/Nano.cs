using System;

namespace NfDtls.Tests.Runtime
{
    /// <summary>nanoCLR.</summary>
    internal static class Runtime
    {
        internal static readonly bool IsNano = true;

        /// <summary>Milliseconds of the clock that the library goes by. It goes in steps (Linux: of 4 or 10 ms), so a wait is told from none by half of its time.</summary>
        internal static long Now
        {
            get { return Environment.TickCount64; }
        }

        internal static void Collect()
        {
            nanoFramework.Runtime.Native.GC.Run(true);
        }
    }
}

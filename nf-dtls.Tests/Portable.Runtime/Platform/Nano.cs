using System;

namespace NfDtls.Tests.Runtime
{
    /// <summary>nanoCLR.</summary>
    internal static class Runtime
    {
        internal static readonly bool IsNano = true;

        /// <summary>Milliseconds of the clock that the library goes by.</summary>
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

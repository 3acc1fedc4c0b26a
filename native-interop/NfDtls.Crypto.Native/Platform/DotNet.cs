using System;

namespace NfDtls.Crypto.Native
{
    /// <summary>What differs on .NET.</summary>
    internal static class Platform
    {
        /// <summary>Has contexts freed that nobody refers to any more.</summary>
        internal static void Reclaim()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}

using System.Threading;

namespace NfDtls.Crypto.Native
{
    /// <summary>What differs on nanoFramework.</summary>
    internal static class Platform
    {
        /// <summary>Has contexts freed that nobody refers to any more.</summary>
        internal static void Reclaim()
        {
            nanoFramework.Runtime.Native.GC.Run(true);

            // Finalizers run in a thread of their own.
            Thread.Sleep(1);
        }
    }
}

namespace NfDtls.Tests.Memory
{
    /// <summary>nanoCLR's heap.</summary>
    internal static class Heap
    {
        /// <summary>Free bytes after a collection.</summary>
        internal static long Free()
        {
            return nanoFramework.Runtime.Native.GC.Run(true);
        }

        internal static void Say(string text)
        {
            nanoFramework.TestFramework.OutputHelper.WriteLine("Heap: " + text);
        }
    }
}

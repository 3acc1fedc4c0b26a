using System;

namespace NfDtls.Tests.Memory
{
    /// <summary>Where no heap is small: what .NET could still use.</summary>
    internal static class Heap
    {
        internal static long Free()
        {
            return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        }

        internal static void Say(string text)
        {
            Console.WriteLine("Heap: " + text);
        }
    }
}

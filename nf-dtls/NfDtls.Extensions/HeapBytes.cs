namespace NfDtls.Extensions
{
    /// <summary>What nanoFramework's heap takes, as NfDtls.Planning counts it: an object 12 bytes and 12 a field, an array 20 and its content.</summary>
    internal static class HeapBytes
    {
        internal static int OfObject(int fields)
        {
            return 12 * (1 + fields);
        }

        internal static int OfArray(int bytes)
        {
            return (20 + bytes + 11) / 12 * 12;
        }
    }
}

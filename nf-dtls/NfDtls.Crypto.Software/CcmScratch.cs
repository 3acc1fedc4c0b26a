namespace NfDtls.Crypto.Software
{
    /// <summary>What a record of CCM needs while it is sealed or opened, zeroed after it: one of these for all contexts of a provider.</summary>
    internal sealed class CcmScratch
    {
        internal readonly int[] Mac = new int[4];
        internal readonly int[] Counter = new int[4];
        internal readonly int[] KeyStream = new int[4];
        internal readonly byte[] Bytes = new byte[16];
    }
}

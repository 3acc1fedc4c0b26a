namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// What a record of CCM needs while it is sealed or opened, the firmware's AES with the key of the moment included: one of
    /// these for all contexts of a provider.
    /// </summary>
    internal sealed class StockCcmScratch
    {
        internal readonly StockAes Aes = new StockAes();
        internal readonly byte[] Zero = new byte[16];
        internal readonly byte[] Tag = new byte[16];
        internal byte[] MacBlocks = new byte[0];
        internal byte[] Counters = new byte[0];
    }
}

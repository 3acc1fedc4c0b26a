using NfDtls.Crypto.Stock;
#if CERTIFICATES
using NfDtls.Crypto.Software;
#endif

namespace NfDtls.Applications
{
    /// <summary>A board as it comes: AES and HMAC of nanoFramework.System.Security.Cryptography, the rest in managed code.</summary>
    internal static class Firmware
    {
        internal static CryptoProvider Crypto()
        {
#if CERTIFICATES
            SoftwareProvider software = new SoftwareProvider(new StockEntropy());
            return new CompositeProvider(new CryptoProvider[] { new StockProvider(software), new SoftwareEccProvider(software), software });
#else
            return ConstrainedStockProvider.Create(new StockEntropy());
#endif
        }
    }
}

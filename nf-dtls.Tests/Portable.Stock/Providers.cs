using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;

namespace NfDtls.Tests.Crypto;

/// <summary>The providers under test.</summary>
internal static class Providers
{
    internal static readonly string[] Names = new string[] { "stock" };

    internal static CryptoProvider[] All()
    {
        return new CryptoProvider[] { StockProvider.Create(new TestEntropySource(1)) };
    }

    /// <summary>Those of AES-CCM and SHA-256 alone.</summary>
    internal static CryptoProvider[] Constrained()
    {
        return new CryptoProvider[] { ConstrainedStockProvider.Create(new TestEntropySource(1)) };
    }

    internal static SoftwareProvider Software()
    {
        return new SoftwareProvider(new TestEntropySource(1));
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Crypto;

/// <summary>The providers that every test runs over.</summary>
internal static class Providers
{
    internal static readonly string[] Names = ["Software", "Host", "Composite", "Host without the processor", "Stock"];

    internal static CryptoProvider[] All()
    {
        return
        [
            Software(), new HostProvider(), new CompositeProvider([new HostProvider(), Software()]), new HostProvider(false),
            StockProvider.Create(new TestEntropySource(1)),
        ];
    }

    /// <summary>Those whose records allocate nothing: all but the firmware's, whose library returns fresh arrays.</summary>
    internal static CryptoProvider[] Frugal()
    {
        return All()[..4];
    }

    /// <summary>Those of AES-CCM and SHA-256 alone.</summary>
    internal static CryptoProvider[] Constrained()
    {
        return [new ConstrainedProvider(new TestEntropySource(1)), ConstrainedStockProvider.Create(new TestEntropySource(1))];
    }

    internal static SoftwareProvider Software()
    {
        return new SoftwareProvider(new TestEntropySource(1));
    }
}

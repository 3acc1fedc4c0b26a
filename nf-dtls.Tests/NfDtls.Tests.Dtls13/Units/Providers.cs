using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;

namespace NfDtls.Tests.Dtls13;

/// <summary>The providers that the units work over.</summary>
internal static class Providers
{
    internal static CryptoProvider[] All()
    {
        return [Software(), new HostProvider(), StockProvider.Create(new Source())];
    }

    private static SoftwareProvider Software()
    {
        return new SoftwareProvider(new Source());
    }

    /// <summary>Units draw nothing.</summary>
    private sealed class Source : EntropySource
    {
        public override void Read(byte[] destination, int offset, int count)
        {
            throw new System.InvalidOperationException("there is no entropy here");
        }
    }
}

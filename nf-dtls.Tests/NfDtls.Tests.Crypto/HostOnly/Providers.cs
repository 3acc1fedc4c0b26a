using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Crypto;

/// <summary>The providers that every test runs over.</summary>
internal static class Providers
{
    internal static readonly string[] Names = ["Software", "Host", "Composite"];

    internal static CryptoProvider[] All()
    {
        return [Software(), new HostProvider(), new CompositeProvider([new HostProvider(), Software()])];
    }

    internal static SoftwareProvider Software()
    {
        return new SoftwareProvider(new TestEntropySource(1));
    }
}

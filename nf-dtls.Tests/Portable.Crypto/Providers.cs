using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>The providers under test.</summary>
internal static class Providers
{
    internal static readonly string[] Names = new string[] { "software" };

    internal static CryptoProvider[] All()
    {
        return new CryptoProvider[] { Software() };
    }

    internal static SoftwareProvider Software()
    {
        return new SoftwareProvider(new TestEntropySource(1));
    }
}

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

    /// <summary>Those of AES-CCM and SHA-256 alone.</summary>
    internal static CryptoProvider[] Constrained()
    {
        return new CryptoProvider[] { new ConstrainedProvider(new TestEntropySource(1)) };
    }

    internal static SoftwareProvider Software()
    {
        return new SoftwareProvider(new TestEntropySource(1));
    }
}

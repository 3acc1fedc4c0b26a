using NfDtls.Crypto.Host;
using NfDtls.Crypto.OpenSsl;

namespace NfDtls.Net;

/// <summary>Where cryptography comes from when nothing else is said: the system's OpenSSL before .NET's own, which does not keep keys and contexts.</summary>
internal static class DefaultCryptography
{
    /// <summary>A provider for one engine: .NET's alone where the system has no libcrypto that fits.</summary>
    internal static CryptoProvider Create()
    {
        return OpenSslProvider.IsAvailable ? new CompositeProvider([new OpenSslProvider(), new HostProvider()]) : new HostProvider();
    }

    /// <summary>What a provider is called: the library's name and version or ".NET", with what the processor does by itself, or the type of any other. One of several is named by who hashes.</summary>
    internal static string NameOf(CryptoProvider provider)
    {
        return provider switch
        {
            OpenSslProvider or HostProvider => provider.ToString()!,
            CompositeProvider several when several.Supports(CryptoAlgorithm.Sha256) => NameOf(several.ProviderFor(CryptoAlgorithm.Sha256)),
            _ => provider.GetType().ToString(),
        };
    }
}

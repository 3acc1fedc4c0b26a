using System;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.OpenSsl;
using NfDtls.Crypto.Software;

namespace NfDtls.Tool;

/// <summary>What --crypto names.</summary>
internal sealed class CryptoChoice
{
    private CryptoChoice(string name)
    {
        Name = name;
    }

    public string Name { get; }

    /// <summary>What is taken where nothing is named: the system's OpenSSL, or .NET's where it has none that fits.</summary>
    public static string Default
    {
        get { return OpenSslProvider.IsAvailable ? "openssl" : "host"; }
    }

    public static CryptoChoice Parse(string name)
    {
        return name switch
        {
            "host" or "software" => new CryptoChoice(name),
            "openssl" => OpenSslProvider.IsAvailable ? new CryptoChoice(name) : throw ToolException.Usage("This system has no libcrypto of OpenSSL 3 or later; --crypto host needs none."),
            "native" => IsThere() ? new CryptoChoice(name) : throw ToolException.Usage("This build has no native cryptography; ./build.sh native makes it."),
            _ => throw ToolException.Usage($"--crypto must be openssl, host, software or native, not {name}."),
        };
    }

    /// <summary>A provider for one endpoint: those in managed code cannot be shared.</summary>
    public CryptoProvider Make()
    {
        SoftwareProvider software = new SoftwareProvider(new SystemEntropy());
        SoftwareEccProvider curves = new SoftwareEccProvider(software);
        SoftwareRsaProvider rsa = new SoftwareRsaProvider(software);
        SoftwareMlKemProvider kem = new SoftwareMlKemProvider(software);
        return Name switch
        {
            "software" => new CompositeProvider([software, curves, rsa, kem]),
            "openssl" => new CompositeProvider([new OpenSslProvider(), new HostProvider(), curves, rsa, kem]),
            "native" => new CompositeProvider([new NativeProvider(), new HostProvider(), curves, rsa, kem]),

            // .NET tells of bad padding and has no X25519, so a server's RSA key exchange and that group are managed code.
            _ => new CompositeProvider([new HostProvider(), curves, rsa, kem]),
        };
    }

    private static bool IsThere()
    {
        try
        {
            return new NativeProvider().Supports(CryptoAlgorithm.Random);
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}

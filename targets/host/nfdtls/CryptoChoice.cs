using NfDtls.Crypto.Host;
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

    public static CryptoChoice Parse(string name)
    {
        return name switch
        {
            "host" or "software" => new CryptoChoice(name),
            "native" => throw ToolException.Usage("This build has no native cryptography; --crypto host and --crypto software are there."),
            _ => throw ToolException.Usage($"--crypto must be host, software or native, not {name}."),
        };
    }

    /// <summary>A provider for one endpoint: those in managed code cannot be shared.</summary>
    public CryptoProvider Make()
    {
        return Name == "software" ? new SoftwareProvider(new SystemEntropy()) : new HostProvider();
    }
}

using System.CommandLine;
using System.Linq;

namespace NfDtls.Tool;

/// <summary>The options of certificates and raw public keys, for a client or a server.</summary>
internal sealed class CertificateOptions
{
    private readonly bool _ofServer;
    private readonly Option<string[]> _ca = new("--ca") { HelpName = "FILE", Description = "Trust these certificates (PEM or DER), and those they issued; repeatable." };
    private readonly Option<string?> _cert = new("--cert") { HelpName = "FILE", Description = "The own certificate, then its chain (PEM)." };
    private readonly Option<string?> _key = new("--key") { HelpName = "FILE", Description = "The certificate's private key (PEM or DER, not encrypted)." };
    private readonly Option<string?> _rawKey = new("--raw-key") { HelpName = "FILE", Description = "An own key to show as a raw public key: the private key (PEM or DER)." };
    private readonly Option<string[]> _trustKey = new("--trust-key") { HelpName = "FILE", Description = "Trust this raw public key (PEM or DER); repeatable." };
    private readonly Option<string?> _name = new("--name") { HelpName = "NAME", Description = "The name that the server's certificate must have; HOST where it is not given." };
    private readonly Option<string> _verify = new("--verify") { HelpName = "none|request|require", Description = "Whether clients are asked for a certificate or raw public key.", DefaultValueFactory = _ => "none" };

    public CertificateOptions(bool ofServer)
    {
        _ofServer = ofServer;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _ca, _cert, _key, _rawKey, _trustKey, _ofServer ? (Option)_verify : _name })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the options say, or null where there is none of them.</summary>
    public CertificateSettings? Read(ParseResult result, string host)
    {
        string[] ca = result.GetValue(_ca) ?? [];
        string[] trustKey = result.GetValue(_trustKey) ?? [];
        string? cert = result.GetValue(_cert);
        string? key = result.GetValue(_key);
        string? rawKey = result.GetValue(_rawKey);
        ClientCertificates verify = _ofServer ? Verify(result.GetValue(_verify)!) : ClientCertificates.None;
        string? name = _ofServer ? null : result.GetValue(_name);
        bool hasTrust = ca.Length + trustKey.Length > 0;
        bool hasOwn = cert != null || rawKey != null;
        if ((cert == null) != (key == null))
        {
            throw ToolException.Usage(cert == null ? "--key belongs to a certificate: give that by --cert FILE." : "--cert needs its private key: give that by --key FILE.");
        }

        if (!hasTrust && !hasOwn)
        {
            return verify == ClientCertificates.None && name == null
                ? null
                : throw ToolException.Usage($"{(name == null ? "--verify" : "--name")} is about certificates, and none is given: see --ca, --cert and --trust-key.");
        }

        if (_ofServer)
        {
            CheckServer(hasTrust, hasOwn, verify);
        }
        else if (!hasTrust)
        {
            throw ToolException.Usage("A client must know its server by something: give --ca FILE or --trust-key FILE.");
        }
        else if (name == "")
        {
            throw ToolException.Usage("--name is empty: the server's certificate is compared with it.");
        }

        return new CertificateSettings
        {
            Trusted = [.. ca.SelectMany(file => CredentialFiles.Certificates("--ca", file).Select(certificate => (file, certificate)))],
            TrustedKeys = [.. trustKey.Select(file => CredentialFiles.PublicKey("--trust-key", file))],
            CertificateFile = cert,
            Chain = cert == null ? [] : CredentialFiles.Certificates("--cert", cert),
            Key = key == null ? null : CredentialFiles.PrivateKey("--key", key),
            RawKeyFile = rawKey,
            RawKey = rawKey == null ? null : CredentialFiles.PrivateKey("--raw-key", rawKey),
            Name = _ofServer ? null : name ?? Udp.WithoutZone(host),
            Verify = verify,
        };
    }

    private static void CheckServer(bool hasTrust, bool hasOwn, ClientCertificates verify)
    {
        if (!hasOwn)
        {
            throw ToolException.Usage("A server shows its clients something: give --cert FILE and --key FILE, or --raw-key FILE.");
        }

        if (hasTrust != (verify != ClientCertificates.None))
        {
            throw ToolException.Usage(hasTrust
                ? "--ca and --trust-key are for what clients show; ask them by --verify request or --verify require."
                : "--verify needs something to trust: give --ca FILE or --trust-key FILE.");
        }
    }

    private static ClientCertificates Verify(string word)
    {
        return word switch
        {
            "none" => ClientCertificates.None,
            "request" => ClientCertificates.Request,
            "require" => ClientCertificates.Require,
            _ => throw ToolException.Usage($"--verify must be none, request or require, not {word}."),
        };
    }
}

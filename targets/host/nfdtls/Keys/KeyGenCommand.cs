using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Tool;

/// <summary>nfdtls keygen: authorities, certificates of servers and devices, raw keys and pre-shared keys, for a laboratory or a first device.</summary>
internal sealed class KeyGenCommand
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    // Clocks of devices are not all right.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    private readonly KeyGenSettings _settings;
    private readonly bool _json;
    private readonly KeyFiles _files;

    public KeyGenCommand(KeyGenSettings settings, bool json)
    {
        _settings = settings;
        _json = json;
        _files = new KeyFiles(settings.Replaces);
    }

    public int Run()
    {
        Node made = new Node("made", _settings.Kind);
        switch (_settings.Kind)
        {
            case "psk":
                MakePsk(made);
                break;
            case "raw":
                MakeRaw(made);
                break;
            default:
                MakeCertificate(made);
                break;
        }

        _files.Write();
        if (_json)
        {
            JsonText.Print(made.Write);
        }
        else if (made.Get("text") is string text)
        {
            Console.Out.Write(text);
        }
        else
        {
            made.Write(Console.Out);
        }

        Console.Out.Flush();
        return ExitCode.Clean;
    }

    private void MakePsk(Node made)
    {
        byte[] key = RandomNumberGenerator.GetBytes(_settings.KeyBytes);
        string identity = _settings.Names[0];
        string text = _settings.IsSource ? new SourceText().Text("Identity", identity).Bytes("Key", key).ToString() : $"identity {identity}\nkey {Convert.ToHexStringLower(key)}\n";
        if (_settings.Prefix == null)
        {
            made.With(_json ? "identity" : "_identity", identity).With("key", key).With("text", text);
            return;
        }

        Put(made, _settings.IsSource ? ".cs" : ".psk", text, isSecret: true);
        made.With("identity", identity);
    }

    private void MakeRaw(Node made)
    {
        using ECDsa key = ECDsa.Create(_settings.Curve);
        string secret = key.ExportPkcs8PrivateKeyPem() + "\n";
        string open = key.ExportSubjectPublicKeyInfoPem() + "\n";
        made.With("sha256 of the public key", SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        if (_settings.IsSource)
        {
            Put(made, ".cs", new SourceText().Text("PublicKey", open).Text("PrivateKey", secret).ToString(), isSecret: true);
        }
        else
        {
            Put(made, ".key", secret, isSecret: true);
        }

        // The other end's, in any case.
        Put(made, ".pub", open, isSecret: false);
    }

    private void MakeCertificate(Node made)
    {
        using ECDsa key = ECDsa.Create(_settings.Curve);
        bool isAuthority = _settings.Kind == "ca";
        string name = _settings.Names.Length > 0 ? _settings.Names[0] : "NfDtls laboratory";
        X500DistinguishedNameBuilder subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        CertificateRequest request = new CertificateRequest(subject.Build(), key, HashOf(key));
        DateTimeOffset from = DateTimeOffset.UtcNow - Margin;
        DateTimeOffset to = from + Margin + TimeSpan.FromDays(_settings.Days);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (isAuthority)
        {
            using X509Certificate2 own = request.CreateSelfSigned(from, to);
            PutCertificate(made, own, key);
            return;
        }

        AddUse(request);
        using X509Certificate2 authority = _files.Authority(_settings.Authority!);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 1);

        // No longer than its authority, which would make it worthless before.
        using X509Certificate2 issued = request.Create(authority, from < authority.NotBefore ? authority.NotBefore : from, to > authority.NotAfter ? authority.NotAfter : to, serial);
        PutCertificate(made, issued, key);
    }

    private void AddUse(CertificateRequest request)
    {
        bool isServer = _settings.Kind == "server";
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(isServer ? ServerUse : ClientUse)], critical: false));
        SubjectAlternativeNameBuilder names = new SubjectAlternativeNameBuilder();
        foreach (string name in _settings.Names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                AddName(names, name);
            }
        }

        request.CertificateExtensions.Add(names.Build());
    }

    private static void AddName(SubjectAlternativeNameBuilder names, string name)
    {
        try
        {
            names.AddDnsName(name);
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage($"--name {name} is no name of a host: {e.Message}");
        }
    }

    private void PutCertificate(Node made, X509Certificate2 certificate, ECDsa key)
    {
        string pem = certificate.ExportCertificatePem() + "\n";
        string secret = key.ExportPkcs8PrivateKeyPem() + "\n";
        made.With("subject", certificate.Subject).With("issuer", certificate.Issuer).With("valid to", certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        if (_settings.IsSource)
        {
            Put(made, ".cs", new SourceText().Text("Certificate", pem).Text("PrivateKey", secret).ToString(), isSecret: true);
            return;
        }

        Put(made, ".key", secret, isSecret: true);
        Put(made, ".pem", pem, isSecret: false);
    }

    private void Put(Node made, string end, string text, bool isSecret)
    {
        string path = (_settings.Prefix ?? _settings.Kind) + end;
        _files.Add(path, text, isSecret);
        made.With("file" + end.Replace('.', ' '), path);
    }

    private static HashAlgorithmName HashOf(ECDsa key)
    {
        return key.KeySize > 384 ? HashAlgorithmName.SHA512 : key.KeySize > 256 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
    }
}

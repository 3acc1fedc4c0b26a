using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Bench;

/// <summary>A root and a server's certificate below it, of one kind of key; as files, since the peers read files.</summary>
internal static class Identities
{
    internal const string ServerName = "gateway.example";
    internal const string PskIdentity = "bench";

    /// <summary>A copy: who is given a key may wipe it.</summary>
    internal static byte[] Psk => "16 bytes of key!"u8.ToArray();

    /// <summary>Makes them for both kinds, in a folder.</summary>
    internal static void WriteTo(string folder)
    {
        using ECDsa rootCurve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa leafCurve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(folder, "ecdsa", new CertificateRequest("CN=Bench root", rootCurve, HashAlgorithmName.SHA256), new CertificateRequest("CN=" + ServerName, leafCurve, HashAlgorithmName.SHA256), leafCurve);
        using RSA rootRsa = RSA.Create(2048);
        using RSA leafRsa = RSA.Create(2048);
        Write(
            folder, "rsa", new CertificateRequest("CN=Bench root", rootRsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            new CertificateRequest("CN=" + ServerName, leafRsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), leafRsa);
    }

    /// <summary>The file of a kind (ecdsa, rsa): root.pem, leaf.pem or key.pem.</summary>
    internal static string File(string folder, Suite suite, string what)
    {
        return Path.Combine(folder, (suite == Suite.RsaGcm ? "rsa-" : "ecdsa-") + what + ".pem");
    }

    private static void Write(string folder, string kind, CertificateRequest root, CertificateRequest leaf, AsymmetricAlgorithm key)
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1);
        DateTimeOffset until = from.AddYears(10);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        using X509Certificate2 issuer = root.CreateSelfSigned(from, until);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(ServerName);
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        leaf.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = leaf.Create(issuer, from, until, RandomNumberGenerator.GetBytes(8));
        System.IO.File.WriteAllText(Path.Combine(folder, kind + "-root.pem"), issuer.ExportCertificatePem());
        System.IO.File.WriteAllText(Path.Combine(folder, kind + "-leaf.pem"), certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(Path.Combine(folder, kind + "-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}

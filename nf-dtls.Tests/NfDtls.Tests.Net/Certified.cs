using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Tests.Net;

/// <summary>An authority and what it certifies, made when a test asks.</summary>
internal sealed class Certified : IDisposable
{
    public const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    public const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    public const string ServerName = "gateway.example";

    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-10);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddDays(10);

    public Certified(string name = "Root")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        RootWithKey = request.CreateSelfSigned(From, Until);
        Root = X509CertificateLoader.LoadCertificate(RootWithKey.RawData);
    }

    public X509Certificate2 Root { get; }

    private X509Certificate2 RootWithKey { get; }

    public X509Certificate2 Server(string subject = "CN=" + ServerName)
    {
        return Issue(subject, ServerPurpose, null, RootWithKey);
    }

    public X509Certificate2 Client(string subject = "CN=device-7")
    {
        return Issue(subject, ClientPurpose, null, RootWithKey);
    }

    /// <summary>An authority below the root, with its key.</summary>
    public X509Certificate2 Intermediate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Below", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 issued = request.Create(RootWithKey, From, Until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    public X509Certificate2 ServerBelow(X509Certificate2 issuer)
    {
        return Issue("CN=" + ServerName, ServerPurpose, null, issuer);
    }

    public X509Certificate2 ServerWith(AsymmetricAlgorithm key, string purpose = ServerPurpose, DateTimeOffset? until = null)
    {
        return Issue("CN=" + ServerName, purpose, key, RootWithKey, until);
    }

    public void Dispose()
    {
        Root.Dispose();
        RootWithKey.Dispose();
    }

    private static X509Certificate2 Issue(string subject, string purpose, AsymmetricAlgorithm? given, X509Certificate2 issuer, DateTimeOffset? until = null)
    {
        AsymmetricAlgorithm key = given ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = key is ECDsa ecdsa
            ? new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256)
            : new CertificateRequest(subject, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(ServerName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!);
        using X509Certificate2 issued = request.Create(issuer.SubjectName, generator, From, until ?? Until.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        return key is ECDsa own ? issued.CopyWithPrivateKey(own) : issued.CopyWithPrivateKey((RSA)key);
    }
}

using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Tests.Host;

/// <summary>An authority, another one, a server and a client, as files of a folder that goes away.</summary>
internal sealed class CertificateFiles : IDisposable
{
    public CertificateFiles()
    {
        Folder = Directory.CreateTempSubdirectory("nfdtls-").FullName;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = Authority("CN=Test Root", key);
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 other = Authority("CN=Other Root", otherKey);
        Write("ca.pem", authority.ExportCertificatePem());
        Write("other.pem", other.ExportCertificatePem());
        Issue(authority, "server", "localhost");
        Issue(authority, "client", "sensor-17");
    }

    public string Folder { get; }

    /// <summary>Puts the folder before each word that begins with @.</summary>
    public string In(string arguments)
    {
        return arguments.Replace("@", Folder + Path.DirectorySeparatorChar);
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
    }

    private static X509Certificate2 Authority(string name, ECDsa key)
    {
        CertificateRequest request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private void Issue(X509Certificate2 authority, string file, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(20), [1, (byte)file.Length, (byte)file[0]]);
        using X509Certificate2 whole = certificate.CopyWithPrivateKey(key);
        Write(file + ".pem", certificate.ExportCertificatePem());
        Write(file + ".key", key.ExportPkcs8PrivateKeyPem());
        Write(file + ".pub", key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllBytes(Path.Combine(Folder, file + ".p12"), whole.Export(X509ContentType.Pkcs12, "x"));
    }

    private void Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(Folder, file), text);
    }
}

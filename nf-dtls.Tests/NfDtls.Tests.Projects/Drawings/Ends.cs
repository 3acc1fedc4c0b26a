using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.X509;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>Options of a client and of a server that trust each other, by a key or by certificates.</summary>
internal static class Ends
{
    private static readonly byte[] Key = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    private static readonly (DtlsCertificate Certificate, PrivateKey Key) Device = Make("device");
    private static readonly (DtlsCertificate Certificate, PrivateKey Key) Gateway = Make("gateway.example");

    internal static DtlsOptions Client(bool isNew, bool hasCertificates)
    {
        DtlsOptions options = Common(isNew, hasCertificates, Device, Gateway);
        options.ServerName = hasCertificates ? "gateway.example" : null;
        options.Versions = isNew ? new VersionTable().Add(new Version13([NamedGroup.Secp256r1], false)) : null;
        return options;
    }

    internal static DtlsOptions Server(bool isNew, bool hasCertificates)
    {
        DtlsOptions options = Common(isNew, hasCertificates, Gateway, Device);
        options.ClientCertificates = hasCertificates ? ClientCertificates.Require : ClientCertificates.None;
        options.Versions = isNew ? new VersionTable().Add(new ServerVersion13([NamedGroup.Secp256r1], false)) : null;
        return options;
    }

    /// <summary>Both ends with a key for an identity of 8 bytes, one suite, and the datagrams that an endpoint has by itself.</summary>
    /// <param name="suite">The suite; one of DTLS 1.3 is spoken in that.</param>
    /// <param name="groups">Of DTLS 1.3; none means that the key will do alone.</param>
    internal static (DtlsOptions Client, DtlsOptions Server) Small(CipherSuite suite, params int[] groups)
    {
        return (Small(suite, groups, false), Small(suite, groups, true));
    }

    private static DtlsOptions Small(CipherSuite suite, int[] groups, bool isServer)
    {
        SoftwareProvider software = new(new Entropy());
        DtlsOptions options = new()
        {
            Crypto = new CompositeProvider([software, new SoftwareEccProvider(software), new SoftwareMlKemProvider(software)]),
            Suites = new CipherSuiteTable().Add(suite),
            Psk = new PskStore(),
        };
        options.Psk.Add(Key, "device-8");
        bool isNew = (suite.VersionMask & CipherSuite.Version13) != 0;
        bool isAlone = groups.Length == 0;
        options.Versions = !isNew ? null : new VersionTable().Add(isServer ? new ServerVersion13(groups, isAlone) : new Version13(groups, isAlone));
        return options;
    }

    private static DtlsOptions Common(bool isNew, bool hasCertificates, (DtlsCertificate Certificate, PrivateKey Key) own, (DtlsCertificate Certificate, PrivateKey Key) other)
    {
        DtlsOptions options = new() { Crypto = new HostProvider(), Mtu = 16_000 };
        options.Suites = isNew ? Suites13.Modern() : hasCertificates ? CertificateSuites.Modern() : PskSuites.Constrained();
        if (hasCertificates)
        {
            CertificateStore store = new(options.Crypto) { Clock = new SystemClock() };
            store.AddTrusted(other.Certificate);
            store.AddLocal(own.Certificate, null, own.Key);
            options.Authenticator = new CertificateAuthenticator(store);
        }
        else
        {
            options.Psk = new PskStore();
            options.Psk.Add(Key, "sensor-17");
        }

        return options;
    }

    /// <summary>The system's random bytes.</summary>
    private sealed class Entropy : EntropySource
    {
        public override void Read(byte[] destination, int offset, int count)
        {
            RandomNumberGenerator.Fill(destination.AsSpan(offset, count));
        }
    }

    /// <summary>A certificate that vouches for itself.</summary>
    private static (DtlsCertificate Certificate, PrivateKey Key) Make(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (new DtlsCertificate(made.RawData), PrivateKeyReader.Read(key.ExportPkcs8PrivateKey()));
    }
}

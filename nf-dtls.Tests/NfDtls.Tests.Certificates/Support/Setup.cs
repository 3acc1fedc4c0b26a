using System;
using System.Linq;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.Tests.X509;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Options for ends that prove themselves, over everything that one provider or another can do.</summary>
internal static class Setup
{
    internal const string Host = "device.example.com";

    internal static EcdheExtensions Extensions
    {
        get { return new EcdheExtensions(GroupTable.All(), SchemeTable.All()); }
    }

    /// <summary>.NET's cryptography first; X25519 and RSA decryption in managed code; Ed25519 by BouncyCastle. Where the native provider takes .NET's place, that comes last: it has P-521.</summary>
    internal static CryptoProvider Crypto()
    {
        HostProvider host = new HostProvider();
        return new CompositeProvider(new CryptoProvider[] { host, new SoftwareEccProvider(host), new SoftwareRsaProvider(host), new Ed25519Provider(), new NfDtls.Crypto.Host.HostProvider() });
    }

    internal static DtlsOptions Options(CipherSuiteTable suites, CryptoProvider? crypto = null)
    {
        DtlsOptions options = TestBed.Options(1);
        options.Crypto = crypto ?? Crypto();
        options.Suites = suites;
        options.MaxFlight = 12_000;
        options.MaxChainBytes = 10_000;
        return options;
    }

    /// <summary>A store whose clock says that the test authority's certificates are valid.</summary>
    internal static CertificateStore Store(Identity? own, params Identity[] trusted)
    {
        CertificateStore store = new CertificateStore(Crypto()) { Clock = new FixedClock(CertificateSpec.Now) };
        own?.AddLocalTo(store);
        foreach (Identity identity in trusted)
        {
            identity.TrustIn(store);
        }

        return store;
    }

    internal static DtlsOptions Client(CipherSuiteTable suites, CertificateStore store, CryptoProvider? crypto = null)
    {
        DtlsOptions options = Options(suites, crypto);
        options.Authenticator = new CertificateAuthenticator(store);
        options.ServerName = Host;
        return options;
    }

    internal static DtlsOptions Server(CipherSuiteTable suites, CertificateStore store, ClientCertificates clients = ClientCertificates.None, CryptoProvider? crypto = null)
    {
        DtlsOptions options = Options(suites, crypto);
        options.Authenticator = new CertificateAuthenticator(store);
        options.ClientCertificates = clients;
        return options;
    }

    /// <summary>A server with an identity and a client that trusts it; the client has its own where the server asks.</summary>
    internal static TestBed Bed(Func<CipherSuiteTable> suites, Identity server, Identity? client = null, ClientCertificates clients = ClientCertificates.None, int seed = 1)
    {
        Identity[] trusted = client == null ? Array.Empty<Identity>() : new[] { client };
        return new TestBed(Client(suites(), Store(client, server)), Server(suites(), Store(server, trusted), clients), seed);
    }

    internal static CipherSuiteTable One(Func<EcdheExtensions, CipherSuite> suite)
    {
        return new CipherSuiteTable().Add(suite(Extensions));
    }

    internal static CipherSuiteTable One(Func<EcdheExtensions, CipherSuite> suite, int[] groups, int[] schemes)
    {
        return new CipherSuiteTable().Add(suite(new EcdheExtensions(Groups(groups), Schemes(schemes))));
    }

    internal static GroupTable Groups(params int[] groups)
    {
        return groups.Aggregate(new GroupTable(), (table, group) => table.Add(group));
    }

    internal static SchemeTable Schemes(params int[] schemes)
    {
        return schemes.Aggregate(new SchemeTable(), (table, scheme) => table.Add(scheme));
    }

    /// <summary>A private key of its own, with its SubjectPublicKeyInfo, for raw public keys.</summary>
    internal static StoredPrivateKey RawKey(CaKeyKind kind, out byte[] info)
    {
        CaKey key = new CaKey(kind);
        info = key.PublicInfo;
        PublicKey known = new PublicKey();
        SubjectPublicKeyInfo.TryRead(info, 0, info.Length, known);
        StoredPrivateKey read = PrivateKeyReader.Read(key.Pkcs8);
        return read.Kind == KeyKind.Rsa ? read : new StoredPrivateKey(read.Kind, read.Buffer, read.OffsetOf(0), read.CountOf(0), known);
    }
}

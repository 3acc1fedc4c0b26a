using System;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Ends of DTLS 1.3 with certificates or raw public keys.</summary>
internal static class Setup13
{
    internal static readonly int[] Groups = [NamedGroup.X25519, NamedGroup.Secp256r1];

    internal static CipherSuiteTable All()
    {
        return Suites13.AddTo(new CipherSuiteTable());
    }

    internal static DtlsOptions Client(CertificateStore store, CipherSuiteTable? suites = null, CryptoProvider? crypto = null)
    {
        return Versioned(Setup.Client(suites ?? All(), store, crypto), false);
    }

    internal static DtlsOptions Server(CertificateStore store, ClientCertificates clients = ClientCertificates.None, CipherSuiteTable? suites = null, CryptoProvider? crypto = null)
    {
        return Versioned(Setup.Server(suites ?? All(), store, clients, crypto), true);
    }

    internal static DtlsOptions Versioned(DtlsOptions options, bool isServer, int[]? groups = null)
    {
        options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups ?? Groups, false) : new Version13(groups ?? Groups, false));
        options.Psk = null;
        options.KeepPeerCertificates = true;
        return options;
    }

    internal static DtlsOptions Raw(RawKeyStore keys, bool isServer, ClientCertificates clients = ClientCertificates.None)
    {
        DtlsOptions options = Setup.Options(All());
        options.Authenticator = new CredentialAuthenticator([keys]);
        options.ClientCertificates = clients;
        return Versioned(options, isServer);
    }

    internal static TestBed Bed(Identity server, Identity? client = null, ClientCertificates clients = ClientCertificates.None, Func<CipherSuiteTable>? suites = null, int seed = 1)
    {
        Identity[] trusted = client == null ? [] : [client];
        return new TestBed(
            Client(Setup.Store(client, server), suites?.Invoke()), Server(Setup.Store(server, trusted), clients, suites?.Invoke()), seed);
    }
}

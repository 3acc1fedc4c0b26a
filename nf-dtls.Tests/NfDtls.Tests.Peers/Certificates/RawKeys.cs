using NfDtls.Ecdhe;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.X509;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>Our ends with raw public keys (RFC 7250), which are those of a row's certificates.</summary>
internal static class RawKeys
{
    internal static Row Row(bool isMutual)
    {
        return Certificates.Row.Named(isMutual ? "ecdsa P-256, CCM_8" : "ecdsa P-256, CCM, software");
    }

    /// <summary>Rows whose keys are of several kinds; whether both ends have one.</summary>
    internal static readonly object[][] Kinds =
    [
        ["ecdsa P-256, CCM, software", false],
        ["ecdsa P-256, CCM_8", true],
        ["ecdsa P-384, GCM, chain of 3", true],
        ["ecdsa P-521, GCM, chain of 3", true],
        ["rsa SHA-256, GCM, chain of 4", true],
        ["rsa SHA-512, ChaCha20, x25519, software", false],
        ["rsa PSS SHA-384, GCM", true],
        ["rsa PSS SHA-512, ChaCha20, software", false],
        ["ed25519 server", false],
    ];

    /// <summary>A client without a key of its own, which trusts the row's server by a raw key, and by its certificate where it may.</summary>
    internal static DtlsOptions Keyless(Row row, bool takesCertificates)
    {
        DtlsOptions options = OurEnd.Client(row, own: null);
        RawKeyStore keys = new();
        keys.AddTrusted(Party.Server(row).Leaf.Key.PublicInfo);
        CertificateStore store = new(options.Crypto) { Clock = new SystemClock() };
        store.AddTrusted(new DtlsCertificate(Party.Server(row).Root.Der));
        options.Authenticator = takesCertificates ? new CertificateAuthenticator(store, keys, rawKeysFirst: false) : new CredentialAuthenticator([keys]);
        return options;
    }

    internal static DtlsOptions Client(Row row)
    {
        DtlsOptions options = OurEnd.Client(row);
        options.ServerName = null;
        options.Authenticator = Over(row.IsMutual ? Party.Client(row) : null, Party.Server(row));
        return options;
    }

    internal static DtlsOptions Server(Row row)
    {
        DtlsOptions options = OurEnd.Server(row);
        options.Authenticator = Over(Party.Server(row), row.IsMutual ? Party.Client(row) : null);
        return options;
    }

    /// <summary>What GnuTLS's programs take a raw public key by.</summary>
    internal static string[] Files(WorkFolder folder, Party party)
    {
        return ["--rawpkfile", folder.Write("raw.pem", party.PublicPem), "--rawpkkeyfile", folder.Write("raw-key.pem", party.KeyPem)];
    }

    private static CredentialAuthenticator Over(Party? own, Party? trusted)
    {
        RawKeyStore store = new();
        if (own != null)
        {
            store.AddLocal(PrivateKeyReader.Read(own.Leaf.Key.Pkcs8));
        }

        if (trusted != null)
        {
            store.AddTrusted(trusted.Leaf.Key.PublicInfo);
        }

        return new CredentialAuthenticator([store]);
    }
}

using NfDtls.Ecdhe;
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

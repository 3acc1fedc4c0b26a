using System.Linq;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>A row in GnuTLS's language.</summary>
internal static class GnuTlsNames
{
    internal static string Priority(Row row, string types = "+CTYPE-X509")
    {
        string groups = string.Concat(row.Groups.Select(group => ":" + OfGroup(group)));
        string schemes = string.Concat(row.Schemes.Select(scheme => ":" + OfScheme(scheme)));
        return "NONE:+VERS-DTLS1.2:" + row.Peer.GnuTls + groups + schemes + ":" + types + ":+COMP-NULL:%PROFILE_LOW";
    }

    private static string OfGroup(int group)
    {
        return group switch
        {
            NamedGroup.Secp256r1 => "+GROUP-SECP256R1",
            NamedGroup.Secp384r1 => "+GROUP-SECP384R1",
            NamedGroup.Secp521r1 => "+GROUP-SECP521R1",
            _ => "+GROUP-X25519",
        };
    }

    private static string OfScheme(int scheme)
    {
        return scheme switch
        {
            SignatureScheme.EcdsaSecp256r1Sha256 => "+SIGN-ECDSA-SHA256",
            SignatureScheme.EcdsaSecp384r1Sha384 => "+SIGN-ECDSA-SHA384",
            SignatureScheme.RsaPkcs1Sha256 => "+SIGN-RSA-SHA256",
            SignatureScheme.RsaPkcs1Sha384 => "+SIGN-RSA-SHA384",
            SignatureScheme.RsaPkcs1Sha512 => "+SIGN-RSA-SHA512",
            SignatureScheme.EcdsaSecp521r1Sha512 => "+SIGN-ECDSA-SHA512",
            SignatureScheme.RsaPssRsaeSha256 => "+SIGN-RSA-PSS-RSAE-SHA256",
            SignatureScheme.RsaPssRsaeSha384 => "+SIGN-RSA-PSS-RSAE-SHA384",
            SignatureScheme.RsaPssRsaeSha512 => "+SIGN-RSA-PSS-RSAE-SHA512",
            _ => "+SIGN-EDDSA-ED25519",
        };
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>
/// What a handshake with certificates is made of. Each row allows one suite, the groups named and the schemes named, and its
/// certificates are signed by the first scheme: so a row that succeeds has used just these.
/// </summary>
internal sealed record Row(string Name, Func<EcdheExtensions, CipherSuite> MakeSuite, PeerSuite Peer, int[] Groups, int[] Schemes, CaKeyKind ServerKey)
{
    /// <summary>Null where the client shows no certificate.</summary>
    internal CaKeyKind? ClientKey { get; init; }

    /// <summary>Certificates that the server sends; the root is not among them.</summary>
    internal int Depth { get; init; } = 1;

    internal int Mtu { get; init; } = 1400;

    /// <summary>Whether our end computes in managed code alone, else by .NET.</summary>
    internal bool IsSoftware { get; init; }

    internal bool ForOurClient { get; init; } = true;

    internal bool ForOurServer { get; init; } = true;

    internal bool IsMutual => ClientKey != null;

    internal bool IsRsaKeyExchange => Peer.GnuTls.StartsWith("+RSA:", StringComparison.Ordinal);

    internal bool UsesPss => Schemes.Any(scheme => scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512);

    internal bool UsesEd25519 => Schemes.Contains(SignatureScheme.Ed25519);

    /// <summary>BouncyCastle's name of what the certificates are signed by.</summary>
    internal string? Algorithm => Schemes[0] switch
    {
        SignatureScheme.RsaPkcs1Sha384 => "SHA384WITHRSA",
        SignatureScheme.RsaPkcs1Sha512 => "SHA512WITHRSA",
        SignatureScheme.RsaPssRsaeSha256 => "SHA256WITHRSAANDMGF1",
        SignatureScheme.RsaPssRsaeSha384 => "SHA384WITHRSAANDMGF1",
        SignatureScheme.RsaPssRsaeSha512 => "SHA512WITHRSAANDMGF1",
        _ => null,
    };

    internal CipherSuite Suite
    {
        get
        {
            GroupTable groups = new();
            SchemeTable schemes = new();
            Array.ForEach(Groups, group => groups.Add(group));
            Array.ForEach(Schemes, scheme => schemes.Add(scheme));
            return MakeSuite(new EcdheExtensions(groups, schemes));
        }
    }

    internal static Row[] All { get; } = Make();

    internal static Row Named(string name)
    {
        return All.First(row => row.Name == name);
    }

    /// <summary>The rows of a test.</summary>
    internal static IEnumerable<object[]> Where(Func<Row, bool> condition)
    {
        return All.Where(condition).Select(row => new object[] { row.Name });
    }

    private static Row[] Make()
    {
        int[] p256 = [NamedGroup.Secp256r1];
        int[] p384 = [NamedGroup.Secp384r1];
        int[] x25519 = [NamedGroup.X25519];
        int[] ecdsa256 = [SignatureScheme.EcdsaSecp256r1Sha256];
        int[] ecdsa384 = [SignatureScheme.EcdsaSecp384r1Sha384];
        int[] rsa256 = [SignatureScheme.RsaPkcs1Sha256];
        int[] rsa384 = [SignatureScheme.RsaPkcs1Sha384];
        int[] rsa512 = [SignatureScheme.RsaPkcs1Sha512];
        int[] pss = [SignatureScheme.RsaPssRsaeSha256];
        return
        [
            new("ecdsa P-256, CCM_8", EcdheSuites.EcdsaAes128Ccm8, PeerSuite.EcdsaCcm8, p256, ecdsa256, CaKeyKind.P256) { Depth = 2, ClientKey = CaKeyKind.P256 },
            new("ecdsa P-256, CCM, software", EcdheSuites.EcdsaAes128Ccm, PeerSuite.EcdsaCcm, p256, ecdsa256, CaKeyKind.P256) { IsSoftware = true },
            new("ecdsa P-384, GCM, chain of 3", EcdheSuites.EcdsaAes256GcmSha384, PeerSuite.EcdsaGcm256, p384, ecdsa384, CaKeyKind.P384) { Depth = 3, ClientKey = CaKeyKind.P384 },
            new("ecdsa P-384, GCM, software", EcdheSuites.EcdsaAes256GcmSha384, PeerSuite.EcdsaGcm256, p384, ecdsa384, CaKeyKind.P384) { IsSoftware = true, ClientKey = CaKeyKind.P384 },

            new("ecdsa P-521, GCM, chain of 3", EcdheSuites.EcdsaAes128GcmSha256, PeerSuite.EcdsaGcm128, [NamedGroup.Secp521r1, NamedGroup.Secp256r1], [SignatureScheme.EcdsaSecp521r1Sha512, SignatureScheme.EcdsaSecp256r1Sha256], CaKeyKind.P521) { Depth = 3, ClientKey = CaKeyKind.P256 },

            // An ECDSA key's own curve must be among the groups (RFC 8422 section 5.1).
            new("ecdsa x25519, ChaCha20, software", EcdheSuites.EcdsaChaCha20Poly1305Sha256, PeerSuite.EcdsaChaCha, [NamedGroup.X25519, NamedGroup.Secp256r1], ecdsa256, CaKeyKind.P256) { IsSoftware = true, ClientKey = CaKeyKind.P256 },
            new("ecdsa P-256, CBC", EcdheSuites.EcdsaAes128CbcSha256, PeerSuite.EcdsaCbc, p256, ecdsa256, CaKeyKind.P256),
            new("ecdsa P-256, chain of 4 in small fragments", EcdheSuites.EcdsaAes128GcmSha256, PeerSuite.EcdsaGcm128, p256, ecdsa256, CaKeyKind.P256) { Depth = 4, ClientKey = CaKeyKind.P256, Mtu = 228 },
            new("rsa SHA-256, GCM, chain of 4", EcdheSuites.RsaAes128GcmSha256, PeerSuite.RsaGcm128, p256, rsa256, CaKeyKind.Rsa2048) { Depth = 4, ClientKey = CaKeyKind.Rsa2048 },
            new("rsa SHA-384, GCM, P-384", EcdheSuites.RsaAes256GcmSha384, PeerSuite.RsaGcm256, p384, rsa384, CaKeyKind.Rsa2048) { Depth = 2, ClientKey = CaKeyKind.Rsa2048 },
            new("rsa SHA-512, ChaCha20, x25519, software", EcdheSuites.RsaChaCha20Poly1305Sha256, PeerSuite.RsaChaCha, x25519, rsa512, CaKeyKind.Rsa2048) { IsSoftware = true },
            new("rsa PSS, GCM", EcdheSuites.RsaAes128GcmSha256, PeerSuite.RsaGcm128, p256, pss, CaKeyKind.Rsa2048) { Depth = 2, ClientKey = CaKeyKind.Rsa2048 },
            new("rsa PSS, CBC, x25519, software", EcdheSuites.RsaAes128CbcSha256, PeerSuite.RsaCbc, x25519, pss, CaKeyKind.Rsa2048) { IsSoftware = true, ClientKey = CaKeyKind.Rsa2048 },
            new("rsa PSS SHA-384, GCM", EcdheSuites.RsaAes256GcmSha384, PeerSuite.RsaGcm256, p256, [SignatureScheme.RsaPssRsaeSha384], CaKeyKind.Rsa2048) { Depth = 2, ClientKey = CaKeyKind.Rsa2048 },
            new("rsa PSS SHA-384, GCM, software", EcdheSuites.RsaAes256GcmSha384, PeerSuite.RsaGcm256, p256, [SignatureScheme.RsaPssRsaeSha384], CaKeyKind.Rsa2048) { IsSoftware = true, ClientKey = CaKeyKind.Rsa2048 },
            new("rsa PSS SHA-512, GCM", EcdheSuites.RsaAes128GcmSha256, PeerSuite.RsaGcm128, p256, [SignatureScheme.RsaPssRsaeSha512], CaKeyKind.Rsa2048),
            new("rsa PSS SHA-512, ChaCha20, software", EcdheSuites.RsaChaCha20Poly1305Sha256, PeerSuite.RsaChaCha, p256, [SignatureScheme.RsaPssRsaeSha512], CaKeyKind.Rsa2048) { IsSoftware = true },
            new("rsa 4096 in small fragments", EcdheSuites.RsaAes128GcmSha256, PeerSuite.RsaGcm128, p256, rsa256, CaKeyKind.Rsa4096) { Depth = 3, ClientKey = CaKeyKind.Rsa4096, Mtu = 300 },
            new("rsa 4096, software", EcdheSuites.RsaAes128GcmSha256, PeerSuite.RsaGcm128, p256, rsa256, CaKeyKind.Rsa4096) { IsSoftware = true },
            new("rsa key exchange, CBC SHA", CertificateSuites.RsaAes128CbcSha, PeerSuite.PlainCbcSha, p256, rsa256, CaKeyKind.Rsa2048) { ClientKey = CaKeyKind.Rsa2048 },
            new("rsa key exchange, CBC SHA-256, software", CertificateSuites.RsaAes128CbcSha256, PeerSuite.PlainCbc128, p256, rsa256, CaKeyKind.Rsa2048) { IsSoftware = true },
            new("rsa key exchange, AES-256 CBC", CertificateSuites.RsaAes256CbcSha256, PeerSuite.PlainCbc256, p256, rsa256, CaKeyKind.Rsa2048) { Depth = 2 },
            new("rsa key exchange, GCM, 4096", CertificateSuites.RsaAes128GcmSha256, PeerSuite.PlainGcm128, p256, rsa256, CaKeyKind.Rsa4096) { ClientKey = CaKeyKind.Rsa2048 },
            new("ecdsa server, rsa client", EcdheSuites.EcdsaAes128GcmSha256, PeerSuite.EcdsaGcm128, p256, [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPkcs1Sha256], CaKeyKind.P256) { ClientKey = CaKeyKind.Rsa2048 },
            new("ed25519 server", EcdheSuites.EcdsaAes128GcmSha256, PeerSuite.EcdsaGcm128, p256, [SignatureScheme.Ed25519], CaKeyKind.Ed25519) { IsSoftware = true },
            new("ed25519 client", EcdheSuites.EcdsaAes128GcmSha256, PeerSuite.EcdsaGcm128, p256, [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.Ed25519], CaKeyKind.P256) { IsSoftware = true, ClientKey = CaKeyKind.Ed25519 },
        ];
    }
}

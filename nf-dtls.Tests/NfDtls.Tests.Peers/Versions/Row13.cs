using System;
using System.Globalization;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>What a handshake of DTLS 1.3 with certificates is made of, and its ends: ours and wolfSSL's.</summary>
internal static class Row13
{
    private static readonly Row[] s_all =
    [
        new("ecdsa P-256", _ => Suites13.Aes128GcmSha256(), PeerSuite.EcdsaGcm128, [NamedGroup.X25519], [SignatureScheme.EcdsaSecp256r1Sha256], CaKeyKind.P256)
        {
            Depth = 2,
        },
        new("ecdsa P-256, mutual", _ => Suites13.Aes128CcmSha256(), PeerSuite.EcdsaCcm, [NamedGroup.Secp256r1], [SignatureScheme.EcdsaSecp256r1Sha256], CaKeyKind.P256)
        {
            Depth = 2, ClientKey = CaKeyKind.P256,
        },
        new("ecdsa P-256, software", _ => Suites13.ChaCha20Poly1305Sha256(), PeerSuite.EcdsaChaCha, [NamedGroup.X25519], [SignatureScheme.EcdsaSecp256r1Sha256], CaKeyKind.P256)
        {
            Depth = 2, ClientKey = CaKeyKind.P256, IsSoftware = true,
        },
        new("ecdsa P-384, mutual", _ => Suites13.Aes256GcmSha384(), PeerSuite.EcdsaGcm256, [NamedGroup.Secp384r1], [SignatureScheme.EcdsaSecp384r1Sha384], CaKeyKind.P384)
        {
            Depth = 2, ClientKey = CaKeyKind.P384,
        },
        new("rsa", _ => Suites13.Aes128GcmSha256(), PeerSuite.RsaGcm128, [NamedGroup.Secp256r1], [SignatureScheme.RsaPkcs1Sha256], CaKeyKind.Rsa2048)
        {
            Depth = 2,
        },
        new("rsa, mutual, in small fragments", _ => Suites13.Aes128GcmSha256(), PeerSuite.RsaGcm128, [NamedGroup.X25519], [SignatureScheme.RsaPssRsaeSha256], CaKeyKind.Rsa2048)
        {
            Depth = 3, ClientKey = CaKeyKind.Rsa2048, Mtu = 500,
        },
        new("ecdsa server, rsa client", _ => Suites13.Aes128GcmSha256(), PeerSuite.EcdsaGcm128, [NamedGroup.Secp256r1], [SignatureScheme.EcdsaSecp256r1Sha256], CaKeyKind.P256)
        {
            ClientKey = CaKeyKind.Rsa2048,
        },
    ];

    internal static Row Named(string name)
    {
        return Array.Find(s_all, row => row.Name == name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, "No such row.");
    }

    internal static DtlsOptions Client(Row row, Party? trusted = null, Party? own = null)
    {
        return Version(OurEnd.Client(row, trusted, own), row, new Version13(row.Groups, false));
    }

    internal static DtlsOptions Server(Row row, Party? trusted = null, Party? own = null)
    {
        return Version(OurEnd.Server(row, trusted, own), row, new ServerVersion13(row.Groups, false));
    }

    /// <summary>Options of a row's end in the version before, for this one.</summary>
    internal static DtlsOptions Version(DtlsOptions options, Row row, Version13 version)
    {
        if (!row.IsSoftware)
        {
            // .NET has no X25519 of its own.
            HostProvider host = new();
            options.Crypto = new CompositeProvider([host, new SoftwareEccProvider(host)]);
        }

        options.Versions = new VersionTable().Add(version);
        options.KeepPeerCertificates = true;
        return options;
    }

    internal static StrangerOptions StrangerServer(Row row, WorkFolder folder)
    {
        return Speaks(StrangerOptions.ServerOf(row, folder));
    }

    /// <summary>A client of wolfSSL's, which sends a key of the row's first group, or of another.</summary>
    internal static StrangerOptions StrangerClient(Row row, WorkFolder folder, int share = 0)
    {
        StrangerOptions asked = Speaks(StrangerOptions.ClientOf(row, folder));
        asked.More.Add("share=" + (share == 0 ? row.Groups[0] : share).ToString(CultureInfo.InvariantCulture));
        return asked;
    }

    private static StrangerOptions Speaks(StrangerOptions asked)
    {
        asked.More.RemoveAll(option => option.StartsWith("curve=", StringComparison.Ordinal));
        asked.More.Add("dtls13=1");
        return asked;
    }
}

using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Security.Cryptography;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Programs;
using NfDtls.X509;
using Org.BouncyCastle.Asn1.Pkcs;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>A server or client with its certificate, the authorities' between it and its root, and that root.</summary>
internal sealed class Party
{
    internal const string ServerName = "server.test";

    // The strangers' certificates are checked by the clock of this machine.
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly ConcurrentDictionary<string, Party> Made = new();

    private readonly IssuedCertificate[] _chain;

    private Party(IssuedCertificate[] chain)
    {
        _chain = chain;
    }

    internal IssuedCertificate Leaf => _chain[0];

    internal IssuedCertificate Root => _chain[^1];

    internal byte[][] Sent => [.. _chain[..^1].Select(one => one.Der)];

    internal string ChainPem => string.Join("\n", _chain[..^1].Select(one => one.Pem)) + "\n";

    /// <summary>In the first version of PKCS#8: OpenSSL 3.0 does not read an Ed25519 key in the second one.</summary>
    internal string KeyPem
    {
        get
        {
            PrivateKeyInfo key = PrivateKeyInfo.GetInstance(Leaf.Key.Pkcs8);
            return PemEncoding.WriteString("PRIVATE KEY", new PrivateKeyInfo(key.PrivateKeyAlgorithm, key.ParsePrivateKey()).GetDerEncoded()) + "\n";
        }
    }

    internal string TraditionalPem => PemEncoding.WriteString(Leaf.Key.TraditionalLabel, Leaf.Key.Traditional) + "\n";

    internal string PublicPem => PemEncoding.WriteString("PUBLIC KEY", Leaf.Key.PublicInfo) + "\n";

    /// <summary>A row's server.</summary>
    internal static Party Server(Row row)
    {
        return For(row.ServerKey, row.Depth, row.Algorithm, row.IsRsaKeyExchange ? (byte)0xA0 : (byte)0x80, 365);
    }

    /// <summary>A row's client; one of the same kind as the server where it has none.</summary>
    internal static Party Client(Row row)
    {
        CaKeyKind kind = row.ClientKey ?? row.ServerKey;
        return For(kind, Math.Min(row.Depth, 2), IsRsa(kind) && IsRsa(row.ServerKey) ? row.Algorithm : null, 0x80, 364);
    }

    /// <summary>One whose certificate has expired a day ago.</summary>
    internal static Party Expired(CaKeyKind kind)
    {
        return For(kind, 1, null, 0x80, -1);
    }

    /// <summary>A client whose authority only has the same name as the one of the row's client.</summary>
    internal static Party Impostor(Row row)
    {
        return Make(row.ClientKey ?? row.ServerKey, Math.Min(row.Depth, 2), null, 0x80, 364);
    }

    /// <summary>Writes what a program takes for its own; the names are those of the files.</summary>
    internal void WriteTo(WorkFolder folder, out string chain, out string key)
    {
        chain = folder.Write(Leaf.Spec.CommonName + "-chain.pem", ChainPem);
        key = folder.Write(Leaf.Spec.CommonName + "-key.pem", KeyPem);
    }

    /// <summary>Writes the root that a program shall trust.</summary>
    internal string WriteRoot(WorkFolder folder)
    {
        return folder.Write(Leaf.Spec.CommonName + "-root.pem", Root.Pem + "\n");
    }

    internal void AddTo(CertificateStore store)
    {
        DtlsCertificate[] all = [.. Sent.Select(der => new DtlsCertificate(der))];
        store.AddLocal(all[0], all[1..], PrivateKeyReader.Read(Leaf.Key.Pkcs8));
    }

    /// <summary>The validity is in days from now, and tells servers from clients: each has a root of its own.</summary>
    private static Party For(CaKeyKind kind, int depth, string? algorithm, byte usage, int days)
    {
        return Made.GetOrAdd(Id(kind, depth, algorithm, usage, days), _ => Make(kind, depth, algorithm, usage, days));
    }

    private static string Id(CaKeyKind kind, int depth, string? algorithm, byte usage, int days)
    {
        return string.Join(' ', kind, depth, algorithm, usage, days);
    }

    private static Party Make(CaKeyKind kind, int depth, string? algorithm, byte usage, int days)
    {
        string id = Id(kind, depth, algorithm, usage, days);
        CaKeyKind authorities = kind == CaKeyKind.Rsa4096 ? CaKeyKind.Rsa2048 : kind;
        IssuedCertificate signer = TestCa.SelfSigned(Valid(CertificateSpec.Authority("root " + id, authorities), 365, algorithm));
        IssuedCertificate[] chain = [signer];
        for (int i = 1; i < depth; i++)
        {
            signer = TestCa.Issue(signer, Valid(CertificateSpec.Authority($"authority {i} {id}", authorities), 365, algorithm));
            chain = [signer, .. chain];
        }

        CertificateSpec end = CertificateSpec.End(ServerName);
        end.CommonName = "device-" + days;
        end.KeyKind = kind;
        end.KeyUsage = usage;
        return new Party([TestCa.Issue(signer, Valid(end, days, algorithm)), .. chain]);
    }

    private static CertificateSpec Valid(CertificateSpec spec, int days, string? algorithm)
    {
        spec.NotBefore = Now.AddDays(-30);
        spec.NotAfter = Now.AddDays(days);
        spec.Algorithm = algorithm;
        return spec;
    }

    private static bool IsRsa(CaKeyKind kind)
    {
        return kind is CaKeyKind.Rsa2048 or CaKeyKind.Rsa4096;
    }
}

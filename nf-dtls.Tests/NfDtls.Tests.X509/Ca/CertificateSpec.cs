using System;
using System.Collections.Generic;

namespace NfDtls.Tests.Ca;

/// <summary>What a certificate shall say. The defaults make a good one for the end of a chain.</summary>
public sealed class CertificateSpec
{
    /// <summary>A time at which certificates with the default validity are valid.</summary>
    public static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The common name; empty for an empty subject.</summary>
    public string CommonName { get; set; } = "device";

    /// <summary>The DER of a Name in place of the one with the common name.</summary>
    public byte[]? Subject { get; set; }

    /// <summary>The DER of a Name in place of the issuer's subject.</summary>
    public byte[]? Issuer { get; set; }

    /// <summary>Made for this certificate when null.</summary>
    public CaKey? Key { get; set; }

    public CaKeyKind KeyKind { get; set; } = CaKeyKind.P256;

    public DateTimeOffset NotBefore { get; set; } = Now.AddDays(-30);

    public DateTimeOffset NotAfter { get; set; } = Now.AddDays(365);

    /// <summary>Null leaves basicConstraints out.</summary>
    public bool? IsAuthority { get; set; }

    public int? PathLength { get; set; }

    /// <summary>First byte of keyUsage: 0x80 digitalSignature, 0x20 keyEncipherment, 0x04 keyCertSign, 0x02 cRLSign. Null leaves it out.</summary>
    public byte? KeyUsage { get; set; }

    /// <summary>Object identifiers of extKeyUsage; none leaves it out.</summary>
    public List<string> Purposes { get; set; } = [];

    public List<string> DnsNames { get; set; } = [];

    public List<string> IpAddresses { get; set; } = [];

    public List<string> Uris { get; set; } = [];

    /// <summary>Extensions in DER: object identifier, critical, value.</summary>
    public List<(string Oid, bool IsCritical, byte[] Value)> Extensions { get; set; } = [];

    /// <summary>BouncyCastle's name of the signature algorithm; null for the issuer key's usual one.</summary>
    public string? Algorithm { get; set; }

    /// <summary>1 or 2 makes a certificate without extensions.</summary>
    public int Version { get; set; } = 3;

    /// <summary>A SubjectPublicKeyInfo in place of the key's own.</summary>
    public byte[]? PublicInfo { get; set; }

    /// <summary>DER behind the SubjectPublicKeyInfo, before the extensions.</summary>
    public byte[] AfterKey { get; set; } = [];

    /// <summary>Big-endian; null for a random one.</summary>
    public byte[]? Serial { get; set; }

    /// <summary>Whether subjectKeyIdentifier and authorityKeyIdentifier are there.</summary>
    public bool WithKeyIdentifiers { get; set; } = true;

    /// <summary>An authority: basicConstraints, keyCertSign and cRLSign.</summary>
    public static CertificateSpec Authority(string commonName, CaKeyKind kind = CaKeyKind.P256)
    {
        return new CertificateSpec { CommonName = commonName, KeyKind = kind, IsAuthority = true, KeyUsage = 0x06 };
    }

    /// <summary>A server or client by its host names.</summary>
    public static CertificateSpec End(params string[] dnsNames)
    {
        return new CertificateSpec { DnsNames = [.. dnsNames], KeyUsage = 0x80 };
    }
}

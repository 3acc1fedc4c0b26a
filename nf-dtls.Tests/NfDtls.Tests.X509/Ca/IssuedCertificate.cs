using System;
using System.Security.Cryptography;

namespace NfDtls.Tests.Ca;

/// <summary>A certificate that the test authority made, with its key.</summary>
public sealed class IssuedCertificate
{
    public IssuedCertificate(byte[] der, CaKey key, byte[] subject, CertificateSpec spec, byte[] serial)
    {
        Der = der;
        Key = key;
        Subject = subject;
        Spec = spec;
        Serial = serial;
    }

    public byte[] Der { get; }

    public CaKey Key { get; }

    /// <summary>The DER of its Name.</summary>
    public byte[] Subject { get; }

    public CertificateSpec Spec { get; }

    public byte[] Serial { get; }

    public string Pem => PemEncoding.WriteString("CERTIFICATE", Der);

    public byte[] KeyIdentifier => SHA1.HashData(Key.PublicInfo);
}

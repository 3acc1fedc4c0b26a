using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace NfDtls.Tests.Ca;

/// <summary>Makes certificates and revocation lists, good ones and such as no authority should make.</summary>
public static class TestCa
{
    /// <summary>A certificate signed with its own key.</summary>
    public static IssuedCertificate SelfSigned(CertificateSpec spec)
    {
        return Make(spec, null, null);
    }

    /// <summary>A certificate signed by an authority.</summary>
    public static IssuedCertificate Issue(IssuedCertificate issuer, CertificateSpec spec)
    {
        return Make(spec, issuer.Subject, issuer.Key);
    }

    /// <summary>
    /// A chain of 1 to any number of certificates for a server, its own first, the self-signed root last. One of 1 is signed by
    /// itself.
    /// </summary>
    public static IssuedCertificate[] Chain(int depth, CertificateSpec end, CaKeyKind authorities = CaKeyKind.P256)
    {
        if (depth == 1)
        {
            return [SelfSigned(end)];
        }

        List<IssuedCertificate> chain = [SelfSigned(CertificateSpec.Authority("root", authorities))];
        for (int i = depth - 2; i > 0; i--)
        {
            chain.Insert(0, Issue(chain[0], CertificateSpec.Authority("authority " + i, authorities)));
        }

        chain.Insert(0, Issue(chain[0], end));
        return [.. chain];
    }

    /// <summary>A revocation list; its signature is the issuer's unless another key is given.</summary>
    public static byte[] Crl(
        IssuedCertificate issuer, IEnumerable<byte[]> serials, DateTimeOffset thisUpdate, DateTimeOffset? nextUpdate, CaKey? signer = null,
        (string Oid, bool IsCritical, byte[] Value)? extension = null, byte[]? issuerName = null)
    {
        CaKey key = signer ?? issuer.Key;
        byte[] algorithm = key.AlgorithmIdentifier(key.DefaultAlgorithm);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteEncodedValue(algorithm);
            writer.WriteEncodedValue(issuerName ?? issuer.Subject);
            WriteTime(writer, thisUpdate);
            if (nextUpdate is { } next)
            {
                WriteTime(writer, next);
            }

            if (serials.Any())
            {
                using (writer.PushSequence())
                {
                    foreach (byte[] serial in serials)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteInteger(serial);
                            WriteTime(writer, thisUpdate);
                        }
                    }
                }
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                WriteExtension(writer, "2.5.29.20", false, Value(w => w.WriteInteger(7)));
                if (extension is { } more)
                {
                    WriteExtension(writer, more.Oid, more.IsCritical, more.Value);
                }
            }
        }

        return Signed(writer.Encode(), algorithm, key.Sign(key.DefaultAlgorithm, writer.Encode()));
    }

    /// <summary>The same certificate with the other signature by a P-256 key: where (r, s) is right, (r, n - s) is as well.</summary>
    public static IssuedCertificate Mirrored(IssuedCertificate certificate)
    {
        BigInteger order = BigInteger.Parse("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        AsnReader parts = new AsnReader(certificate.Der, AsnEncodingRules.DER).ReadSequence();
        byte[] tbs = parts.ReadEncodedValue().ToArray();
        byte[] algorithm = parts.ReadEncodedValue().ToArray();
        AsnReader numbers = new AsnReader(parts.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence();
        byte[] signature = Value(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(numbers.ReadInteger());
                writer.WriteInteger(order - numbers.ReadInteger());
            }
        });
        return new IssuedCertificate(Signed(tbs, algorithm, signature), certificate.Key, certificate.Subject, certificate.Spec, certificate.Serial);
    }

    /// <summary>The DER of one value.</summary>
    public static byte[] Value(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    /// <summary>The value of nameConstraints: subtrees by tag (2 host name, 4 directory name in DER, 7 address and mask) and content.</summary>
    public static byte[] NameConstraints((int Tag, byte[] Content)[] permitted, (int Tag, byte[] Content)[] excluded)
    {
        return Value(writer =>
        {
            using (writer.PushSequence())
            {
                WriteSubtrees(writer, 0, permitted);
                WriteSubtrees(writer, 1, excluded);
            }
        });
    }

    /// <summary>The DER of a Name of one commonName, or of none.</summary>
    public static byte[] Name(string commonName)
    {
        return Value(writer =>
        {
            using (writer.PushSequence())
            {
                if (commonName.Length == 0)
                {
                    return;
                }

                WriteAttribute(writer, "2.5.4.10", "NfDtls");
                WriteAttribute(writer, "2.5.4.3", commonName);
            }
        });
    }

    /// <summary>The DER of a Name of relative names, each of attributes: a dotted identifier and the DER of a value, in DER's order.</summary>
    public static byte[] Name(params (string Oid, byte[] Value)[][] relativeNames)
    {
        return Value(writer =>
        {
            using (writer.PushSequence())
            {
                foreach ((string Oid, byte[] Value)[] attributes in relativeNames)
                {
                    using (writer.PushSetOf())
                    {
                        foreach ((string oid, byte[] value) in attributes)
                        {
                            using (writer.PushSequence())
                            {
                                writer.WriteObjectIdentifier(oid);
                                writer.WriteEncodedValue(value);
                            }
                        }
                    }
                }
            }
        });
    }

    /// <summary>The DER of a value: a tag and bytes.</summary>
    public static byte[] Tagged(int tag, byte[] content)
    {
        return content.Length < 0x80 ? [(byte)tag, (byte)content.Length, .. content]
            : content.Length < 0x100 ? [(byte)tag, 0x81, (byte)content.Length, .. content]
            : [(byte)tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content];
    }

    /// <summary>Puts what is signed, the algorithm and the signature together.</summary>
    public static byte[] Signed(byte[] body, byte[] algorithm, byte[] signature)
    {
        return Value(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(body);
                writer.WriteEncodedValue(algorithm);
                writer.WriteBitString(signature);
            }
        });
    }

    private static IssuedCertificate Make(CertificateSpec spec, byte[]? issuerName, CaKey? issuerKey)
    {
        CaKey key = spec.Key ?? new CaKey(spec.KeyKind);
        CaKey signer = issuerKey ?? key;
        byte[] subject = spec.Subject ?? Name(spec.CommonName);
        byte[] serial = spec.Serial ?? [0x40, .. RandomNumberGenerator.GetBytes(8)];
        string name = spec.Algorithm ?? signer.DefaultAlgorithm;
        byte[] algorithm = signer.AlgorithmIdentifier(name);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (spec.Version > 1)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    writer.WriteInteger(spec.Version - 1);
                }
            }

            writer.WriteInteger(serial);
            writer.WriteEncodedValue(algorithm);
            writer.WriteEncodedValue(spec.Issuer ?? issuerName ?? subject);
            using (writer.PushSequence())
            {
                WriteTime(writer, spec.NotBefore);
                WriteTime(writer, spec.NotAfter);
            }

            writer.WriteEncodedValue(subject);
            writer.WriteEncodedValue(spec.PublicInfo ?? key.PublicInfo);
            if (spec.AfterKey.Length > 0)
            {
                writer.WriteEncodedValue(spec.AfterKey);
            }

            WriteExtensions(writer, spec, key, signer);
        }

        byte[] body = writer.Encode();
        return new IssuedCertificate(Signed(body, algorithm, signer.Sign(name, body)), key, subject, spec, serial);
    }

    private static void WriteExtensions(AsnWriter writer, CertificateSpec spec, CaKey key, CaKey signer)
    {
        List<(string Oid, bool IsCritical, byte[] Value)> extensions = [];
        if (spec.WithKeyIdentifiers && spec.Version == 3)
        {
            extensions.Add(("2.5.29.14", false, Value(w => w.WriteOctetString(SHA1.HashData(key.PublicInfo)))));
            extensions.Add(("2.5.29.35", false, Value(w =>
            {
                using (w.PushSequence())
                {
                    w.WriteOctetString(SHA1.HashData(signer.PublicInfo), new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            })));
        }

        if (spec.IsAuthority is { } isAuthority)
        {
            extensions.Add(("2.5.29.19", true, Value(w =>
            {
                using (w.PushSequence())
                {
                    if (isAuthority)
                    {
                        w.WriteBoolean(true);
                    }

                    if (spec.PathLength is { } length)
                    {
                        w.WriteInteger(length);
                    }
                }
            })));
        }

        if (spec.KeyUsage is { } usage)
        {
            extensions.Add(("2.5.29.15", true, Value(w => w.WriteBitString([usage], usage == 0 ? 0 : int.TrailingZeroCount(usage)))));
        }

        if (spec.Purposes.Count > 0)
        {
            extensions.Add(("2.5.29.37", false, Value(w =>
            {
                using (w.PushSequence())
                {
                    spec.Purposes.ForEach(purpose => w.WriteObjectIdentifier(purpose));
                }
            })));
        }

        if (spec.DnsNames.Count + spec.IpAddresses.Count + spec.Uris.Count > 0)
        {
            extensions.Add(("2.5.29.17", spec.CommonName.Length == 0, Value(w => WriteAltNames(w, spec))));
        }

        extensions.AddRange(spec.Extensions);
        if (extensions.Count == 0 || spec.Version < 3)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
        using (writer.PushSequence())
        {
            foreach ((string oid, bool isCritical, byte[] value) in extensions)
            {
                WriteExtension(writer, oid, isCritical, value);
            }
        }
    }

    private static void WriteAltNames(AsnWriter writer, CertificateSpec spec)
    {
        using (writer.PushSequence())
        {
            foreach (string name in spec.DnsNames)
            {
                WriteTagged(writer, 2, Encoding.ASCII.GetBytes(name));
            }

            foreach (string uri in spec.Uris)
            {
                WriteTagged(writer, 6, Encoding.ASCII.GetBytes(uri));
            }

            foreach (string address in spec.IpAddresses)
            {
                WriteTagged(writer, 7, IPAddress.Parse(address).GetAddressBytes());
            }
        }
    }

    private static void WriteSubtrees(AsnWriter writer, int list, (int Tag, byte[] Content)[] subtrees)
    {
        if (subtrees.Length == 0)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, list)))
        {
            foreach ((int tag, byte[] content) in subtrees)
            {
                using (writer.PushSequence())
                {
                    WriteTagged(writer, tag, content);
                }
            }
        }
    }

    /// <summary>A GeneralName: a directory name (4) is constructed, the others are bytes.</summary>
    private static void WriteTagged(AsnWriter writer, int tag, byte[] content)
    {
        if (tag != 4)
        {
            writer.WriteOctetString(content, new Asn1Tag(TagClass.ContextSpecific, tag));
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag)))
        {
            writer.WriteEncodedValue(content);
        }
    }

    private static void WriteExtension(AsnWriter writer, string oid, bool isCritical, byte[] value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (isCritical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(value);
        }
    }

    private static void WriteAttribute(AsnWriter writer, string oid, string value)
    {
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, true);
        }
    }
}

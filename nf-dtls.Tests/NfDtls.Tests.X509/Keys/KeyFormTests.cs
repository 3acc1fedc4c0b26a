using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Keys;

/// <summary>Key files as tools wrote them: numbers with zeros too few or too many, points in other forms, text around the block.</summary>
[TestClass]
public class KeyFormTests
{
    private const string Curve256 = "1.2.840.10045.3.1.7";
    private const string Curve384 = "1.3.132.0.34";
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    [TestMethod]
    [DataRow(32, false, 32)]
    [DataRow(31, false, 31)]
    [DataRow(31, true, 31)]
    [DataRow(30, true, 30)]
    [DataRow(1, false, 1)]
    [DataRow(33, false, 32)]
    [DataRow(33, true, 32)]
    [DataRow(40, false, 32)]
    public void A_scalar_may_have_lost_its_leading_zeros_or_have_some_too_many(int length, bool isPkcs8, int read)
    {
        int value = Math.Min(length, 32);
        byte[] d = [.. new byte[32 - value], 0x5A, .. RandomNumberGenerator.GetBytes(value - 1)];
        byte[] written = [.. new byte[length - value], .. d[(32 - value)..]];
        byte[] der = isPkcs8 ? Pkcs8(written, Curve256, null) : Sec1(written, Curve256, null);
        StoredPrivateKey key = PrivateKeyReader.Read(der);
        Assert.AreEqual(read, key.CountOf(StoredPrivateKey.Scalar));
        CollectionAssert.AreEqual(d[(32 - read)..], key.Buffer.AsSpan(key.OffsetOf(StoredPrivateKey.Scalar), read).ToArray());

        // Taken as it is by the store, which knows the certificate's point.
        Store().AddLocal(Certificate(ECCurve.NamedCurves.nistP256, d), null, key);
        StoredPrivateKey other = PrivateKeyReader.Read(Sec1([.. d[..31], (byte)(d[31] ^ 1)], Curve256, null));
        Assert.ThrowsExactly<ArgumentException>(() => Store().AddLocal(Certificate(ECCurve.NamedCurves.nistP256, d), null, other));
    }

    [TestMethod]
    [DataRow(47)]
    [DataRow(49)]
    public void So_may_one_of_P384(int length)
    {
        byte[] d = [0, 0x5A, .. RandomNumberGenerator.GetBytes(46)];
        byte[] written = length < 48 ? d[1..] : [0, .. d];
        StoredPrivateKey key = PrivateKeyReader.Read(Sec1(written, Curve384, null));
        Assert.AreEqual(KeyKind.Secp384r1, key.Kind);
        Store().AddLocal(Certificate(ECCurve.NamedCurves.nistP384, d), null, key);
    }

    [TestMethod]
    public void A_scalar_that_no_curve_has_is_refused()
    {
        foreach (byte[] scalar in new byte[][] { [], new byte[32], new byte[33], [1, .. new byte[32]] })
        {
            Refused("its number is 0", Sec1(scalar, Curve256, null));
            Refused("its number is 0", Pkcs8(scalar, Curve256, null));
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(6)]
    public void A_point_that_is_not_uncompressed_is_passed_over(int form)
    {
        byte[] d = RandomNumberGenerator.GetBytes(32);
        d[0] = 0x12;
        ECPoint q = PointOf(ECCurve.NamedCurves.nistP256, d);
        byte first = (byte)(form | (q.Y![31] & 1));
        byte[] point = form == 6 ? [first, .. q.X!, .. q.Y] : [first, .. q.X!];
        foreach (byte[] der in new[] { Sec1(d, Curve256, point), Pkcs8(d, Curve256, point) })
        {
            StoredPrivateKey key = PrivateKeyReader.Read(der);
            Assert.IsNull(key.Public);
            Store().AddLocal(Certificate(ECCurve.NamedCurves.nistP256, d), null, key);

            // Which a raw public key needs, and the provider computes.
            var host = new NfDtls.Crypto.Host.HostProvider();
            StoredPrivateKey whole = PrivateKeyReader.WithPublicPart(key, host);
            byte[] uncompressed = [4, .. q.X!, .. q.Y];
            CollectionAssert.AreEqual(uncompressed, whole.Public.Buffer);
            Assert.AreSame(whole, PrivateKeyReader.WithPublicPart(whole, host));
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new RawKeyStore().AddLocal(key)).Message, "WithPublicPart");
            new RawKeyStore().AddLocal(whole);
        }
    }

    [TestMethod]
    public void A_scalar_above_the_curves_order_has_no_public_part()
    {
        StoredPrivateKey key = PrivateKeyReader.Read(Sec1(Convert.FromHexString(new string('F', 64)), Curve256, null));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => PrivateKeyReader.WithPublicPart(key, new NfDtls.Crypto.Host.HostProvider()));
        StringAssert.Contains(error.Message, "order");
    }

    [TestMethod]
    [DataRow("", DisplayName = "no byte")]
    [DataRow("00", DisplayName = "infinity")]
    [DataRow("04", DisplayName = "no coordinates")]
    [DataRow("05", DisplayName = "another form")]
    public void A_point_of_no_form_is_refused(string first)
    {
        byte[] point = [.. Convert.FromHexString(first), .. new byte[first == "05" ? 64 : 0]];
        Refused("no private key", Sec1(Filled(32), Curve256, point));
        Refused("no private key", Sec1(Filled(32), Curve256, [2, .. Filled(33)]));
        Refused("no private key", Sec1(Filled(32), Curve256, [4, .. Filled(32)]));
    }

    [TestMethod]
    public void A_curve_that_is_spelled_out_is_refused_with_the_command_that_names_it()
    {
        using ECDsa ecdsa = ECDsa.Create(Explicit(ECCurve.NamedCurves.nistP256));
        Refused("-param_enc named_curve", ecdsa.ExportECPrivateKey());
        Refused("-param_enc named_curve", ecdsa.ExportPkcs8PrivateKey());
    }

    [TestMethod]
    public void What_is_wrong_with_a_key_of_another_curve_or_algorithm_is_said()
    {
        Refused("another curve", Sec1(Filled(32), "1.3.132.0.10", null));
        Refused("another curve", Pkcs8(Filled(32), "1.3.36.3.3.2.8.1.1.7", null));
        Refused("names none", Sec1(Filled(32), null, null));
        Refused("names none", Pkcs8(Filled(32), null, null));
        Refused("another algorithm", new CaKey(CaKeyKind.X25519).Pkcs8);
        Refused("RSASSA-PSS alone", Value(w =>
        {
            w.WriteInteger(0);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier("1.2.840.113549.1.1.10");
            }

            w.WriteOctetString(new CaKey(CaKeyKind.Rsa2048).Traditional);
        }));
        using DSA dsa = DSA.Create(1024);
        Refused("another algorithm", dsa.ExportPkcs8PrivateKey());
    }

    [TestMethod]
    [DataRow(false, 0x81)]
    [DataRow(true, 0x81)]
    [DataRow(true, 0xA1)]
    public void The_second_version_of_PKCS8_has_its_public_key_behind_attributes(bool hasAttributes, int tag)
    {
        byte[] d = Filled(32);
        ECPoint q = PointOf(ECCurve.NamedCurves.nistP256, d);
        byte[] point = [4, .. q.X!, .. q.Y!];
        StoredPrivateKey key = PrivateKeyReader.Read(OneAsymmetricKey(Sec1(d, null, null), hasAttributes, tag, point));
        Assert.AreEqual(65, key.Public.Count);
        CollectionAssert.AreEqual(point, key.Public.Buffer.AsSpan(key.Public.Offset, 65).ToArray());

        // Where both have it, the inner one counts; a compressed one outside is passed over.
        key = PrivateKeyReader.Read(OneAsymmetricKey(Sec1(d, null, point), hasAttributes, tag, [(byte)(2 | (q.Y![31] & 1)), .. q.X!]));
        Assert.IsNotNull(key.Public);
        Assert.IsNull(PrivateKeyReader.Read(OneAsymmetricKey(Sec1(d, null, null), hasAttributes, tag, [2, .. q.X!])).Public);
        Refused("no private key", OneAsymmetricKey(Sec1(d, null, null), hasAttributes, tag, [4, .. q.X!]));
    }

    [TestMethod]
    public void The_second_version_of_PKCS8_holds_RSA_as_well()
    {
        using RSA rsa = RSA.Create(2048);
        byte[] der = Value(w =>
        {
            w.WriteInteger(1);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier(RsaEncryption);
                w.WriteNull();
            }

            w.WriteOctetString(rsa.ExportRSAPrivateKey());
            w.WriteBitString(rsa.ExportRSAPublicKey(), 0, new Asn1Tag(TagClass.ContextSpecific, 1));
        });
        Assert.AreEqual(KeyKind.Rsa, PrivateKeyReader.Read(der).Kind);
    }

    [TestMethod]
    public void RSA_keys_need_no_parameters_and_their_numbers_may_have_zeros_in_front()
    {
        using RSA rsa = RSA.Create(2048);
        RSAParameters parts = rsa.ExportParameters(true);
        byte[][] numbers = [parts.Modulus!, parts.Exponent!, parts.D!, parts.P!, parts.Q!, parts.DP!, parts.DQ!, parts.InverseQ!];
        byte[] inner = Pkcs1(0, numbers, zeros: 3);
        byte[] der = Value(w =>
        {
            w.WriteInteger(0);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier(RsaEncryption);
            }

            w.WriteOctetString(inner);
        });
        foreach (StoredPrivateKey key in new[] { PrivateKeyReader.Read(inner), PrivateKeyReader.Read(der) })
        {
            Assert.AreEqual(2048, key.Public.Bits);
            for (int i = 0; i < numbers.Length; i++)
            {
                CollectionAssert.AreEqual(numbers[i].AsSpan().TrimStart((byte)0).ToArray(), key.Buffer.AsSpan(key.OffsetOf(i), key.CountOf(i)).ToArray(), i.ToString());
            }

            byte[] hash = SHA256.HashData("signed"u8);
            byte[] signature = new byte[256];
            CryptoOperation signing = new NfDtls.Crypto.Host.HostProvider().Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, signature, 0);
            Assert.AreEqual(DtlsError.None, signing.Error);
            Assert.IsTrue(rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
    }

    [TestMethod]
    public void RSA_keys_that_lost_numbers_or_have_more_primes_are_refused_with_a_sentence()
    {
        using RSA rsa = RSA.Create(2048);
        RSAParameters parts = rsa.ExportParameters(true);
        byte[][] numbers = [parts.Modulus!, parts.Exponent!, parts.D!, parts.P!, parts.Q!, parts.DP!, parts.DQ!, parts.InverseQ!];
        Refused("lacks its primes", Pkcs1(0, numbers[..3], zeros: 0));
        Refused("lacks its primes", Pkcs1(0, [.. numbers[..3], [0], [0], [0], [0], [0]], zeros: 0));
        Refused("lacks its primes", Pkcs1(0, [.. numbers[..5], [0], [0], [0]], zeros: 0));
        Refused("more than two primes", Pkcs1(1, [.. numbers, [3]], zeros: 0));
        Refused("no private key", Pkcs1(0, [[0], .. numbers[1..]], zeros: 0));
        Refused("no private key", Pkcs1(0, [.. numbers, [3]], zeros: 0));
    }

    [TestMethod]
    public void The_block_of_the_key_is_found_among_other_text()
    {
        var key = new CaKey(CaKeyKind.P256);
        string pem = PemEncoding.WriteString("EC PRIVATE KEY", key.Traditional);
        string parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        string certificate = TestCa.SelfSigned(new CertificateSpec()).Pem + "\n";
        string[] texts =
        [
            pem,
            parameters + pem,
            parameters + certificate + pem + "\n" + certificate,
            "0 a text may begin with a zero, which is DER's first byte\n" + pem,
            "Bag Attributes\n    friendlyName: device\nKey Attributes: <No Attributes>\n" + pem,
            "\uFEFF" + pem,
            "\n\n" + pem + "\n\n",
            pem + "\n" + PemEncoding.WriteString("PRIVATE KEY", new CaKey(CaKeyKind.P256).Pkcs8),
            pem.Replace("-----\n", "-----  \n", StringComparison.Ordinal),
            pem.Replace("-----\n", "-----\v\f\n", StringComparison.Ordinal),
        ];
        foreach (string text in texts)
        {
            foreach (string ends in new[] { "\n", "\r\n", "\r" })
            {
                string written = text.Replace("\n", ends, StringComparison.Ordinal);
                CollectionAssert.AreEqual(key.Traditional, PrivateKeyReader.Read(written).Buffer, text);
                CollectionAssert.AreEqual(key.Traditional, PrivateKeyReader.Read(Encoding.UTF8.GetBytes(written)).Buffer, text);
            }
        }

        IssuedCertificate issued = TestCa.SelfSigned(new CertificateSpec());
        var read = new DtlsCertificate(Encoding.ASCII.GetBytes("0 s:CN = device\n   i:CN = device\n" + issued.Pem));
        CollectionAssert.AreEqual(issued.Der, read.Buffer);
    }

    private static ECCurve Explicit(ECCurve named)
    {
        using ECDsa ecdsa = ECDsa.Create(named);
        return ecdsa.ExportExplicitParameters(false).Curve;
    }

    private static CertificateStore Store()
    {
        return new CertificateStore(new NfDtls.Crypto.Host.HostProvider());
    }

    /// <summary>A certificate of a key whose private number is known.</summary>
    private static DtlsCertificate Certificate(ECCurve curve, byte[] d)
    {
        using ECDsa ecdsa = ECDsa.Create(new ECParameters { Curve = curve, D = d });
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=device", ecdsa, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(CertificateSpec.Now, CertificateSpec.Now.AddDays(1));
        return new DtlsCertificate(certificate.RawData);
    }

    private static ECPoint PointOf(ECCurve curve, byte[] d)
    {
        using ECDsa ecdsa = ECDsa.Create(new ECParameters { Curve = curve, D = d });
        return ecdsa.ExportParameters(false).Q;
    }

    private static byte[] Sec1(byte[] scalar, string? curve, byte[]? point)
    {
        return Value(w =>
        {
            w.WriteInteger(1);
            w.WriteOctetString(scalar);
            if (curve != null)
            {
                using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    w.WriteObjectIdentifier(curve);
                }
            }

            if (point != null)
            {
                using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                {
                    w.WriteBitString(point);
                }
            }
        });
    }

    private static byte[] Pkcs8(byte[] scalar, string? curve, byte[]? point)
    {
        return Value(w =>
        {
            w.WriteInteger(0);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier(EcPublicKey);
                if (curve != null)
                {
                    w.WriteObjectIdentifier(curve);
                }
            }

            w.WriteOctetString(Sec1(scalar, null, point));
        });
    }

    private static byte[] OneAsymmetricKey(byte[] sec1, bool hasAttributes, int tag, byte[] point)
    {
        return Value(w =>
        {
            w.WriteInteger(1);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier(EcPublicKey);
                w.WriteObjectIdentifier(Curve256);
            }

            w.WriteOctetString(sec1);
            if (hasAttributes)
            {
                using (w.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    using (w.PushSequence())
                    {
                        w.WriteObjectIdentifier("1.2.840.113549.1.9.20");
                        using (w.PushSetOf())
                        {
                            w.WriteCharacterString(UniversalTagNumber.BMPString, "device");
                        }
                    }
                }
            }

            if (tag == 0x81)
            {
                w.WriteBitString(point, 0, new Asn1Tag(TagClass.ContextSpecific, 1));
            }
            else
            {
                using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                {
                    w.WriteBitString(point);
                }
            }
        });
    }

    private static byte[] Pkcs1(int version, byte[][] numbers, int zeros)
    {
        byte[] content = [2, 1, (byte)version];
        foreach (byte[] number in numbers)
        {
            byte[] signed = [.. new byte[zeros + (number[0] >> 7)], .. number];
            content = [.. content, 2, .. Length(signed.Length), .. signed];
        }

        return [0x30, .. Length(content.Length), .. content];
    }

    private static byte[] Length(int count)
    {
        return count < 0x80 ? [(byte)count] : count < 0x100 ? [0x81, (byte)count] : [0x82, (byte)(count >> 8), (byte)count];
    }

    private static byte[] Value(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            write(writer);
        }

        return writer.Encode();
    }

    private static byte[] Filled(int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, (byte)0x17);
        return bytes;
    }

    private static void Refused(string says, byte[] der)
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => PrivateKeyReader.Read(der)).Message, says);
        string pem = PemEncoding.WriteString("PRIVATE KEY", der);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => PrivateKeyReader.Read(pem)).Message, says);
    }
}

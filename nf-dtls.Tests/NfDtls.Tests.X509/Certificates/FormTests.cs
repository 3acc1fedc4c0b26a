using System;
using System.Formats.Asn1;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Certificates;

/// <summary>Forms that are well or badly made, one field at a time.</summary>
[TestClass]
public class FormTests
{
    private static readonly IssuedCertificate Root = TestCa.SelfSigned(CertificateSpec.Authority("root"));

    [TestMethod]
    [DataRow(1, "", DtlsError.None)]
    [DataRow(2, "", DtlsError.None)]
    [DataRow(2, "81020001", DtlsError.None)]
    [DataRow(3, "82020001", DtlsError.None)]
    [DataRow(1, "81020001", DtlsError.BadCertificate)]
    [DataRow(1, "A30E300C300A06022A03040430020500", DtlsError.BadCertificate)]
    [DataRow(2, "A30E300C300A06022A03040430020500", DtlsError.BadCertificate)]
    [DataRow(3, "A100", DtlsError.BadCertificate)]
    public void WhatStandsBehindTheKeyMustFitTheVersion(int version, string afterKey, DtlsError expected)
    {
        AssertRead(expected, new CertificateSpec { Version = version, AfterKey = Convert.FromHexString(afterKey) });
    }

    [TestMethod]
    public void ASerialNumberHasAtMost21Bytes()
    {
        AssertRead(DtlsError.None, new CertificateSpec { Serial = Filled(21) });
        AssertRead(DtlsError.BadCertificate, new CertificateSpec { Serial = Filled(22) });
    }

    [TestMethod]
    public void AnIssuerHasAName()
    {
        byte[] der = TestCa.SelfSigned(new CertificateSpec { CommonName = "" }).Der;
        Assert.AreEqual(DtlsError.BadCertificate, new DtlsCertificate().Read(der, 0, der.Length));
        AssertRead(DtlsError.None, new CertificateSpec { CommonName = "" });
    }

    [TestMethod]
    public void KeysOfOtherSizesAndFormsAreUnsupported()
    {
        byte[] point = [4, .. Filled(64)];
        AssertFlaw(DtlsError.None, Ec("1.2.840.10045.3.1.7", point));
        AssertFlaw(DtlsError.UnsupportedCertificate, Ec("1.2.840.10045.3.1.7", [2, .. Filled(32)]));
        AssertFlaw(DtlsError.UnsupportedCertificate, Ec("1.2.840.10045.3.1.7", [6, .. Filled(64)]));
        AssertFlaw(DtlsError.UnsupportedCertificate, Ec("1.2.840.10045.3.1.7", [4, .. Filled(63)]));
        AssertFlaw(DtlsError.UnsupportedCertificate, Ec("1.3.132.0.34", point));
        AssertFlaw(DtlsError.None, Ec("1.3.132.0.35", [4, .. Filled(132)]));
        AssertFlaw(DtlsError.UnsupportedCertificate, Ec("1.3.132.0.35", [4, .. Filled(130)]));
        AssertFlaw(DtlsError.UnsupportedCertificate, Ec("1.3.132.0.10", point));
        AssertFlaw(DtlsError.None, Bits(w => w.WriteObjectIdentifier("1.3.101.112"), Filled(32)));
        AssertFlaw(DtlsError.UnsupportedCertificate, Bits(w => w.WriteObjectIdentifier("1.3.101.112"), Filled(31)));
        AssertFlaw(DtlsError.UnsupportedCertificate, Bits(
            w =>
            {
                w.WriteObjectIdentifier("1.3.101.112");
                w.WriteNull();
            },
            Filled(32)));
        AssertFlaw(DtlsError.None, Rsa(256, 3));
        AssertFlaw(DtlsError.None, Rsa(256, 3, withNull: false));
        AssertFlaw(DtlsError.CertificateTooWeak, Rsa(255, 3));
        AssertFlaw(DtlsError.None, Rsa(512, 4));
        AssertFlaw(DtlsError.UnsupportedCertificate, Rsa(513, 3));
        AssertFlaw(DtlsError.UnsupportedCertificate, Rsa(256, 5));
    }

    [TestMethod]
    public void AlgorithmsAreKnownByTheirIdentifiersAndParameters()
    {
        (string Hex, int Expected)[] cases =
        [
            ("300D06092A864886F70D01010B0500", SignatureScheme.RsaPkcs1Sha256),
            ("300B06092A864886F70D01010B", SignatureScheme.RsaPkcs1Sha256),   // RFC 4055 section 5
            ("300A06082A8648CE3D040302", SignatureScheme.EcdsaSecp256r1Sha256),
            ("300506032B6570", SignatureScheme.Ed25519),
            ("300D06092A864886F70D0101050500", AlgorithmReader.Weak),
            ("300B06092A864886F70D010105", AlgorithmReader.Weak),
            ("300706052B0E03021D", AlgorithmReader.Weak),
            ("300406022A03", AlgorithmReader.Unknown),
            ("300606022A030500", AlgorithmReader.Unknown),
            ("3004060255FF", AlgorithmReader.Unknown),

            // Parameters that nobody will use are passed over, not read, however many they are.
            ("300806022A0305FF1F80", AlgorithmReader.Unknown),
            ("300F06092A864886F70D01010505FF1F80", AlgorithmReader.Weak),
            ("300B0609608648016503040201", AlgorithmReader.Unknown),
        ];
        foreach ((string hex, int expected) in cases)
        {
            AssertAlgorithm(Convert.FromHexString(hex), expected, false);
        }

        AssertAlgorithm(Convert.FromHexString("300C06082A8648CE3D0403020500"), 0, true);
        AssertAlgorithm(Convert.FromHexString("300706032B65700500"), 0, true);
        AssertAlgorithm(Convert.FromHexString("3000"), 0, true);
    }

    [TestMethod]
    public void PssHasOneHashTwiceAndItsLengthOfSalt()
    {
        const string Sha256 = "2.16.840.1.101.3.4.2.1";
        const string Sha384 = "2.16.840.1.101.3.4.2.2";
        const string Sha512 = "2.16.840.1.101.3.4.2.3";
        AssertAlgorithm(Pss(Sha256, Sha256, 32), SignatureScheme.RsaPssRsaeSha256, false);
        AssertAlgorithm(Pss(Sha256, Sha256, 20), AlgorithmReader.Unknown, false);
        AssertAlgorithm(Pss(Sha256, Sha256, null), AlgorithmReader.Unknown, false);
        AssertAlgorithm(Pss(Sha256, Sha384, 32), AlgorithmReader.Unknown, false);
        AssertAlgorithm(Pss(Sha256, null, 32), AlgorithmReader.Unknown, false);
        AssertAlgorithm(Pss(Sha384, Sha384, 48), SignatureScheme.RsaPssRsaeSha384, false);
        AssertAlgorithm(Pss(Sha512, Sha512, 64), SignatureScheme.RsaPssRsaeSha512, false);
        AssertAlgorithm(Pss(Sha384, Sha384, 32), AlgorithmReader.Unknown, false);
        AssertAlgorithm(Pss(Sha512, Sha384, 64), AlgorithmReader.Unknown, false);

        // RFC 4055 section 3.1: the trailer field is left out, and recognized where it is not; 2.1: so is NULL behind a hash.
        AssertAlgorithm(Pss(Sha256, Sha256, 32, trailer: 1), SignatureScheme.RsaPssRsaeSha256, false);
        AssertAlgorithm(Pss(Sha256, Sha256, 32, trailer: 2), AlgorithmReader.Unknown, false);
        AssertAlgorithm(Pss(Sha256, Sha256, 32, withNull: false), SignatureScheme.RsaPssRsaeSha256, false);
        AssertAlgorithm(Pss(null, Sha256, 32), AlgorithmReader.Weak, false);
        AssertAlgorithm(Pss(null, null, null), AlgorithmReader.Weak, false);
    }

    [TestMethod]
    [DataRow("0201FF", true)]
    [DataRow("0200", false)]
    [DataRow("020100", true)]
    [DataRow("02020080", true)]
    [DataRow("0202007F", false)]
    [DataRow("0202FF7F", true)]
    [DataRow("0202FF80", false)]
    public void IntegersHaveTheirShortestForm(string hex, bool isGood)
    {
        byte[] der = Convert.FromHexString(hex);
        var reader = new DerReader();
        reader.Reset(der, 0, der.Length);
        Assert.AreEqual(isGood, reader.ReadInteger());
    }

    [TestMethod]
    [DataRow("3000", true, -1)]
    [DataRow("30030101FF", true, -1)]
    [DataRow("3003010100", true, -1)]
    [DataRow("30060101FF020105", true, 5)]
    [DataRow("30080101FF0203010000", true, -1)]
    [DataRow("30060101FF0201FF", false, 0)]
    [DataRow("30050101FF0500", false, 0)]
    [DataRow("", false, 0)]
    public void BasicConstraintsAreRead(string hex, bool isGood, int pathLength)
    {
        var spec = new CertificateSpec();
        spec.Extensions.Add(("2.5.29.19", true, Convert.FromHexString(hex)));
        byte[] der = TestCa.Issue(Root, spec).Der;
        var read = new DtlsCertificate();
        Assert.AreEqual(isGood ? DtlsError.None : DtlsError.BadCertificate, read.Read(der, 0, der.Length));
        if (isGood)
        {
            Assert.AreEqual(pathLength, read.PathLength);
            Assert.AreEqual(hex.Contains("FF"), read.IsAuthority);
        }
    }

    [TestMethod]
    [DataRow("300AA0083006820161800101", "a minimum")]
    [DataRow("300AA0083006820161810101", "a maximum")]
    public void ASubtreeWithLimitsIsUnsupported(string hex, string why)
    {
        var spec = new CertificateSpec();
        spec.Extensions.Add(("2.5.29.30", true, Convert.FromHexString(hex)));
        Assert.AreEqual(DtlsError.UnsupportedCertificate, new DtlsCertificate(TestCa.Issue(Root, spec).Der).Flaw, why);
    }

    private static void AssertRead(DtlsError expected, CertificateSpec spec)
    {
        byte[] der = TestCa.Issue(Root, spec).Der;
        Assert.AreEqual(expected, new DtlsCertificate().Read(der, 0, der.Length));
    }

    private static void AssertFlaw(DtlsError expected, byte[] publicInfo)
    {
        byte[] der = TestCa.Issue(Root, new CertificateSpec { PublicInfo = publicInfo }).Der;
        var read = new DtlsCertificate(der);
        Assert.AreEqual(expected, read.Flaw, Convert.ToHexString(publicInfo));
    }

    private static void AssertAlgorithm(byte[] der, int expected, bool isMalformed)
    {
        var reader = new DerReader();
        reader.Reset(der, 0, der.Length);
        int scheme = AlgorithmReader.Read(reader);
        Assert.AreEqual(isMalformed, reader.Failed, Convert.ToHexString(der));
        if (!isMalformed)
        {
            Assert.AreEqual(expected, scheme, Convert.ToHexString(der));
            Assert.IsTrue(reader.IsAtEnd);
        }
    }

    private static byte[] Filled(int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, (byte)0x7B);
        return bytes;
    }

    private static byte[] Ec(string curve, byte[] point)
    {
        return Bits(
            w =>
            {
                w.WriteObjectIdentifier("1.2.840.10045.2.1");
                w.WriteObjectIdentifier(curve);
            },
            point);
    }

    private static byte[] Rsa(int modulusBytes, int exponentBytes, bool withNull = true)
    {
        byte[] modulus = Filled(modulusBytes);
        modulus[0] = 0xFF;
        byte[] key = TestCa.Value(w =>
        {
            using (w.PushSequence())
            {
                w.WriteIntegerUnsigned(modulus);
                w.WriteIntegerUnsigned(Filled(exponentBytes));
            }
        });
        return Bits(
            w =>
            {
                w.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                if (withNull)
                {
                    w.WriteNull();
                }
            },
            key);
    }

    private static byte[] Bits(Action<AsnWriter> algorithm, byte[] bits)
    {
        return TestCa.Value(w =>
        {
            using (w.PushSequence())
            {
                using (w.PushSequence())
                {
                    algorithm(w);
                }

                w.WriteBitString(bits);
            }
        });
    }

    private static byte[] Pss(string? hash, string? maskHash, int? salt, int? trailer = null, bool withNull = true)
    {
        return TestCa.Value(w =>
        {
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier("1.2.840.113549.1.1.10");
                using (w.PushSequence())
                {
                    if (hash != null)
                    {
                        using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                        {
                            WriteHash(w, hash, withNull);
                        }
                    }

                    if (maskHash != null)
                    {
                        using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                        using (w.PushSequence())
                        {
                            w.WriteObjectIdentifier("1.2.840.113549.1.1.8");
                            WriteHash(w, maskHash, withNull);
                        }
                    }

                    if (salt is { } length)
                    {
                        using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                        {
                            w.WriteInteger(length);
                        }
                    }

                    if (trailer is { } number)
                    {
                        using (w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
                        {
                            w.WriteInteger(number);
                        }
                    }
                }
            }
        });
    }

    private static void WriteHash(AsnWriter writer, string oid, bool withNull)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (withNull)
            {
                writer.WriteNull();
            }
        }
    }
}

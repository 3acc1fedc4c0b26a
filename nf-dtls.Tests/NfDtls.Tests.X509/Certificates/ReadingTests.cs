using System;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Certificates;

[TestClass]
public class ReadingTests
{
    [TestMethod]
    public void EverythingThatACertificateSaysIsRead()
    {
        CertificateSpec spec = CertificateSpec.Authority("Gerät 7 €");
        spec.PathLength = 3;
        spec.Serial = [0x7F, 1, 2, 3];
        spec.NotBefore = new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        spec.NotAfter = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        spec.Purposes = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.2.3"];
        spec.DnsNames = ["a.example", "b.example"];
        spec.Uris = ["coaps://a.example/x"];
        spec.IpAddresses = ["10.0.0.1", "2001:db8::1"];
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate issued = TestCa.Issue(root, spec);
        var read = new DtlsCertificate(issued.Der);
        Assert.AreSame(issued.Der, read.Buffer, "a copy was made");
        Assert.AreEqual(0, read.Offset);
        Assert.AreEqual(issued.Der.Length, read.Count);
        Assert.AreEqual(3, read.Version);
        Assert.AreEqual("Gerät 7 €", read.CommonName);
        Assert.AreEqual(spec.NotBefore.ToUnixTimeSeconds(), read.NotBefore);
        Assert.AreEqual(spec.NotAfter.ToUnixTimeSeconds(), read.NotAfter);
        CollectionAssert.AreEqual(spec.Serial, Range(read, read.SerialOffset, read.SerialCount));
        CollectionAssert.AreEqual(issued.Subject, Range(read, read.SubjectOffset, read.SubjectCount));
        CollectionAssert.AreEqual(root.Subject, Range(read, read.IssuerOffset, read.IssuerCount));
        CollectionAssert.AreEqual(issued.Key.PublicInfo, Range(read, read.KeyInfoOffset, read.KeyInfoCount));
        Assert.AreEqual(SignatureScheme.EcdsaSecp256r1Sha256, read.SignatureAlgorithm);
        Assert.IsTrue(read.IsAuthority);
        Assert.AreEqual(3, read.PathLength);
        Assert.AreEqual(KeyUsages.KeyCertSign | KeyUsages.CrlSign, read.KeyUsage);
        Assert.AreEqual(ExtendedKeyUsages.ServerAuth | ExtendedKeyUsages.ClientAuth | ExtendedKeyUsages.Other, read.ExtendedKeyUsage);
        Assert.IsTrue(read.Allows(KeyUsages.CrlSign | KeyUsages.DigitalSignature));
        Assert.IsFalse(read.Allows(KeyUsages.DigitalSignature));
        Assert.IsFalse(read.IsSelfIssued);
        Assert.AreEqual(DtlsError.None, read.Flaw);
        Assert.AreEqual("a.example", read.AltNameAt(AltNameKind.Dns, 0));
        Assert.AreEqual("b.example", read.AltNameAt(AltNameKind.Dns, 1));
        Assert.IsNull(read.AltNameAt(AltNameKind.Dns, 2));
        Assert.AreEqual("coaps://a.example/x", read.AltNameAt(AltNameKind.Uri, 0));
        Assert.AreEqual("10.0.0.1", read.AltNameAt(AltNameKind.Ip, 0));
        Assert.AreEqual("2001:0db8:0000:0000:0000:0000:0000:0001", read.AltNameAt(AltNameKind.Ip, 1));
    }

    [TestMethod]
    public void WhatACertificateDoesNotSayIsUnlimited()
    {
        var read = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec { Version = 1 }).Der);
        Assert.AreEqual(1, read.Version);
        Assert.IsFalse(read.IsAuthority);
        Assert.AreEqual(-1, read.PathLength);
        Assert.AreEqual(-1, read.KeyUsage);
        Assert.AreEqual(-1, read.ExtendedKeyUsage);
        Assert.IsTrue(read.IsSelfIssued);
        Assert.IsNull(read.AltNameAt(AltNameKind.Dns, 0));
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256, KeyKind.Secp256r1, 65, 256)]
    [DataRow(CaKeyKind.P384, KeyKind.Secp384r1, 97, 384)]
    [DataRow(CaKeyKind.Rsa2048, KeyKind.Rsa, 256, 2048)]
    [DataRow(CaKeyKind.Rsa4096, KeyKind.Rsa, 512, 4096)]
    [DataRow(CaKeyKind.Ed25519, KeyKind.Ed25519, 32, 256)]
    [DataRow(CaKeyKind.X25519, KeyKind.X25519, 32, 256)]
    public void EachKindOfKeyIsReadInPlace(CaKeyKind kind, int expected, int length, int bits)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate issued = TestCa.Issue(root, new CertificateSpec { KeyKind = kind });
        var read = new DtlsCertificate(issued.Der);
        Assert.AreEqual(expected, read.PublicKey.Kind);
        Assert.AreEqual(length, read.PublicKey.Count);
        Assert.AreEqual(bits, read.PublicKey.Bits);
        Assert.AreSame(issued.Der, read.PublicKey.Buffer);
        byte[] key = Range(read, read.PublicKey.Offset, read.PublicKey.Count);
        Assert.IsTrue(issued.Key.PublicInfo.AsSpan().IndexOf(key) > 0);
    }

    [TestMethod]
    public void ACommonNameIsMadeSafeToPrint()
    {
        var read = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec { CommonName = "a\nb\u007fc\0d" }).Der);
        Assert.AreEqual("a?b?c?d", read.CommonName);
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        Assert.IsNull(new DtlsCertificate(TestCa.Issue(root, new CertificateSpec { CommonName = "" }).Der).CommonName);
    }

    [TestMethod]
    public void PemIsDecodedOnceAndItsOrderKept()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        string pem = "subject=device\r\n" + string.Join("\n", chain.Select(certificate => certificate.Pem));
        CollectionAssert.AreEqual(chain[0].Der, new DtlsCertificate(pem).Buffer);
        CollectionAssert.AreEqual(chain[0].Der, new DtlsCertificate(Encoding.ASCII.GetBytes(pem)).Buffer);
        DtlsCertificate[] all = DtlsCertificate.ReadAll(pem.Replace("\n", "\r\n"));
        Assert.AreEqual(3, all.Length);
        for (int i = 0; i < 3; i++)
        {
            CollectionAssert.AreEqual(chain[i].Der, all[i].Buffer);
        }
    }

    [TestMethod]
    public void PemOfEveryLengthAndPaddingIsDecoded()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        for (int i = 0; i < 6; i++)
        {
            IssuedCertificate issued = TestCa.Issue(root, new CertificateSpec { CommonName = new string('x', 1 + i) });
            CollectionAssert.AreEqual(issued.Der, new DtlsCertificate(issued.Pem).Buffer);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("hello")]
    [DataRow("-----BEGIN CERTIFICATE")]
    [DataRow("-----BEGIN CERTIFICATE-----\nMIIB")]
    [DataRow("-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----")]
    [DataRow("-----BEGIN CERTIFICATE-----\nMIIBM\n-----END CERTIFICATE-----")]
    [DataRow("-----BEGIN CERTIFICATE-----\nMI=B\n-----END CERTIFICATE-----")]
    [DataRow("-----BEGIN CERTIFICATE-----\nM===\n-----END CERTIFICATE-----")]
    [DataRow("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----")]
    [DataRow("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----")]
    public void BrokenPemIsRefused(string pem)
    {
        Assert.ThrowsExactly<ArgumentException>(() => new DtlsCertificate(pem));
        Assert.ThrowsExactly<ArgumentException>(() => DtlsCertificate.ReadAll(pem));
    }

    [TestMethod]
    public void ARangeOutsideItsArrayIsRefused()
    {
        byte[] der = TestCa.SelfSigned(new CertificateSpec()).Der;
        byte[] wide = [9, .. der, 9];
        Assert.AreEqual("device", new DtlsCertificate(wide, 1, der.Length).CommonName);
        foreach ((int offset, int count) in new[] { (-1, 5), (0, -1), (0, wide.Length + 1), (5, wide.Length), (int.MaxValue, 1) })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new DtlsCertificate(wide, offset, count));
        }

        Assert.ThrowsExactly<ArgumentException>(() => new DtlsCertificate(wide, 1, der.Length + 1), "a byte behind the certificate");
        Assert.ThrowsExactly<ArgumentNullException>(() => new DtlsCertificate((byte[])null!));
    }

    [TestMethod]
    public void ACopyOutlivesItsBuffer()
    {
        byte[] der = (byte[])TestCa.SelfSigned(new CertificateSpec()).Der.Clone();
        var read = new DtlsCertificate(der);
        DtlsCertificate copy = read.Copy();
        Assert.IsTrue(copy.Matches(read));
        Array.Clear(der);
        Assert.AreEqual("device", copy.CommonName);
        Assert.IsFalse(copy.Matches(read));
    }

    private static byte[] Range(DtlsCertificate certificate, int offset, int count)
    {
        return certificate.Buffer.AsSpan(offset, count).ToArray();
    }
}

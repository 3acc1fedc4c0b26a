using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    [TestClass]
    public class CertificateTests
    {
        [TestMethod]
        public void A_certificate_is_read_in_place()
        {
            byte[] der = Check.Hex(Chains.Rich);
            DtlsCertificate read = new DtlsCertificate(der);
            Assert.AreSame(der, read.Buffer, "buffer");
            Assert.AreEqual(0, read.Offset, "offset");
            Assert.AreEqual(der.Length, read.Count, "count");
            Assert.AreEqual(3, read.Version, "version");
            Assert.AreEqual("rich", read.CommonName, "common name");
            Assert.AreEqual(1767225600, read.NotBefore, "from");
            Assert.AreEqual(2524705445, read.NotAfter, "until");
            Check.Equal(Check.Hex("112233"), der, read.SerialOffset, read.SerialCount, "serial");
            Assert.AreEqual(SignatureScheme.EcdsaSecp256r1Sha256, read.SignatureAlgorithm, "algorithm");
            Assert.IsTrue(read.IsSelfIssued, "self-issued");
            Assert.AreEqual((int)DtlsError.None, (int)read.Flaw, "flaw");
        }

        [TestMethod]
        public void Extensions_are_read()
        {
            DtlsCertificate read = Bench.Certificate(Chains.Rich);
            Assert.IsTrue(read.IsAuthority, "authority");
            Assert.AreEqual(3, read.PathLength, "path length");
            Assert.AreEqual(KeyUsages.KeyCertSign | KeyUsages.CrlSign, read.KeyUsage, "usage");
            Assert.AreEqual(ExtendedKeyUsages.ServerAuth | ExtendedKeyUsages.ClientAuth, read.ExtendedKeyUsage, "purposes");
            Assert.IsFalse(read.Allows(KeyUsages.DigitalSignature), "signatures");
            Assert.AreEqual("a.example", read.AltNameAt(AltNameKind.Dns, 0), "name");
            Assert.IsNull(read.AltNameAt(AltNameKind.Dns, 1), "second name");
            Assert.AreEqual("192.0.2.7", read.AltNameAt(AltNameKind.Ip, 0), "address");
            DtlsCertificate names = Bench.Certificate(Chains.Names);
            Assert.AreEqual("*.b.example.com", names.AltNameAt(AltNameKind.Dns, 1), "second name");
            Assert.AreEqual("2001:0db8:0000:0000:0000:0000:0000:0001", names.AltNameAt(AltNameKind.Ip, 1), "second address");
            Assert.AreEqual("coaps://uri.example.com/x", names.AltNameAt(AltNameKind.Uri, 0), "resource");
        }

        [TestMethod]
        public void What_a_certificate_does_not_say_is_unlimited()
        {
            DtlsCertificate read = Bench.Certificate(Chains.VersionOne);
            Assert.AreEqual(1, read.Version, "version");
            Assert.IsFalse(read.IsAuthority, "authority");
            Assert.AreEqual(-1, read.PathLength, "path length");
            Assert.AreEqual(-1, read.KeyUsage, "usage");
            Assert.AreEqual(-1, read.ExtendedKeyUsage, "purposes");
            Assert.IsNull(read.AltNameAt(AltNameKind.Dns, 0), "name");
        }

        [TestMethod]
        public void Each_kind_of_key_is_read_in_place()
        {
            Key(Chains.Root, KeyKind.Secp256r1, 65, 256);
            Key(Kinds.P384, KeyKind.Secp384r1, 97, 384);
            Key(Kinds.Rsa, KeyKind.Rsa, 256, 2048);
            Key(Kinds.Ed25519, KeyKind.Ed25519, 32, 256);
        }

        [TestMethod]
        public void What_no_chain_may_hold_can_be_looked_at()
        {
            Assert.AreEqual((int)DtlsError.UnsupportedCertificate, (int)Bench.Certificate(Chains.UnknownCritical).Flaw, "critical extension");
            Assert.AreEqual((int)DtlsError.CertificateTooWeak, (int)Bench.Certificate(Kinds.RsaWeak).Flaw, "weak key");
        }

        [TestMethod]
        public void Pem_is_decoded()
        {
            byte[] end = Check.Hex(Chains.End);
            byte[] middle = Check.Hex(Chains.Middle);
            string pem = "subject=device\r\n" + Pem(end) + "\n" + Pem(middle);
            Check.Equal(end, new DtlsCertificate(pem).Buffer, "first");
            DtlsCertificate[] all = DtlsCertificate.ReadAll(pem);
            Assert.AreEqual(2, all.Length, "blocks");
            Check.Equal(middle, all[1].Buffer, "second");
            Check.Throws(typeof(ArgumentException), delegate { new DtlsCertificate("hello"); }, "no PEM");
            Check.Throws(typeof(ArgumentException), delegate { new DtlsCertificate("-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----"); }, "no base64");
            Check.Throws(typeof(ArgumentException), delegate { new DtlsCertificate("-----BEGIN CERTIFICATE-----\nMIIB"); }, "no end");
        }

        [TestMethod]
        public void A_copy_outlives_its_buffer()
        {
            byte[] der = Check.Hex(Chains.End);
            DtlsCertificate read = new DtlsCertificate(der);
            DtlsCertificate copy = read.Copy();
            Assert.IsTrue(copy.Matches(read), "the same");
            Array.Clear(der, 0, der.Length);
            Assert.AreEqual("device", copy.CommonName, "common name");
            Assert.IsFalse(copy.Matches(read), "cleared");
        }

        private static void Key(string hex, int kind, int length, int bits)
        {
            DtlsCertificate read = Bench.Certificate(hex);
            Assert.AreEqual(kind, read.PublicKey.Kind, "kind");
            Assert.AreEqual(length, read.PublicKey.Count, "length");
            Assert.AreEqual(bits, read.PublicKey.Bits, "bits");
            Assert.AreSame(read.Buffer, read.PublicKey.Buffer, "buffer");
        }

        private static string Pem(byte[] der)
        {
            string text = Convert.ToBase64String(der);
            string pem = "-----BEGIN CERTIFICATE-----\n";
            for (int at = 0; at < text.Length; at += 64)
            {
                pem += text.Substring(at, text.Length - at < 64 ? text.Length - at : 64) + "\n";
            }

            return pem + "-----END CERTIFICATE-----\n";
        }
    }
}

using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Keys;

[TestClass]
public class PrivateKeyTests
{
    [TestMethod]
    [DataRow(CaKeyKind.P256, KeyKind.Secp256r1)]
    [DataRow(CaKeyKind.P384, KeyKind.Secp384r1)]
    [DataRow(CaKeyKind.P521, KeyKind.Secp521r1)]
    [DataRow(CaKeyKind.Rsa2048, KeyKind.Rsa)]
    [DataRow(CaKeyKind.Rsa4096, KeyKind.Rsa)]
    [DataRow(CaKeyKind.Ed25519, KeyKind.Ed25519)]
    public void EachKindIsReadFromEachForm(CaKeyKind kind, int expected)
    {
        var key = new CaKey(kind);
        byte[] certificate = TestCa.SelfSigned(new CertificateSpec { Key = key }).Der;
        Check(PrivateKeyReader.Read(key.Pkcs8), key.Pkcs8);
        Check(PrivateKeyReader.Read(PemEncoding.WriteString("PRIVATE KEY", key.Pkcs8)), key.Pkcs8);
        if (kind != CaKeyKind.Ed25519)
        {
            string pem = PemEncoding.WriteString(key.TraditionalLabel, key.Traditional);
            Check(PrivateKeyReader.Read(key.Traditional), key.Traditional);
            Check(PrivateKeyReader.Read(pem), key.Traditional);
            Check(PrivateKeyReader.Read(Encoding.ASCII.GetBytes(pem)), key.Traditional);
            string before = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
            Check(PrivateKeyReader.Read(before + pem + "\n" + TestCa.SelfSigned(new CertificateSpec()).Pem), key.Traditional);
        }

        void Check(StoredPrivateKey read, byte[] der)
        {
            Assert.AreEqual(expected, read.Kind);
            CollectionAssert.AreEqual(der, read.Buffer);
            var bench = new Bench();
            bench.Store.AddLocal(new DtlsCertificate(certificate), null, read);
        }
    }

    [TestMethod]
    public void DerIsUsedInPlace()
    {
        byte[] der = new CaKey(CaKeyKind.P256).Pkcs8;
        Assert.AreSame(der, PrivateKeyReader.Read(der).Buffer);
    }

    [TestMethod]
    public void AnRsaKeyHasItsPartsInTheirOrder()
    {
        using RSA rsa = RSA.Create(2048);
        RSAParameters parts = rsa.ExportParameters(true);
        StoredPrivateKey key = PrivateKeyReader.Read(rsa.ExportRSAPrivateKey());
        byte[]?[] expected = [parts.Modulus, parts.Exponent, parts.D, parts.P, parts.Q, parts.DP, parts.DQ, parts.InverseQ];
        for (int i = 0; i < expected.Length; i++)
        {
            byte[] part = key.Buffer.AsSpan(key.OffsetOf(i), key.CountOf(i)).ToArray();
            CollectionAssert.AreEqual(expected[i]!.SkipWhile(value => value == 0).ToArray(), part, i.ToString());
        }
    }

    [TestMethod]
    public void KeysWithoutTheirPublicPartAreRead()
    {
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] d = ecdsa.ExportParameters(true).D!;
        byte[] sec1 = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, .. d, 0xA0, 0x0A, .. Convert.FromHexString("06082A8648CE3D030107")];
        StoredPrivateKey key = PrivateKeyReader.Read(sec1);
        Assert.IsNull(key.Public);
        Assert.AreEqual(7, key.OffsetOf(StoredPrivateKey.Scalar));
        byte[] pkcs8 =
        [
            0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, .. Convert.FromHexString("06072A8648CE3D0201"), .. Convert.FromHexString("06082A8648CE3D030107"),
            0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20, .. d,
        ];
        Assert.IsNull(PrivateKeyReader.Read(pkcs8).Public);
        byte[] nameless = [0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20, .. d];
        AssertRefused("no private key", () => PrivateKeyReader.Read(nameless));
        Assert.AreEqual(KeyKind.Secp256r1, PrivateKeyReader.Read(pkcs8).Kind);
    }

    [TestMethod]
    public void AKeyThatNamesTwoCurvesIsRefused()
    {
        string hex = Convert.ToHexString(TestCa.Value(w =>
        {
            using (w.PushSequence())
            {
                w.WriteInteger(0);
                using (w.PushSequence())
                {
                    w.WriteObjectIdentifier("1.2.840.10045.2.1");
                    w.WriteObjectIdentifier("1.2.840.10045.3.1.7");
                }

                w.WriteOctetString(Convert.FromHexString("30310201010420" + new string('7', 64) + "A00A06082A8648CE3D030107"));
            }
        }));
        Assert.AreEqual(KeyKind.Secp256r1, PrivateKeyReader.Read(Convert.FromHexString(hex)).Kind);
        foreach (string other in new[] { "2A8648CE3D030106", "2A8648CE3D030108" })
        {
            string changed = hex[..^16] + other;
            AssertRefused("no private key", () => PrivateKeyReader.Read(Convert.FromHexString(changed)));
            int outer = hex.IndexOf("2A8648CE3D030107", StringComparison.Ordinal);
            changed = hex[..outer] + other + hex[(outer + 16)..];
            AssertRefused("no private key", () => PrivateKeyReader.Read(Convert.FromHexString(changed)));
        }
    }

    [TestMethod]
    public void AnEd25519KeyOfVersion2HasItsPublicKey()
    {
        byte[] seed = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        byte[] der =
        [
            0x30, 0x51, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, .. seed,
            0x81, 0x21, 0x00, .. new byte[32],
        ];
        StoredPrivateKey key = PrivateKeyReader.Read(der);
        Assert.AreEqual(32, key.Public.Count);
        Assert.AreEqual(KeyKind.Ed25519, key.Kind);
        der[50] = 1;   // unused bits
        Assert.ThrowsExactly<ArgumentException>(() => PrivateKeyReader.Read(der));
    }

    [TestMethod]
    public void AnEncryptedKeyIsRefusedWithWhatToDo()
    {
        using RSA rsa = RSA.Create(2048);
        byte[] der = rsa.ExportEncryptedPkcs8PrivateKey("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000));
        AssertRefused("openssl pkcs8", () => PrivateKeyReader.Read(der));
        AssertRefused("openssl pkcs8", () => PrivateKeyReader.Read(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", der)));
        string old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        AssertRefused("openssl pkcs8", () => PrivateKeyReader.Read(old));
        AssertRefused("openssl pkcs8", () => PrivateKeyReader.Read(old.Replace("\n", "\r\n", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void APkcs12FileIsRefusedWithTheCommandThatConvertsIt()
    {
        using RSA rsa = RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(CertificateSpec.Now, CertificateSpec.Now.AddDays(1));
        byte[] pfx = certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx, "secret");
        AssertRefused("openssl pkcs12", () => PrivateKeyReader.Read(pfx));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => new DtlsCertificate(pfx));
        StringAssert.Contains(error.Message, "openssl pkcs12");
    }

    [TestMethod]
    public void WhatIsNoKeyIsRefused()
    {
        AssertRefused("no private key", () => PrivateKeyReader.Read(TestCa.SelfSigned(new CertificateSpec()).Der));
        AssertRefused("no private key", () => PrivateKeyReader.Read(new CaKey(CaKeyKind.Secp256k1).Pkcs8));
        AssertRefused("no private key", () => PrivateKeyReader.Read(new CaKey(CaKeyKind.Secp256k1).Traditional));
        AssertRefused("no private key", () => PrivateKeyReader.Read(new CaKey(CaKeyKind.X25519).Pkcs8));
        AssertRefused("no block", () => PrivateKeyReader.Read("hello"));
        AssertRefused("no block", () => PrivateKeyReader.Read(Array.Empty<byte>()));
        AssertRefused("no block", () => PrivateKeyReader.Read(TestCa.SelfSigned(new CertificateSpec()).Pem));
        AssertRefused("no private key", () => PrivateKeyReader.Read(new byte[] { 0x30 }));
        AssertRefused("ssh-keygen", () => PrivateKeyReader.Read("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"));
    }

    [TestMethod]
    public void EachTruncationIsRefused()
    {
        foreach (CaKeyKind kind in new[] { CaKeyKind.P256, CaKeyKind.P384, CaKeyKind.P521, CaKeyKind.Rsa2048, CaKeyKind.Ed25519 })
        {
            var key = new CaKey(kind);
            foreach (byte[] der in new[] { key.Pkcs8, key.Traditional })
            {
                for (int length = 0; length < der.Length; length++)
                {
                    Assert.ThrowsExactly<ArgumentException>(() => PrivateKeyReader.Read(der[..length]));
                }
            }
        }
    }

    private static void AssertRefused(string says, Func<StoredPrivateKey> read)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => read());
        StringAssert.Contains(error.Message, says);
    }
}

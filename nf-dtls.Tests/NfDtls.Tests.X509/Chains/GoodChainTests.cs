using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

[TestClass]
public class GoodChainTests
{
    [TestMethod]
    [DataRow(CaKeyKind.P256)]
    [DataRow(CaKeyKind.P384)]
    [DataRow(CaKeyKind.P521)]
    [DataRow(CaKeyKind.Rsa2048)]
    [DataRow(CaKeyKind.Rsa4096)]
    [DataRow(CaKeyKind.Ed25519)]
    public void AChainOfTwoToFourIsAcceptedWithItsRootOrWithout(CaKeyKind kind)
    {
        for (int depth = 2; depth <= 4; depth++)
        {
            CertificateSpec end = CertificateSpec.End(Bench.Host);
            end.KeyKind = kind;
            IssuedCertificate[] chain = TestCa.Chain(depth, end, kind);
            var bench = new Bench();
            bench.Trust(chain[^1]);
            Assert.AreEqual(DtlsError.None, bench.Verify(chain), "with the root");
            Assert.AreEqual(DtlsError.None, bench.Verify(chain[..^1]), "without the root");
            Assert.AreEqual(depth, bench.Verifier.Count);
            Assert.AreEqual("root", bench.Verifier.Anchor.CommonName);
            for (int i = 0; i < depth; i++)
            {
                CollectionAssert.AreEqual(chain[i].Der, bench.Verifier.At(i).Copy().Buffer);
            }
        }
    }

    [TestMethod]
    public void ACertificateOfMoreThan65535BytesIsReadWhole()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Extensions.Add(("1.2.3.4", false, new byte[70_000]));
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate end = TestCa.Issue(root, spec);
        var bench = new Bench();
        bench.Trust(root);
        Assert.AreEqual(DtlsError.None, bench.Verify(end, root));
        Assert.AreEqual(end.Der.Length, bench.Verifier.Leaf.Count);
    }

    [TestMethod]
    [DataRow("SHA256WITHRSA", SignatureScheme.RsaPkcs1Sha256)]
    [DataRow("SHA384WITHRSA", SignatureScheme.RsaPkcs1Sha384)]
    [DataRow("SHA512WITHRSA", SignatureScheme.RsaPkcs1Sha512)]
    [DataRow("SHA256WITHRSAANDMGF1", SignatureScheme.RsaPssRsaeSha256)]
    [DataRow("SHA384WITHRSAANDMGF1", SignatureScheme.RsaPssRsaeSha384)]
    [DataRow("SHA512WITHRSAANDMGF1", SignatureScheme.RsaPssRsaeSha512)]
    public void EachRsaSignatureIsAccepted(string algorithm, int scheme)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root", CaKeyKind.Rsa2048));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Algorithm = algorithm;
        IssuedCertificate end = TestCa.Issue(root, spec);
        Assert.AreEqual(scheme, new DtlsCertificate(end.Der).SignatureAlgorithm);
        var bench = new Bench();
        bench.Trust(root);
        Assert.AreEqual(DtlsError.None, bench.Verify(end));
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256)]
    [DataRow(CaKeyKind.P384)]
    [DataRow(CaKeyKind.P521)]
    public void EachHashGoesWithEachCurve(CaKeyKind kind)
    {
        foreach ((string algorithm, int scheme) in new[]
        {
            ("SHA256WITHECDSA", SignatureScheme.EcdsaSecp256r1Sha256),
            ("SHA384WITHECDSA", SignatureScheme.EcdsaSecp384r1Sha384),
            ("SHA512WITHECDSA", SignatureScheme.EcdsaSecp521r1Sha512),
        })
        {
            IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root", kind));
            CertificateSpec spec = CertificateSpec.End(Bench.Host);
            spec.Algorithm = algorithm;
            IssuedCertificate end = TestCa.Issue(root, spec);
            Assert.AreEqual(scheme, new DtlsCertificate(end.Der).SignatureAlgorithm);
            var bench = new Bench();
            bench.Trust(root);
            Assert.AreEqual(DtlsError.None, bench.Verify(end), algorithm);
        }
    }
}

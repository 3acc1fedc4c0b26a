using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

[TestClass]
public class RevocationTests
{
    private static readonly DateTimeOffset Then = CertificateSpec.Now.AddDays(-1);

    private readonly IssuedCertificate[] _chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
    private readonly Bench _bench = new();

    [TestInitialize]
    public void TrustTheRoot()
    {
        _bench.Trust(_chain[2]);
    }

    [TestMethod]
    public void ACertificateThatItsIssuersListNamesIsRefusedUntilTheListIsRemoved()
    {
        int id = Add(TestCa.Crl(_chain[1], [[0x11], _chain[0].Serial, [0x12]], Then, Then.AddDays(7)));
        Assert.AreEqual(DtlsError.CertificateRevoked, _bench.Verify(_chain));
        Assert.AreEqual(Alert.CertificateRevoked, AlertTable.AlertFor(DtlsError.CertificateRevoked));
        Assert.IsTrue(_bench.Store.Remove(id));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
    }

    [TestMethod]
    public void AnAuthorityMayBeRevokedToo()
    {
        Add(TestCa.Crl(_chain[2], [_chain[1].Serial], Then, Then.AddDays(7)));
        Assert.AreEqual(DtlsError.CertificateRevoked, _bench.Verify(_chain));
    }

    [TestMethod]
    public void ListsWithoutTheCertificateChangeNothingAndCostNoSignature()
    {
        Add(TestCa.Crl(_chain[1], [[0x11], [.. _chain[0].Serial, 0]], Then, Then.AddDays(7)));
        Add(TestCa.Crl(_chain[1], [], Then, null));
        Add(TestCa.Crl(_chain[2], [_chain[0].Serial], Then, null));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        Assert.AreEqual(2, _bench.Verifier.Verifications);
    }

    [TestMethod]
    public void AListThatAnotherKeySignedIsIgnoredAndTheNextOneCounts()
    {
        Add(TestCa.Crl(_chain[1], [_chain[0].Serial], Then, null, new CaKey(CaKeyKind.P256)));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        Add(TestCa.Crl(_chain[1], [_chain[0].Serial], Then, null, new CaKey(CaKeyKind.Rsa2048)));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        Add(TestCa.Crl(_chain[1], [_chain[0].Serial], Then, null));
        Assert.AreEqual(DtlsError.CertificateRevoked, _bench.Verify(_chain));
    }

    [TestMethod]
    public void AListOfAnAuthorityThatMayNotSignListsIsIgnored()
    {
        CertificateSpec spec = CertificateSpec.Authority("no lists");
        spec.KeyUsage = 0x04;
        IssuedCertificate root = TestCa.SelfSigned(spec);
        IssuedCertificate end = TestCa.Issue(root, CertificateSpec.End(Bench.Host));
        _bench.Trust(root);
        Add(TestCa.Crl(root, [end.Serial], Then, null));
        Assert.AreEqual(DtlsError.None, _bench.Verify(end));
    }

    [TestMethod]
    public void AListThatNamesTheTrustedOneItselfRevokesNothing()
    {
        Add(TestCa.Crl(_chain[2], [_chain[2].Serial], Then, null));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        Assert.AreEqual(2, _bench.Verifier.Verifications);
    }

    [TestMethod]
    [DataRow(18, DtlsError.None)]
    [DataRow(19, DtlsError.CertificateRevoked)]
    public void AListThatIsOneTooManyToBeVerifiedCountsUnseen(int forged, DtlsError expected)
    {
        // Two signatures of the 20 that a run verifies are the chain's own.
        byte[] list = TestCa.Crl(_chain[1], [_chain[0].Serial], Then, null, new CaKey(CaKeyKind.P256));
        for (int i = 0; i < forged; i++)
        {
            Add(list);
        }

        Assert.AreEqual(expected, _bench.Verify(_chain));
        Assert.AreEqual(20, _bench.Verifier.Verifications);
        Assert.AreEqual(20, _bench.Verifier.MaxVerifications);
    }

    [TestMethod]
    public void ARevocationSaysMoreThanAnythingElseThatIsWrong()
    {
        // An authority with three certificates: one has expired, another's list cannot be verified, the third is revoked.
        var key = new CaKey(CaKeyKind.P256);
        IssuedCertificate strange = TestCa.SelfSigned(CertificateSpec.Authority("strange", CaKeyKind.P384));
        CertificateSpec spec = CertificateSpec.Authority("middle");
        spec.Key = key;
        spec.Algorithm = "SHA256WITHECDSA";
        IssuedCertificate unverified = TestCa.Issue(strange, spec);
        IssuedCertificate revoked = TestCa.Issue(_chain[2], spec);
        spec.NotAfter = CertificateSpec.Now.AddDays(-1);
        IssuedCertificate expired = TestCa.Issue(_chain[2], spec);
        IssuedCertificate end = TestCa.Issue(revoked, CertificateSpec.End(Bench.Host));
        var bench = new Bench(new FailingProvider(Bench.NewCrypto(), 100, CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSecp384r1Sha384, KeyKind.Secp384r1)));
        bench.Trust(strange);
        bench.Trust(_chain[2]);
        bench.Store.AddCrl(TestCa.Crl(strange, [unverified.Serial], Then, null));
        bench.Store.AddCrl(TestCa.Crl(_chain[2], [revoked.Serial], Then, null));
        Assert.AreEqual(DtlsError.UnsupportedCertificate, bench.Verify(end, unverified));
        IssuedCertificate[] all = [expired, unverified, revoked];
        for (int i = 0; i < 6; i++)
        {
            IssuedCertificate second = all[(i + 1 + (i / 3)) % 3];
            IssuedCertificate third = all[(i + 2 - (i / 3)) % 3];
            Assert.AreEqual(DtlsError.CertificateRevoked, bench.Verify(end, all[i % 3], second, third));
        }
    }

    [TestMethod]
    [DataRow(-30, -10)]
    [DataRow(10, 30)]
    public void AListThatIsStaleOrNotYetValidStillRevokes(int from, int to)
    {
        Add(TestCa.Crl(_chain[1], [_chain[0].Serial], CertificateSpec.Now.AddDays(from), CertificateSpec.Now.AddDays(to)));
        Assert.AreEqual(DtlsError.CertificateRevoked, _bench.Verify(_chain));
    }

    [TestMethod]
    public void ALongListIsSearchedInManySteps()
    {
        List<byte[]> serials = [.. Enumerable.Range(0, 20000).Select(i => new byte[] { 1, (byte)(i >> 8), (byte)i })];
        serials.Add(_chain[0].Serial);
        Add(TestCa.Crl(_chain[1], serials, Then, null));
        Assert.AreEqual(DtlsError.CertificateRevoked, _bench.Verify(_chain));
        byte[] list = Bench.List(_chain.Select(certificate => certificate.Der));
        _bench.Verifier.Begin(list, 0, list.Length, true, _bench.Name, _bench.NameCheck);
        int steps = 0;
        while (!_bench.Verifier.Step(1))
        {
            steps++;
        }

        Assert.IsTrue(steps > 20000 / 64, steps.ToString());
    }

    [TestMethod]
    public void AListSaysWhenItWasMadeAndWhenTheNextIsDue()
    {
        var list = new RevocationList(TestCa.Crl(_chain[1], [], Then, Then.AddDays(7)));
        Assert.AreEqual(Then.ToUnixTimeSeconds(), list.ThisUpdate);
        Assert.AreEqual(Then.AddDays(7).ToUnixTimeSeconds(), list.NextUpdate);
        Assert.AreEqual(-1, new RevocationList(TestCa.Crl(_chain[1], [], Then, null)).NextUpdate);
    }

    [TestMethod]
    public void AListInPemIsRead()
    {
        byte[] der = TestCa.Crl(_chain[1], [_chain[0].Serial], Then, null);
        Add(System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", der)));
        Assert.AreEqual(DtlsError.CertificateRevoked, _bench.Verify(_chain));
    }

    [TestMethod]
    [DataRow("2.5.29.27", true)]
    [DataRow("2.5.29.27", false)]
    [DataRow("2.5.29.28", true)]
    [DataRow("2.5.29.28", false)]
    [DataRow("1.2.3.4", true)]
    public void AListThatIsOnlyAPartIsNotTaken(string oid, bool isCritical)
    {
        byte[] der = TestCa.Crl(_chain[1], [], Then, null, null, (oid, isCritical, [0x30, 0x00]));
        Assert.ThrowsExactly<ArgumentException>(() => Add(der));
    }

    [TestMethod]
    public void AListWithAnUnknownSignatureIsNotTaken()
    {
        string hex = Convert.ToHexString(TestCa.Crl(_chain[1], [], Then, null));
        Add(Convert.FromHexString(hex));
        byte[] changed = Convert.FromHexString(hex.Replace("2A8648CE3D040302", "2A8648CE3D040301"));
        Assert.ThrowsExactly<ArgumentException>(() => Add(changed));
    }

    [TestMethod]
    public void WhatIsNoListIsNotTaken()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Add(_chain[0].Der));
        Assert.ThrowsExactly<ArgumentException>(() => Add([]));
        Assert.ThrowsExactly<ArgumentException>(() => Add("no list"u8.ToArray()));
    }

    private int Add(byte[] crl)
    {
        return _bench.Store.AddCrl(crl);
    }
}

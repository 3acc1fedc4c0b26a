using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;

namespace NfDtls.Tests.X509.Chains;

[TestClass]
public class PinTests
{
    private readonly IssuedCertificate[] _chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
    private readonly Bench _bench = new();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void APinnedPeerNeedsNobodyBehindItAndNoName(bool byCertificate)
    {
        _bench.Store.AddPin(SHA256.HashData(byCertificate ? _chain[0].Der : _chain[0].Key.PublicInfo));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain[0]));
        Assert.AreEqual(1, _bench.Verifier.Count);
        Assert.IsNull(_bench.Verifier.Anchor);
        _bench.Name = null;
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain[0]));
        _bench.Name = "other.example";
        Assert.AreEqual(DtlsError.CertificateNameMismatch, _bench.Verify(_chain[0]));
    }

    [TestMethod]
    public void APinnedPeerMustStillBeValidAndForThePurpose()
    {
        _bench.Store.AddPin(SHA256.HashData(_chain[0].Key.PublicInfo));
        _bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddYears(9));
        Assert.AreEqual(DtlsError.CertificateExpired, _bench.Verify(_chain[0]));
    }

    [TestMethod]
    public void WithPinsATrustedChainMustHoldAPinnedCertificate()
    {
        _bench.Trust(_chain[2]);
        int other = _bench.Store.AddPin(new byte[32]);
        Assert.AreEqual(DtlsError.UnknownCa, _bench.Verify(_chain));
        int authority = _bench.Store.AddPin(SHA256.HashData(_chain[1].Key.PublicInfo));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        Assert.IsNotNull(_bench.Verifier.Anchor);
        _bench.Name = null;
        Assert.AreEqual(DtlsError.CertificateNameMismatch, _bench.Verify(_chain), "only a peer's own pin takes the name's place");
        _bench.Name = Bench.Host;
        _bench.Store.Remove(authority);
        _bench.Store.AddPin(SHA256.HashData(_chain[2].Der));
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        _bench.Store.Remove(other);
    }

    [TestMethod]
    public void APinnedAuthorityIsNotTrustedByThat()
    {
        _bench.Store.AddPin(SHA256.HashData(_chain[1].Key.PublicInfo));
        Assert.AreEqual(DtlsError.UnknownCa, _bench.Verify(_chain));
    }

    [TestMethod]
    public void ATrustedPeerIsRefusedWhenPinsNameOthers()
    {
        IssuedCertificate end = TestCa.SelfSigned(CertificateSpec.End(Bench.Host));
        _bench.Trust(end);
        int pin = _bench.Store.AddPin(new byte[32]);
        Assert.AreNotEqual(DtlsError.None, _bench.Verify(end));
        _bench.Store.Remove(pin);
        Assert.AreEqual(DtlsError.None, _bench.Verify(end));
    }

    [TestMethod]
    public void APinThatTheStoreHoldsTwiceIsAPin()
    {
        byte[] pin = SHA256.HashData(_chain[0].Der);
        _bench.Store.AddPin(pin);
        _bench.Store.AddPin(pin);
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain[0]));
    }

    [TestMethod]
    public void APinIs32BytesAndIsCopied()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _bench.Store.AddPin(new byte[20]));
        byte[] pin = SHA256.HashData(_chain[0].Der);
        _bench.Store.AddPin(pin);
        Array.Clear(pin);
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain[0]));
    }
}

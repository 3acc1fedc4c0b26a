using System;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Store;

[TestClass]
public class StoreTests
{
    [TestMethod]
    public void EntriesAreListedInTheirOrderAndRemovedByIdOrName()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        CertificateStore store = new Bench().Store;
        int root = store.AddTrusted(new DtlsCertificate(chain[2].Der));
        int middle = store.AddIntermediate(new DtlsCertificate(chain[1].Der));
        int local = store.AddLocal(new DtlsCertificate(chain[0].Der), [store.At(1).Certificate], PrivateKeyReader.Read(chain[0].Key.Pkcs8));
        int crl = store.AddCrl(TestCa.Crl(chain[1], [], CertificateSpec.Now, null));
        int pin = store.AddPin(new byte[32]);
        CollectionAssert.AllItemsAreUnique(new[] { root, middle, local, crl, pin });
        Assert.AreEqual(5, store.Count);
        EntryKind[] kinds = [EntryKind.Trusted, EntryKind.Intermediate, EntryKind.Local, EntryKind.RevocationList, EntryKind.Pin];
        CollectionAssert.AreEqual(kinds, Enumerable.Range(0, 5).Select(i => store.At(i).Kind).ToArray());
        Assert.AreEqual("authority 1", store.At(1).Certificate.CommonName);
        Assert.AreEqual(2, store.At(2).Local.Count);
        Assert.IsNotNull(store.At(3).RevocationList);
        Assert.IsNull(store.At(5));
        Assert.IsNull(store.At(-1));
        Assert.IsTrue(store.Has(EntryKind.Pin));
        Assert.IsTrue(store.Remove(pin));
        Assert.IsFalse(store.Remove(pin));
        Assert.IsFalse(store.Has(EntryKind.Pin));
        Assert.AreEqual(1, store.RemoveByName("authority 1"));
        Assert.AreEqual(0, store.RemoveByName("authority 1"));
        Assert.AreEqual(3, store.Count);
        Assert.IsTrue(store.Remove(root));
        Assert.AreEqual(local, store.At(0).Id);
    }

    [TestMethod]
    public void AHandshakeKeepsWhatItBeganWith()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        int id = bench.Trust(chain[2]);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        Assert.AreEqual(DtlsError.None, bench.Verifier.Begin(list, 0, list.Length, true, Bench.Host, NameCheck.SubjectAltName));
        bench.Store.Remove(id);
        while (!bench.Verifier.Step(1))
        {
        }

        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
        Assert.AreEqual(DtlsError.UnknownCa, bench.Run(list, 0, list.Length));
    }

    [TestMethod]
    public void SeveralThreadsMayChangeAStoreAtOnce()
    {
        CertificateStore store = new Bench().Store;
        byte[] der = TestCa.SelfSigned(CertificateSpec.Authority("root")).Der;
        var threads = new Thread[4];
        int failures = 0;
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() =>
            {
                for (int round = 0; round < 500; round++)
                {
                    int kept = store.AddTrusted(new DtlsCertificate(der));
                    int removed = store.AddIntermediate(new DtlsCertificate(der));
                    if (kept == removed || !store.Remove(removed))
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.AreEqual(0, failures);
        Assert.AreEqual(2000, store.Count);
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256)]
    [DataRow(CaKeyKind.P384)]
    [DataRow(CaKeyKind.P521)]
    [DataRow(CaKeyKind.Rsa2048)]
    [DataRow(CaKeyKind.Ed25519)]
    public void AnotherCertificatesKeyIsRefused(CaKeyKind kind)
    {
        CertificateStore store = new Bench().Store;
        var own = new CaKey(kind);
        CaKey other;
        do
        {
            other = new CaKey(kind);
        }
        while (other.PublicInfo.AsSpan().SequenceEqual(own.PublicInfo));
        var certificate = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec { Key = own }).Der);
        Assert.ThrowsExactly<ArgumentException>(() => store.AddLocal(certificate, null, PrivateKeyReader.Read(other.Pkcs8)));
        Assert.ThrowsExactly<ArgumentException>(
            () => store.AddLocal(certificate, null, PrivateKeyReader.Read(new CaKey(kind == CaKeyKind.P256 ? CaKeyKind.P384 : CaKeyKind.P256).Pkcs8)));
        Assert.AreEqual(0, store.Count);
        if (kind != CaKeyKind.Rsa2048)
        {
            StoredPrivateKey bare = Bare(PrivateKeyReader.Read(other.Pkcs8));
            Assert.ThrowsExactly<ArgumentException>(() => store.AddLocal(certificate, null, bare));
            store.AddLocal(certificate, null, Bare(PrivateKeyReader.Read(own.Pkcs8)));
        }
    }

    [TestMethod]
    public void AKeyIsTriedBySigningWhereTheProviderCannotAgree()
    {
        var own = new CaKey(CaKeyKind.P256);
        var certificate = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec { Key = own }).Der);
        var store = new CertificateStore(new NoAgreement());
        StoredPrivateKey other = Bare(PrivateKeyReader.Read(new CaKey(CaKeyKind.P256).Pkcs8));
        Assert.ThrowsExactly<ArgumentException>(() => store.AddLocal(certificate, null, other));
        store.AddLocal(certificate, null, Bare(PrivateKeyReader.Read(own.Pkcs8)));
    }

    [TestMethod]
    public void AProviderThatClaimsWhatItDoesNotDeriveIsTriedBySigning()
    {
        var own = new CaKey(CaKeyKind.P256);
        var certificate = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec { Key = own }).Der);
        var store = new CertificateStore(new NoAgreement { Claims = true });
        StoredPrivateKey other = Bare(PrivateKeyReader.Read(new CaKey(CaKeyKind.P256).Pkcs8));
        Assert.ThrowsExactly<ArgumentException>(() => store.AddLocal(certificate, null, other));
        store.AddLocal(certificate, null, Bare(PrivateKeyReader.Read(own.Pkcs8)));
        Assert.IsNull(PrivateKeyReader.WithPublicPart(other, new NoAgreement { Claims = true }).Public);
    }

    [TestMethod]
    public void AnObjectOfTheApplicationsIsTakenAsItIsButForItsKind()
    {
        CertificateStore store = new Bench().Store;
        var certificate = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec()).Der);
        store.AddLocal(certificate, null, new Element(KeyKind.Secp256r1));
        Assert.ThrowsExactly<ArgumentException>(() => store.AddLocal(certificate, null, new Element(KeyKind.Rsa)));
    }

    [TestMethod]
    public void WhatNoChainCouldHoldIsNotAdded()
    {
        CertificateStore store = new Bench().Store;
        var spec = new CertificateSpec();
        spec.Extensions.Add(("1.2.3.4", true, [5, 0]));
        var strange = new DtlsCertificate(TestCa.SelfSigned(spec).Der);
        var weak = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec { KeyKind = CaKeyKind.Rsa1024 }).Der);
        foreach (DtlsCertificate certificate in new[] { strange, weak })
        {
            Assert.ThrowsExactly<ArgumentException>(() => store.AddTrusted(certificate));
            Assert.ThrowsExactly<ArgumentException>(() => store.AddIntermediate(certificate));
            Assert.ThrowsExactly<ArgumentException>(() => store.AddLocal(certificate, null, new Element(certificate.PublicKey.Kind)));
        }

        Assert.ThrowsExactly<ArgumentNullException>(() => store.AddTrusted(null!));
        var good = new DtlsCertificate(TestCa.SelfSigned(new CertificateSpec()).Der);
        Assert.ThrowsExactly<ArgumentNullException>(() => store.AddLocal(good, null, null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => store.AddLocal(good, [null!], new Element(KeyKind.Secp256r1)));
    }

    private static StoredPrivateKey Bare(StoredPrivateKey key)
    {
        return new StoredPrivateKey(key.Kind, key.Buffer, key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar), null);
    }

    private sealed class Element(int kind) : PrivateKey
    {
        public override int Kind => kind;

        public override bool CanSign(CryptoProvider crypto, int scheme)
        {
            return true;
        }

        public override CryptoOperation Sign(CryptoProvider crypto, int scheme, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            return new CompletedOperation(DtlsError.InternalError);
        }
    }

    /// <summary>The host's ECDSA without its ECDH.</summary>
    private sealed class NoAgreement : CryptoProvider
    {
        private readonly HostProvider _host = new();

        internal bool Claims { get; init; }

        public override bool Supports(int algorithm)
        {
            return (Claims || algorithm >= 0x1000000) && _host.Supports(algorithm);
        }

        public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            return _host.Sign(scheme, key, data, offset, count, signature, signatureOffset);
        }

        public override CryptoOperation Verify(
            int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            return _host.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);
        }
    }
}

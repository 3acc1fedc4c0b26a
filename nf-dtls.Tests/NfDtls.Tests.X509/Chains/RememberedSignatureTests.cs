using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

/// <summary>A signature that was right in a trusted chain is not verified again, and nothing else is taken for it.</summary>
[TestClass]
public class RememberedSignatureTests
{
    private readonly CountingProvider _crypto = new(Bench.NewCrypto());
    private readonly IssuedCertificate[] _chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
    private readonly Bench _bench;
    private readonly int _root;

    public RememberedSignatureTests()
    {
        _bench = new Bench(_crypto);
        _root = _bench.Trust(_chain[2]);
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256)]
    [DataRow(CaKeyKind.P384)]
    [DataRow(CaKeyKind.P521)]
    [DataRow(CaKeyKind.Ed25519)]
    [DataRow(CaKeyKind.Rsa2048)]
    public void ASignatureOfAnyKindIsVerifiedOnceByAnyVerifierOfTheStore(CaKeyKind kind)
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host), kind);
        _bench.Trust(chain[2]);
        Expect(DtlsError.None, 2, chain);
        for (int i = 0; i < 3; i++)
        {
            Expect(DtlsError.None, 0, chain);
            Assert.AreEqual(3, _bench.Verifier.Count);
            Assert.IsNotNull(_bench.Verifier.Anchor);
        }

        // The same slot's verifier, too, with the list elsewhere.
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        Assert.AreEqual(DtlsError.None, _bench.Run([.. new byte[9], .. list], 9, list.Length));
        Assert.AreEqual(0, _crypto.TakeVerifications());
    }

    [TestMethod]
    public void NoByteOfARememberedCertificateMayChange()
    {
        Expect(DtlsError.None, 2, _chain);
        for (int place = 0; place < 2; place++)
        {
            for (int i = 0; i < _chain[place].Der.Length; i++)
            {
                byte[][] chain = [.. _chain.Select(certificate => (byte[])certificate.Der.Clone())];
                chain[place][i] ^= 1;
                Assert.AreNotEqual(DtlsError.None, _bench.VerifyDer(chain), $"certificate {place}, byte {i}");
            }
        }

        // The signature's own bytes, which no other check looks at, were asked about anew.
        _crypto.TakeVerifications();
        byte[] changed = (byte[])_chain[0].Der.Clone();
        changed[^1] ^= 1;
        Assert.AreEqual(DtlsError.BadCertificate, _bench.VerifyDer(changed, _chain[1].Der));
        Assert.AreEqual(1, _crypto.TakeVerifications());
        Expect(DtlsError.None, 0, _chain);
    }

    [TestMethod]
    public void ASignedByteThatIsChangedIsVerifiedAnew()
    {
        Expect(DtlsError.None, 2, _chain);
        byte[] changed = (byte[])_chain[0].Der.Clone();
        changed[IndexOf(changed, _chain[0].Serial) + 3] ^= 1;
        Assert.AreEqual(DtlsError.BadCertificate, _bench.VerifyDer(changed, _chain[1].Der));
        Assert.AreEqual(1, _crypto.TakeVerifications());
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256, null, "2A8648CE3D040302", "2A8648CE3D040303")]
    [DataRow(CaKeyKind.Rsa2048, null, "2A864886F70D01010B", "2A864886F70D01010C")]
    [DataRow(CaKeyKind.Rsa2048, "SHA256WITHRSAANDMGF1", "608648016503040201", "608648016503040203")]
    public void AnotherAlgorithmIsVerifiedAnew(CaKeyKind kind, string? algorithm, string oid, string other)
    {
        // Both of the certificate's identifiers, so that only the signature tells; of PSS both hashes, and the salt that goes with them.
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("another root", kind));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Algorithm = algorithm;
        IssuedCertificate end = TestCa.Issue(root, spec);
        _bench.Trust(root);
        Expect(DtlsError.None, 1, end);
        Expect(DtlsError.None, 0, end);
        string hex = Convert.ToHexString(end.Der);
        string changed = hex.Replace(oid, other).Replace("A203020120", "A203020140");
        Assert.AreNotEqual(hex, changed);
        Assert.AreEqual(DtlsError.BadCertificate, _bench.VerifyDer(Convert.FromHexString(changed)));
        Assert.AreEqual(1, _crypto.TakeVerifications());
    }

    [TestMethod]
    public void AnotherKeyOfTheIssuersNameIsAskedAnew()
    {
        IssuedCertificate root = TestCa.SelfSigned(Nameless("another root"));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.WithKeyIdentifiers = false;
        IssuedCertificate end = TestCa.Issue(root, spec);
        int id = _bench.Trust(root);
        Expect(DtlsError.None, 1, end);
        _bench.Store.Remove(id);
        _bench.Trust(TestCa.SelfSigned(Nameless("another root")));
        Expect(DtlsError.BadCertificate, 1, end);
    }

    [TestMethod]
    public void EverythingElseIsCheckedEachTime()
    {
        IssuedCertificate[] sent = _chain[..2];
        Expect(DtlsError.None, 2, sent);

        _bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddYears(3));
        Expect(DtlsError.CertificateExpired, 0, sent);
        _bench.Store.Clock = null;
        Expect(DtlsError.CertificateTimeUnknown, 0, sent);
        _bench.Store.Clock = new FixedClock(CertificateSpec.Now);

        _bench.Name = "other.example";
        Expect(DtlsError.CertificateNameMismatch, 0, sent);
        _bench.Name = Bench.Host;

        int pin = _bench.Store.AddPin(new byte[32]);
        Expect(DtlsError.UnknownCa, 0, sent);
        _bench.Store.Remove(pin);

        _bench.Store.Check = new Refusing();
        Expect(DtlsError.CertificateRefused, 0, sent);
        _bench.Store.Check = null;

        byte[] list = Bench.List(_chain.Select(certificate => certificate.Der));
        Assert.AreEqual(
            DtlsError.None, _bench.Verifier.Begin(list, 0, list.Length, true, _bench.Name, _bench.NameCheck, [SignatureScheme.EcdsaSecp384r1Sha384]));
        while (!_bench.Verifier.Step(100))
        {
        }

        Assert.AreEqual(DtlsError.UnsupportedCertificate, _bench.Verifier.Error, "an algorithm that was not offered");
        Assert.AreEqual(0, _crypto.TakeVerifications());

        // A list that names a certificate costs its own signature, each time.
        int crl = _bench.Store.AddCrl(TestCa.Crl(_chain[1], [_chain[0].Serial], CertificateSpec.Now.AddDays(-1), null));
        Expect(DtlsError.CertificateRevoked, 1, sent);
        Expect(DtlsError.CertificateRevoked, 1, sent);
        _bench.Store.Remove(crl);

        _bench.Store.Remove(_root);
        Expect(DtlsError.UnknownCa, 0, sent);
        _bench.Trust(_chain[2]);
        Expect(DtlsError.None, 0, sent);
    }

    [TestMethod]
    public void AnIssuerThatHasExpiredSinceIsRefused()
    {
        CertificateSpec spec = CertificateSpec.Authority("short");
        spec.NotAfter = CertificateSpec.Now.AddDays(1);
        IssuedCertificate middle = TestCa.Issue(_chain[2], spec);
        IssuedCertificate end = TestCa.Issue(middle, CertificateSpec.End(Bench.Host));
        Expect(DtlsError.None, 2, end, middle);
        _bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddDays(2));
        Expect(DtlsError.CertificateExpired, 0, end, middle);
    }

    [TestMethod]
    public void OnlyAChainThatWasTrustedAsAWholeIsRemembered()
    {
        // Every signature of these is right, and something else is not.
        Refuse(DtlsError.UnknownCa, 1, bench => bench.Store.Remove(_root), bench => bench.Trust(_chain[2]));
        Refuse(DtlsError.CertificateRefused, 2, bench => bench.Store.Check = new Refusing(), bench => bench.Store.Check = null);
        int id = 0;
        Refuse(DtlsError.UnknownCa, 2, bench => id = bench.Store.AddPin(new byte[32]), bench => bench.Store.Remove(id));
        byte[] crl = TestCa.Crl(_chain[2], [_chain[1].Serial], CertificateSpec.Now.AddDays(-1), null);
        Refuse(DtlsError.CertificateRevoked, 3, bench => id = bench.Store.AddCrl(crl), bench => bench.Store.Remove(id));
        Expect(DtlsError.None, 2, _chain);
        Expect(DtlsError.None, 0, _chain);

        // One that obeys everything but a name constraint: of two ends below it the good one alone is remembered.
        CertificateSpec constrained = CertificateSpec.Authority("constrained");
        constrained.Extensions.Add(("2.5.29.30", true, TestCa.NameConstraints([(2, "example.com"u8.ToArray())], [])));
        IssuedCertificate middle = TestCa.Issue(_chain[2], constrained);
        IssuedCertificate bad = TestCa.Issue(middle, CertificateSpec.End(Bench.Host, "example.net"));
        for (int i = 0; i < 2; i++)
        {
            Expect(DtlsError.CertificateNameConstraint, 2, bad, middle);
        }

        void Refuse(DtlsError error, int verifications, Action<Bench> spoil, Action<Bench> mend)
        {
            spoil(_bench);
            for (int i = 0; i < 2; i++)
            {
                Expect(error, verifications, _chain[..2]);
            }

            mend(_bench);
        }
    }

    [TestMethod]
    public void SignaturesOfAPathThatLedNowhereAreNotRemembered()
    {
        // Two certificates of one authority; the way over the first ends at a root that nobody trusts.
        var key = new CaKey(CaKeyKind.P256);
        IssuedCertificate stranger = TestCa.SelfSigned(CertificateSpec.Authority("stranger"));
        IssuedCertificate astray = TestCa.Issue(stranger, Of("middle", key));
        IssuedCertificate middle = TestCa.Issue(_chain[2], Of("middle", key));
        IssuedCertificate end = TestCa.Issue(middle, CertificateSpec.End(Bench.Host));
        Expect(DtlsError.None, 4, end, astray, stranger, middle);
        Expect(DtlsError.None, 1, end, astray, stranger, middle);
        Expect(DtlsError.None, 0, end, middle);

        static CertificateSpec Of(string name, CaKey key)
        {
            CertificateSpec spec = CertificateSpec.Authority(name);
            spec.Key = key;
            return spec;
        }
    }

    [TestMethod]
    public void TheOneThatWasOfUseLeastRecentlyGivesWay()
    {
        IssuedCertificate[] ends = Ends(6);
        for (int i = 0; i < 4; i++)
        {
            Expect(DtlsError.None, 1, ends[i]);
        }

        Expect(DtlsError.None, 0, ends[0]);
        Expect(DtlsError.None, 1, ends[4]);
        Expect(DtlsError.None, 0, ends[0]);
        Expect(DtlsError.None, 0, ends[2]);
        Expect(DtlsError.None, 1, ends[1], "the eldest gave way to the fifth");
        Expect(DtlsError.None, 1, ends[3], "and the next to it");
        Expect(DtlsError.None, 0, ends[2]);
    }

    [TestMethod]
    public void WhoIsRefusedNeitherEvictsNorStays()
    {
        IssuedCertificate[] ends = Ends(5);
        for (int i = 0; i < 4; i++)
        {
            Expect(DtlsError.None, 1, ends[i]);
        }

        // Strangers, as many as they like: what is remembered stays.
        for (int i = 0; i < 20; i++)
        {
            IssuedCertificate[] strangers = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
            Assert.AreNotEqual(DtlsError.None, _bench.Verify(strangers));
        }

        _crypto.TakeVerifications();
        for (int i = 0; i < 4; i++)
        {
            Expect(DtlsError.None, 0, ends[i]);
        }

        // One that is remembered and refused is no younger for it.
        _bench.Store.Check = new Refusing();
        Expect(DtlsError.CertificateRefused, 0, ends[0]);
        _bench.Store.Check = null;
        Expect(DtlsError.None, 1, ends[4]);
        Expect(DtlsError.None, 1, ends[0]);
    }

    [TestMethod]
    public void WhatManySharedStaysLongest()
    {
        // Five ends of one authority, round and round: each pushes another out, and the authority's own signature stays.
        IssuedCertificate[] ends = [.. Enumerable.Range(0, 5).Select(_ => TestCa.Issue(_chain[1], CertificateSpec.End(Bench.Host)))];
        Expect(DtlsError.None, 2, ends[0], _chain[1]);
        for (int i = 1; i < 15; i++)
        {
            Expect(DtlsError.None, 1, ends[i % 5], _chain[1]);
        }

        _bench.Store.RememberedSignatures = 1;
        Expect(DtlsError.None, 2, ends[0], _chain[1]);
        Expect(DtlsError.None, 1, ends[1], _chain[1]);
    }

    [TestMethod]
    public void ZeroIsOffAndSettingForgets()
    {
        Assert.AreEqual(4, _bench.Store.RememberedSignatures);
        Expect(DtlsError.None, 2, _chain);
        _bench.Store.RememberedSignatures = 4;
        Expect(DtlsError.None, 2, _chain);
        Expect(DtlsError.None, 0, _chain);
        _bench.Store.RememberedSignatures = 0;
        Assert.AreEqual(0, _bench.Store.RememberedSignatures);
        Expect(DtlsError.None, 2, _chain);
        Expect(DtlsError.None, 2, _chain);
        _bench.Store.RememberedSignatures = 1;
        Expect(DtlsError.None, 1 + 1, _chain);
        Expect(DtlsError.None, 1, _chain);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 3)]
    [DataRow(4, 4)]
    [DataRow(5, 8)]
    [DataRow(1000, 1000)]
    [DataRow(65536, 65536)]
    public void ThereIsRoomForAsManyAsWereAskedFor(int asked, int room)
    {
        _bench.Store.RememberedSignatures = asked;
        Assert.AreEqual(room, _bench.Store.RememberedSignatures);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _bench.Store.RememberedSignatures = -1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _bench.Store.RememberedSignatures = 65537);
        Assert.AreEqual(room, _bench.Store.RememberedSignatures);
    }

    [TestMethod]
    public void AServersManyClientsAreRemembered()
    {
        IssuedCertificate[] ends = Ends(40);
        _bench.OfServer = false;
        _bench.Store.RememberedSignatures = 400;
        Array.ForEach(ends, end => Expect(DtlsError.None, 1, end));

        // A row has four places, so some may have given way where there is room for ten times as many; never many.
        Array.ForEach(ends, end => Assert.AreEqual(DtlsError.None, _bench.Verify(end)));
        Assert.IsTrue(_crypto.TakeVerifications() < 10);
    }

    [TestMethod]
    public void RowsDoNotTakeEachOthersPlaces()
    {
        // Of eight places the first bytes choose one of two rows.
        var memory = new SignatureMemory(8);
        byte[][] even = [.. Enumerable.Range(1, 5).Select(i => Hash(0, i))];
        byte[][] odd = [.. Enumerable.Range(1, 4).Select(i => Hash(1, i))];
        Array.ForEach(odd, hash => memory.Put(hash, 0));
        Array.ForEach(even, hash => memory.Put(hash, 0));
        Assert.IsTrue(odd.All(hash => memory.Has(hash, 0)));
        Assert.IsFalse(memory.Has(even[0], 0));
        Assert.IsTrue(even[1..].All(hash => memory.Has(hash, 0)));
        Assert.IsFalse(memory.Has(Hash(0, 6), 0));

        // The latest, of use again, takes nobody's place.
        memory.Put(even[4], 0);
        Assert.IsTrue(even[1..].All(hash => memory.Has(hash, 0)));

        // All 32 bytes count.
        for (int i = 0; i < 32; i++)
        {
            byte[] other = (byte[])even[4].Clone();
            other[i] ^= 4;
            Assert.IsFalse(memory.Has(other, 0), "byte " + i);
        }

        static byte[] Hash(int row, int number)
        {
            byte[] hash = new byte[32];
            Array.Fill(hash, (byte)(number << 4));
            hash[2] = (byte)row;
            return hash;
        }
    }

    [TestMethod]
    public void ARememberedSignatureCountsAsOneOfTheBound()
    {
        Expect(DtlsError.None, 2, _chain);
        Assert.AreEqual(2, _bench.Verifier.Verifications);
        Expect(DtlsError.None, 0, _chain);
        Assert.AreEqual(2, _bench.Verifier.Verifications);

        // Namesakes of the issuer, so many that the right one is out of reach: remembered or not, the end is the same.
        IssuedCertificate root = TestCa.SelfSigned(Nameless("many"));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.WithKeyIdentifiers = false;
        IssuedCertificate end = TestCa.Issue(root, spec);
        int id = _bench.Trust(root);
        Expect(DtlsError.None, 1, end);
        _bench.Store.Remove(id);
        for (int i = 0; i < _bench.Verifier.MaxVerifications; i++)
        {
            _bench.Trust(TestCa.SelfSigned(Nameless("many")));
        }

        _bench.Trust(root);
        Expect(DtlsError.BadCertificate, _bench.Verifier.MaxVerifications, end);
    }

    [TestMethod]
    public void AMazeOfCrossSignedAuthoritiesIsBoundedWithAFullMemory()
    {
        // Everyone of four signed every other, and all of that is remembered: each was trusted for a while.
        const int Authorities = 4;
        CaKey[] keys = [.. Enumerable.Range(0, Authorities).Select(_ => new CaKey(CaKeyKind.P256))];
        IssuedCertificate[] selves = [.. keys.Select(Self)];
        IssuedCertificate[] ends = [.. selves.Select(self => TestCa.Issue(self, End()))];
        List<IssuedCertificate> maze = [];
        _bench.MaxChainLength = 14;
        _bench.Store.RememberedSignatures = 1024;
        for (int i = 0; i < Authorities; i++)
        {
            for (int j = 0; j < Authorities; j++)
            {
                if (i != j)
                {
                    maze.Add(TestCa.Issue(selves[j], Same(keys[i])));
                    int id = _bench.Trust(selves[j]);
                    Assert.AreEqual(DtlsError.None, _bench.Verify(ends[i], maze[^1]));
                    _bench.Store.Remove(id);
                }
            }
        }

        _crypto.TakeVerifications();
        Assert.AreNotEqual(DtlsError.None, _bench.Verify([ends[0], .. maze]));
        Assert.AreEqual(_bench.Verifier.MaxVerifications, _bench.Verifier.Verifications);
        Assert.IsTrue(_crypto.TakeVerifications() < _bench.Verifier.MaxVerifications, "some were remembered");

        static CertificateSpec End()
        {
            CertificateSpec spec = CertificateSpec.End(Bench.Host);
            spec.WithKeyIdentifiers = false;
            return spec;
        }

        static IssuedCertificate Self(CaKey key) => TestCa.SelfSigned(Same(key));

        static CertificateSpec Same(CaKey key)
        {
            CertificateSpec spec = CertificateSpec.Authority("same");
            spec.Key = key;
            spec.WithKeyIdentifiers = false;
            return spec;
        }
    }

    [TestMethod]
    public void ALongCertificateIsHashedInSteps()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Extensions.Add(("1.2.3.4", false, new byte[20_000]));
        IssuedCertificate end = TestCa.Issue(_chain[2], spec);
        Expect(DtlsError.None, 1, end);
        byte[] list = Bench.List([end.Der]);
        Assert.AreEqual(DtlsError.None, _bench.Verifier.Begin(list, 0, list.Length, true, _bench.Name, _bench.NameCheck));
        int steps = 0;
        while (!_bench.Verifier.Step(1))
        {
            steps++;
        }

        Assert.AreEqual(0, _crypto.TakeVerifications());
        Assert.IsTrue(steps >= 20_000 / 64, steps.ToString());
    }

    [TestMethod]
    public void WithoutSha256NothingIsRemembered()
    {
        var crypto = new CountingProvider(Bench.NewCrypto(), hasSha256: false);
        var bench = new Bench(crypto);
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        IssuedCertificate[] chain = TestCa.Chain(2, spec, CaKeyKind.P384);
        bench.Trust(chain[1]);
        for (int i = 0; i < 2; i++)
        {
            Assert.AreEqual(DtlsError.None, bench.Verify(chain));
            Assert.AreEqual(1, crypto.TakeVerifications());
        }
    }

    [TestMethod]
    public void ManyThreadsMayUseOneMemory()
    {
        // Four places and four signatures, put anew over and over: each is known at any time, and a mixture of two never.
        var memory = new SignatureMemory(4);
        byte[][] hashes = [.. Enumerable.Range(1, 4).Select(i => Enumerable.Repeat((byte)i, 32).ToArray())];
        Array.ForEach(hashes, hash => memory.Put(hash, 0));
        byte[] mixed = [.. hashes[0][..16], .. hashes[1][..16]];
        int missing = 0;
        int wrong = 0;
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                memory.Put(hashes[(i + thread) % 4], 0);
                missing += memory.Has(hashes[(i * 3) % 4], 0) ? 0 : 1;
                wrong += memory.Has(mixed, 0) ? 1 : 0;
            }
        });
        Assert.AreEqual(0, missing);
        Assert.AreEqual(0, wrong);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void WhoAsksOrPutsWaitsWhileAnotherThreadIsAtIt(bool puts)
    {
        var memory = new SignatureMemory(4);
        object gate = typeof(SignatureMemory).GetField("_lock", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(memory)!;
        Action<byte[], int> use = puts ? memory.Put : (hash, at) => memory.Has(hash, at);
        use(new byte[32], 0);
        bool began = false;
        var other = new Thread(() =>
        {
            Volatile.Write(ref began, true);
            use(new byte[32], 0);
        });
        lock (gate)
        {
            other.Start();
            while (!Volatile.Read(ref began) || (other.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) == 0)
            {
                Thread.Yield();
            }

            Assert.AreEqual(ThreadState.WaitSleepJoin, other.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped));
        }

        other.Join();
    }

    private static CertificateSpec Nameless(string name)
    {
        CertificateSpec spec = CertificateSpec.Authority(name);
        spec.WithKeyIdentifiers = false;
        return spec;
    }

    private static int IndexOf(byte[] bytes, byte[] part)
    {
        return bytes.AsSpan().IndexOf(part);
    }

    /// <summary>Ends right below the trusted root.</summary>
    private IssuedCertificate[] Ends(int count)
    {
        return [.. Enumerable.Range(0, count).Select(_ => TestCa.Issue(_chain[2], CertificateSpec.End(Bench.Host)))];
    }

    private void Expect(DtlsError error, int verifications, IssuedCertificate end, string why)
    {
        Assert.AreEqual(error, _bench.Verify(end), why);
        Assert.AreEqual(verifications, _crypto.TakeVerifications(), why);
    }

    private void Expect(DtlsError error, int verifications, params IssuedCertificate[] chain)
    {
        Assert.AreEqual(error, _bench.Verify(chain));
        Assert.AreEqual(verifications, _crypto.TakeVerifications());
    }

    private sealed class Refusing : CertificateCheck
    {
        public override DtlsError Check(VerifiedChain chain, bool ofServer, string? expectedName)
        {
            return DtlsError.CertificateRefused;
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

[TestClass]
public class PathSearchTests
{
    [TestMethod]
    public void WhatFollowsThePeersOwnMayComeInAnyOrder()
    {
        IssuedCertificate[] chain = TestCa.Chain(5, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[^1]);
        foreach (int[] order in Permutations([1, 2, 3]))
        {
            Assert.AreEqual(DtlsError.None, bench.Verify(chain[0], chain[order[0]], chain[order[1]], chain[order[2]]));
            Assert.AreEqual(5, bench.Verifier.Count);
        }
    }

    [TestMethod]
    public void WhatThePeerLeavesOutComesFromTheStore()
    {
        IssuedCertificate[] chain = TestCa.Chain(4, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[3]);
        bench.Store.AddIntermediate(new DtlsCertificate(chain[2].Der));
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verify(chain[0]));
        Assert.AreEqual(DtlsError.None, bench.Verify(chain[0], chain[1]));
        bench.Store.AddIntermediate(new DtlsCertificate(chain[1].Der));
        Assert.AreEqual(DtlsError.None, bench.Verify(chain[0]));
        Assert.AreEqual(4, bench.Verifier.Count);
    }

    [TestMethod]
    public void AnIntermediateMayBeTheStoresFirst()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Store.AddIntermediate(new DtlsCertificate(chain[1].Der));
        bench.Trust(chain[2]);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain[0]));
    }

    [TestMethod]
    public void AnIntermediateOfTheStoreIsNotTrusted()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Store.AddIntermediate(new DtlsCertificate(chain[1].Der));
        bench.Store.AddIntermediate(new DtlsCertificate(chain[2].Der));
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verify(chain));
    }

    [TestMethod]
    public void ATrustedCertificateMayBeAnIntermediate()
    {
        IssuedCertificate[] chain = TestCa.Chain(4, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[1]);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        Assert.AreEqual(2, bench.Verifier.Count);
        Assert.AreEqual(1, bench.Verifier.Verifications);
    }

    [TestMethod]
    public void ATrustedCertificateMayBeThePeersOwn()
    {
        IssuedCertificate end = TestCa.SelfSigned(CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(end);
        Assert.AreEqual(DtlsError.None, bench.Verify(end));
        Assert.AreEqual(1, bench.Verifier.Count);
        Assert.IsNotNull(bench.Verifier.Anchor);
        Assert.AreEqual(0, bench.Verifier.Verifications);
        bench.Name = "other.example";
        Assert.AreEqual(DtlsError.CertificateNameMismatch, bench.Verify(end));
        bench.Name = Bench.Host;
        bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddYears(5));
        Assert.AreEqual(DtlsError.CertificateExpired, bench.Verify(end));
    }

    [TestMethod]
    public void AnotherPathIsTriedWhenOneFails()
    {
        // The same authority, certified by a root that has expired and by one that holds; and an impostor of its name.
        IssuedCertificate good = TestCa.SelfSigned(CertificateSpec.Authority("good root"));
        CertificateSpec expired = CertificateSpec.Authority("old root");
        expired.NotAfter = CertificateSpec.Now.AddDays(-1);
        IssuedCertificate old = TestCa.SelfSigned(expired);
        var key = new CaKey(CaKeyKind.P256);
        IssuedCertificate byOld = TestCa.Issue(old, Authority("middle", key));
        IssuedCertificate byGood = TestCa.Issue(good, Authority("middle", key));
        IssuedCertificate impostor = TestCa.SelfSigned(Authority("middle", new CaKey(CaKeyKind.P256)));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.WithKeyIdentifiers = false;
        IssuedCertificate end = TestCa.Issue(byOld, spec);
        var bench = new Bench();
        bench.Trust(old);
        bench.Trust(good);
        foreach (int[] order in Permutations([0, 1, 2]))
        {
            IssuedCertificate[] others = [byOld, byGood, impostor];
            Assert.AreEqual(DtlsError.None, bench.Verify(end, others[order[0]], others[order[1]], others[order[2]]));
            Assert.AreEqual("good root", bench.Verifier.Anchor.CommonName);
        }

        // The error that says most, whatever came first.
        Assert.AreEqual(DtlsError.CertificateExpired, bench.Verify(end, impostor, byOld));
        Assert.AreEqual(DtlsError.CertificateExpired, bench.Verify(end, byOld, impostor));

        // Of two that say as much the first.
        CertificateSpec purpose = Authority("middle", key);
        purpose.KeyUsage = 2;
        IssuedCertificate another = TestCa.Issue(good, purpose);
        Assert.AreEqual(DtlsError.CertificateExpired, bench.Verify(end, byOld, another));
        Assert.AreEqual(DtlsError.CertificatePurpose, bench.Verify(end, another, byOld));
    }

    [TestMethod]
    public void KeyIdentifiersSpareSignatures()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate middle = TestCa.Issue(root, CertificateSpec.Authority("middle"));
        IssuedCertificate impostor = TestCa.SelfSigned(CertificateSpec.Authority("middle"));
        var bench = new Bench();
        bench.Trust(root);
        Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), impostor, middle));
        Assert.AreEqual(2, bench.Verifier.Verifications);
    }

    [TestMethod]
    public void CrossSignedAuthoritiesLeadNobodyRoundInCircles()
    {
        var a = new CaKey(CaKeyKind.P256);
        var b = new CaKey(CaKeyKind.P256);
        IssuedCertificate selfA = TestCa.SelfSigned(Authority("a", a));
        IssuedCertificate selfB = TestCa.SelfSigned(Authority("b", b));
        IssuedCertificate aByB = TestCa.Issue(selfB, Authority("a", a));
        IssuedCertificate bByA = TestCa.Issue(selfA, Authority("b", b));
        IssuedCertificate end = TestCa.Issue(selfA, CertificateSpec.End(Bench.Host));
        IssuedCertificate[] chain = [end, aByB, bByA, selfA, selfB];
        var bench = new Bench();
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verify(chain));
        Assert.IsTrue(bench.Verifier.Verifications <= 6, bench.Verifier.Verifications.ToString());
        bench.Trust(TestCa.SelfSigned(CertificateSpec.Authority("elsewhere")));
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verify(chain));
        bench.Trust(selfB);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        Assert.AreEqual(3, bench.Verifier.Count);
    }

    [TestMethod]
    public void ManyAuthoritiesOfOneNameCostABoundedNumberOfSignatures()
    {
        // Every one of them signed every other: without a bound the paths grow as a factorial.
        CaKey[] keys = [.. Enumerable.Range(0, 12).Select(_ => new CaKey(CaKeyKind.P256))];
        IssuedCertificate[] selves = [.. keys.Select(key => TestCa.SelfSigned(Authority("same", key)))];
        List<IssuedCertificate> chain = [];
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.WithKeyIdentifiers = false;
        chain.Add(TestCa.Issue(selves[0], spec));
        for (int i = 0; i < 12; i++)
        {
            chain.Add(TestCa.Issue(selves[(i + 1) % 12], Authority("same", keys[i])));
        }

        var bench = new Bench { MaxChainLength = 16 };
        DtlsError error = bench.Verify([.. chain]);
        Assert.IsTrue(error is DtlsError.UnknownCa or DtlsError.BadCertificate, error.ToString());
        Assert.IsTrue(bench.Verifier.Verifications <= bench.Verifier.MaxVerifications);
        Assert.AreEqual(8 + 2 * 16, bench.Verifier.Verifications);
    }

    [TestMethod]
    public void BehindTheLastSignatureThatIsVerifiedNothingIsLookedAt()
    {
        // As many namesakes of the issuer as there are verifications, and one more whose own fault would say more.
        IssuedCertificate root = TestCa.SelfSigned(Authority("same", new CaKey(CaKeyKind.P256)));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.WithKeyIdentifiers = false;
        IssuedCertificate end = TestCa.Issue(root, spec);
        CertificateSpec expired = Authority("same", new CaKey(CaKeyKind.P256));
        expired.NotAfter = CertificateSpec.Now.AddDays(-1);
        foreach (int namesakes in new[] { 19, 20 })
        {
            var bench = new Bench();
            for (int i = 0; i < namesakes; i++)
            {
                bench.Trust(TestCa.SelfSigned(Authority("same", new CaKey(CaKeyKind.P256))));
            }

            bench.Trust(TestCa.SelfSigned(expired));
            bench.Trust(root);
            bench.Trust(TestCa.SelfSigned(expired));
            Assert.AreEqual(namesakes < 20 ? DtlsError.None : DtlsError.CertificateExpired, bench.Verify(end));
            Assert.AreEqual(20, bench.Verifier.Verifications);
        }

        var many = new Bench();
        for (int i = 0; i < 21; i++)
        {
            many.Trust(TestCa.SelfSigned(Authority("same", new CaKey(CaKeyKind.P256))));
        }

        many.Trust(TestCa.SelfSigned(expired));
        Assert.AreEqual(DtlsError.BadCertificate, many.Verify(end));
        Assert.AreEqual(0, many.Verifier.Count);
    }

    [TestMethod]
    public void AProviderThatFailsEndsTheRun()
    {
        // Another path would do: whose signature could not be looked at is not known.
        var key = new CaKey(CaKeyKind.P256);
        IssuedCertificate root = TestCa.SelfSigned(Authority("root", key));
        IssuedCertificate end = TestCa.Issue(root, CertificateSpec.End(Bench.Host));
        for (int good = 0; good < 2; good++)
        {
            var bench = new Bench(new FailingProvider(Bench.NewCrypto(), good));
            bench.Trust(root);
            bench.Trust(TestCa.SelfSigned(Authority("root", key)));
            bench.Store.AddCrl(TestCa.Crl(root, [end.Serial], CertificateSpec.Now, null, new CaKey(CaKeyKind.P256)));
            Assert.AreEqual(DtlsError.InternalError, bench.Verify(end));
            Assert.AreEqual(good + 1, bench.Verifier.Verifications);
        }
    }

    [TestMethod]
    public void AVerifierCanBeUsedAgainAfterAnyOutcome()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[^1]);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        byte[] good = Bench.List(chain.Select(certificate => certificate.Der));
        byte[] bad = Bench.List([chain[0].Der, [1, 2, 3]]);
        byte[] unknown = Bench.List([chain[0].Der]);
        for (int i = 0; i < 3; i++)
        {
            Assert.AreEqual(DtlsError.BadCertificate, bench.Run(bad, 0, bad.Length));
            Assert.IsNull(bench.Verifier.Leaf);
            Assert.AreEqual(DtlsError.DecodeError, bench.Run(good, 0, good.Length - 1));
            Assert.AreEqual(DtlsError.DecodeError, bench.Verifier.Error);
            Assert.AreEqual(DtlsError.None, bench.Run(good, 0, good.Length));
            Assert.AreEqual(DtlsError.UnknownCa, bench.Run(unknown, 0, unknown.Length));
            Assert.AreEqual(DtlsError.None, bench.Verifier.Begin(good, 0, good.Length, true, bench.Name, bench.NameCheck));
            bench.Verifier.Step(1);
            bench.Verifier.Cancel();
            Assert.IsTrue(bench.Verifier.Step(1));
            Assert.AreNotEqual(DtlsError.None, bench.Verifier.Error);
            bench.Verifier.Clear();
            Assert.AreEqual(0, bench.Verifier.Count);
            Assert.IsNull(bench.Verifier.Leaf);
        }
    }

    [TestMethod]
    public void AVerifierThatNeverBeganHasNotSucceeded()
    {
        var bench = new Bench();
        var verifier = new ChainVerifier(bench.Store, bench.Crypto, 4);
        Assert.IsTrue(verifier.Step(1));
        Assert.AreNotEqual(DtlsError.None, verifier.Error);
        Assert.IsNull(verifier.Leaf);
    }

    [TestMethod]
    public void TheListStandsAnywhereInABuffer()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[^1]);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        byte[] buffer = [.. new byte[77], .. list, .. new byte[5]];
        Assert.AreEqual(DtlsError.None, bench.Run(buffer, 77, list.Length));
        Assert.AreSame(buffer, bench.Verifier.Leaf.Buffer);
        Assert.AreEqual(80, bench.Verifier.Leaf.Offset);
    }

    [TestMethod]
    public void ASlowProviderIsAskedStepByStep()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var slow = new SlowProvider(Bench.NewCrypto(), 200);
        var bench = new Bench(slow);
        bench.Store.RememberedSignatures = 0;
        bench.Trust(chain[^1]);
        bench.Verify(chain);
        slow.StepsSinceAsked = 0;
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        Assert.AreEqual(DtlsError.None, bench.Verifier.Begin(list, 0, list.Length, true, bench.Name, bench.NameCheck));
        int steps = 1;
        for (; !bench.Verifier.Step(1); steps++)
        {
            Assert.IsTrue(slow.StepsSinceAsked <= 1, "more than one step of the provider in one of ours");
            slow.StepsSinceAsked = 0;
        }

        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
        Assert.IsTrue(steps > 400, steps.ToString());
        Assert.AreEqual(0, slow.Cancelled);

        // One that is given up tells the provider.
        Assert.AreEqual(DtlsError.None, bench.Verifier.Begin(list, 0, list.Length, true, bench.Name, bench.NameCheck));
        for (slow.StepsSinceAsked = 0; slow.StepsSinceAsked == 0;)
        {
            Assert.IsFalse(bench.Verifier.Step(1));
        }

        bench.Verifier.Cancel();
        Assert.AreEqual(1, slow.Cancelled);
    }

    [TestMethod]
    public void VerifyingAllocatesNothingButTheProvidersOperations()
    {
        IssuedCertificate[] chain = TestCa.Chain(4, CertificateSpec.End(Bench.Host));
        var bench = new Bench(new BelievingProvider(Bench.NewCrypto()));
        bench.Trust(chain[^1]);
        bench.Store.AddPin(System.Security.Cryptography.SHA256.HashData(chain[1].Der));
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        Assert.AreEqual(DtlsError.None, bench.Run(list, 0, list.Length));

        // The least of several: a collection that another thread begins adds to what this one seems to have taken.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
            {
                bench.Run(list, 0, list.Length, 100);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CertificateSpec Authority(string name, CaKey key)
    {
        CertificateSpec spec = CertificateSpec.Authority(name);
        spec.Key = key;
        spec.WithKeyIdentifiers = false;
        return spec;
    }

    private static IEnumerable<int[]> Permutations(int[] items)
    {
        return items.Length == 1
            ? [items]
            : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
    }
}

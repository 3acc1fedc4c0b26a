using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

/// <summary>How much a stranger's chain makes us do, when, and in how many steps.</summary>
[TestClass]
public class WorkTests
{
    // A unit of the budget; a step may end with one certificate, or one comparison of names, more.
    private const int TurnsAStep = 64;
    private const int Slack = 1100;

    private static readonly CaKey s_key = new(CaKeyKind.P256);

    [TestMethod]
    public void NoNameIsComparedWithAConstraintBeforeEverySignatureIsGood()
    {
        foreach ((int size, int names, int subtrees) in new[] { (4023, 533, 360), (65_000, 8000, 6000) })
        {
            IssuedCertificate[] chain = Chain(size, names, subtrees);
            Assert.IsTrue(chain[0].Der.Length + chain[1].Der.Length <= size, "as large as it may be");
            byte[] end = (byte[])chain[0].Der.Clone();
            byte[] middle = (byte[])chain[1].Der.Clone();
            end[^1] ^= 1;
            middle[^1] ^= 1;
            foreach (byte[][] bad in new[] { new[] { end, chain[1].Der }, [chain[0].Der, middle] })
            {
                var bench = new Bench();
                bench.Trust(chain[2]);
                Assert.AreEqual(DtlsError.BadCertificate, bench.VerifyDer(bad));
                Assert.AreEqual(0, bench.Verifier.Comparisons);
            }

            // A stranger's own authority signs what it likes: its signatures are good, and nobody trusts it.
            var strange = new Bench();
            strange.Trust(TestCa.SelfSigned(CertificateSpec.Authority("root")));
            Assert.AreEqual(DtlsError.UnknownCa, strange.Verify(chain[0], chain[1], chain[2]));
            Assert.IsTrue(strange.Verifier.Verifications > 0);
            Assert.AreEqual(0, strange.Verifier.Comparisons);
        }
    }

    [TestMethod]
    [DataRow(4023, 533, 360)]
    [DataRow(65_000, 8000, 6000)]
    public void EvenATrustedAuthorityHasABoundAndIsServedInSteps(int size, int names, int subtrees)
    {
        IssuedCertificate[] chain = Chain(size, names, subtrees);
        var bench = new Bench();
        bench.Trust(chain[2]);
        int steps = Steps(bench, chain[0], chain[1]);
        Assert.AreEqual(DtlsError.UnsupportedCertificate, bench.Verifier.Error);
        Assert.IsTrue(bench.Verifier.Comparisons <= ConstraintCheck.MaxTurns + Slack, bench.Verifier.Comparisons.ToString());
        Assert.IsTrue(steps >= ConstraintCheck.MaxTurns / TurnsAStep, steps.ToString());
    }

    [TestMethod]
    public void ManyNamesAndConstraintsBelowTheBoundAreComparedInSteps()
    {
        IssuedCertificate[] chain = Chain(4023, 200, 150);
        var bench = new Bench();
        bench.Trust(chain[2]);
        int steps = Steps(bench, chain[0], chain[1]);
        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
        Assert.IsTrue(bench.Verifier.Comparisons > 200 * 150, bench.Verifier.Comparisons.ToString());
        byte[] alone = Bench.List([chain[0].Der]);
        Assert.AreEqual(DtlsError.UnknownCa, bench.Run(alone, 0, alone.Length));
        Assert.AreEqual(0, bench.Verifier.Comparisons, "they are counted anew in each run");
        Assert.IsTrue(steps >= 200 * 150 / TurnsAStep, steps.ToString());
    }

    [TestMethod]
    public void ALongListOfNamesIsReadAndSearchedInSteps()
    {
        // 15,000 names: their forms, then the expected one among them, and it is the last.
        const int Names = 15_000;
        byte[] list = TestCa.Tagged(0x30, [.. Enumerable.Repeat(new byte[] { 0x82, 2, 0x61, 0x62 }, Names).SelectMany(name => name), .. TestCa.Tagged(0x82, Encoding.ASCII.GetBytes(Bench.Host))]);
        CertificateSpec spec = CertificateSpec.End();
        spec.Extensions.Add(("2.5.29.17", false, list));
        IssuedCertificate end = TestCa.SelfSigned(spec);
        var bench = new Bench();
        bench.Trust(end);
        Assert.IsTrue(Steps(bench, end) >= 2 * Names / TurnsAStep);
        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);

        // One that is malformed is found, wherever it is; the rest of the list is not looked at then.
        byte[] bad = (byte[])list.Clone();
        bad[^(2 + Bench.Host.Length)] = 0x8E;
        spec.Extensions.Clear();
        spec.Extensions.Add(("2.5.29.17", false, bad));
        Assert.IsTrue(Steps(bench, TestCa.SelfSigned(spec)) >= Names / TurnsAStep);
        Assert.AreEqual(DtlsError.BadCertificate, bench.Verifier.Error);
    }

    [TestMethod]
    public void CertificatesAreReadOneAStep()
    {
        // Of ten authorities that nobody knows, so that there is nothing else to do.
        IssuedCertificate[] chain = [.. Enumerable.Range(0, 10).Select(i =>
        {
            CertificateSpec spec = i == 0 ? CertificateSpec.End(Bench.Host) : CertificateSpec.Authority("a" + i);
            spec.Issuer = TestCa.Name("nobody " + i);
            return TestCa.SelfSigned(spec);
        })];
        var bench = new Bench { MaxChainLength = 10 };
        int steps = Steps(bench, chain);
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verifier.Error);
        Assert.IsTrue(steps >= 10, steps.ToString());
    }

    [TestMethod]
    public void AStoreOfManyAuthoritiesIsSearchedInSteps()
    {
        IssuedCertificate[] chain = TestCa.Chain(2, CertificateSpec.End(Bench.Host));
        foreach ((bool areNamesakes, bool areTrusted) in new[] { (false, true), (true, true), (false, false) })
        {
            // Others, namesakes that have expired, or what is not even trusted: no signature is worth a try.
            CertificateSpec spec = CertificateSpec.Authority(areNamesakes ? "root" : "another");
            spec.NotAfter = CertificateSpec.Now.AddDays(-1);
            spec.WithKeyIdentifiers = false;
            var other = new DtlsCertificate(TestCa.SelfSigned(spec).Der);
            var bench = new Bench();
            const int Others = 2000;
            for (int i = 0; i < Others; i++)
            {
                _ = areTrusted ? bench.Store.AddTrusted(other) : bench.Store.AddIntermediate(other);
            }

            bench.Trust(chain[1]);
            int steps = Steps(bench, chain);
            Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
            Assert.AreEqual(1, bench.Verifier.Verifications);
            Assert.IsTrue(steps >= Others / TurnsAStep, steps.ToString());
        }
    }

    [TestMethod]
    public void NamesThatDifferAtTheirEndCostStepsToo()
    {
        // Ten certificates whose names are the same but for the last letter, and nobody's: each is compared with each.
        byte[] Name(char last) => TestCa.Name([("2.5.4.10", NameComparisonTests.Text(0x0C, new string('x', 450) + last))]);
        List<IssuedCertificate> chain = [];
        for (int i = 0; i < 10; i++)
        {
            CertificateSpec spec = i == 0 ? CertificateSpec.End(Bench.Host) : CertificateSpec.Authority("x");
            spec.Key = s_key;
            spec.WithKeyIdentifiers = false;
            spec.Subject = Name((char)('a' + i));
            spec.Issuer = Name('z');
            chain.Add(TestCa.SelfSigned(spec));
        }

        var bench = new Bench { MaxChainLength = 10 };
        bench.Trust(TestCa.SelfSigned(CertificateSpec.Authority("root")));
        int steps = Steps(bench, [.. chain]);
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verifier.Error);
        Assert.IsTrue(steps >= 10 + 10, steps.ToString());
    }

    [TestMethod]
    public void PinsAreHashedInSteps()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Extensions.Add(("1.2.3.4", false, new byte[20_000]));
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate end = TestCa.Issue(root, spec);
        foreach (byte[] pinned in new[] { end.Der, root.Der })
        {
            var bench = new Bench();
            bench.Trust(root);
            for (int i = 0; i < 2000; i++)
            {
                bench.Store.AddPin(new byte[32]);   // each costs a turn
            }

            bench.Store.AddPin(SHA256.HashData(pinned));
            int steps = Steps(bench, end);
            Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
            Assert.IsTrue(steps >= 20_000 / TurnsAStep, steps.ToString());
        }
    }

    [TestMethod]
    public void ManyListsAndCertificatesAreLookedUpInSteps()
    {
        IssuedCertificate[] chain = TestCa.Chain(2, CertificateSpec.End(Bench.Host));
        IssuedCertificate other = TestCa.SelfSigned(CertificateSpec.Authority("other"));
        byte[] list = TestCa.Crl(other, [[1]], CertificateSpec.Now, null);
        var bench = new Bench();
        bench.Trust(chain[1]);
        for (int i = 0; i < 1000; i++)
        {
            bench.Store.AddCrl(list);
        }

        Assert.IsTrue(Steps(bench, chain) >= 2 * 1000 / TurnsAStep);
        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
    }

    [TestMethod]
    public void ALargerBudgetTakesFewerStepsToTheSameEnd()
    {
        IssuedCertificate[] chain = Chain(4023, 200, 150);
        var bench = new Bench();
        bench.Trust(chain[2]);
        int small = Steps(bench, 1, chain[0], chain[1]);
        int comparisons = bench.Verifier.Comparisons;
        int large = Steps(bench, 100, chain[0], chain[1]);
        Assert.AreEqual(DtlsError.None, bench.Verifier.Error);
        Assert.AreEqual(comparisons, bench.Verifier.Comparisons);
        Assert.IsTrue(large < small / 20, small + " and " + large);
    }

    [TestMethod]
    public void NoBudgetIsTooSmallOrTooLarge()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[^1]);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        foreach (int budget in new[] { int.MinValue, 0, 1, int.MaxValue })
        {
            Assert.AreEqual(DtlsError.None, bench.Verifier.Begin(list, 0, list.Length, true, bench.Name, bench.NameCheck));
            int steps = 0;
            for (; !bench.Verifier.Step(budget) && steps < 10_000; steps++)
            {
            }

            Assert.AreEqual(DtlsError.None, bench.Verifier.Error, budget + " for " + steps);
        }
    }

    [TestMethod]
    public void TooManyPurposesAreMalformed()
    {
        foreach ((int count, DtlsError expected) in new[] { (64, DtlsError.None), (65, DtlsError.BadCertificate) })
        {
            CertificateSpec spec = CertificateSpec.End(Bench.Host);
            spec.Purposes = [.. Enumerable.Range(0, count).Select(i => "1.2.3." + i)];
            byte[] der = TestCa.SelfSigned(spec).Der;
            Assert.AreEqual(expected, new DtlsCertificate().Read(der, 0, der.Length));
        }
    }

    private static int Steps(Bench bench, params IssuedCertificate[] chain)
    {
        return Steps(bench, 1, chain);
    }

    /// <summary>Verifies a chain; in no step more may be compared than the budget says.</summary>
    private static int Steps(Bench bench, int budget, params IssuedCertificate[] chain)
    {
        bench.Verify(chain);
        byte[] list = Bench.List(chain.Select(certificate => certificate.Der));
        Assert.AreEqual(DtlsError.None, bench.Verifier.Begin(list, 0, list.Length, true, bench.Name, bench.NameCheck));
        int steps = 0;
        bool isOver = false;
        while (!isOver)
        {
            int before = bench.Verifier.Comparisons;
            isOver = bench.Verifier.Step(budget);
            steps++;
            Assert.IsTrue(bench.Verifier.Comparisons - before <= (budget * TurnsAStep) + Slack, "a step of " + (bench.Verifier.Comparisons - before));
        }

        return steps;
    }

    /// <summary>
    /// A root, an authority with so many subtrees, and an end with so many names, all of them permitted. Where the size is more
    /// than these take, one extension fills it up.
    /// </summary>
    private static IssuedCertificate[] Chain(int size, int names, int subtrees)
    {
        CertificateSpec constrained = CertificateSpec.Authority("m");
        constrained.Key = s_key;
        byte[] subtree = [0x30, 3, 0x82, 1, 0x62];
        byte[] last = [0x30, 2, 0x82, 0];
        constrained.Extensions.Add(("2.5.29.30", true, TestCa.Tagged(0x30, TestCa.Tagged(0xA0, [.. Enumerable.Repeat(subtree, subtrees - 1).SelectMany(bytes => bytes), .. last]))));
        CertificateSpec end = CertificateSpec.End();
        end.Key = s_key;
        byte[] host = TestCa.Tagged(0x82, Encoding.ASCII.GetBytes(Bench.Host));
        end.Extensions.Add(("2.5.29.17", false, TestCa.Tagged(0x30, [.. Enumerable.Repeat(new byte[] { 0x82, 0 }, names - 1).SelectMany(bytes => bytes), .. host])));
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate middle = TestCa.Issue(root, constrained);
        IssuedCertificate leaf = TestCa.Issue(middle, end);
        int missing = size - leaf.Der.Length - middle.Der.Length;
        if (missing > 100)
        {
            end.Extensions.Add(("1.2.3.4", false, new byte[missing - 60]));
            leaf = TestCa.Issue(middle, end);
        }

        return [leaf, middle, root];
    }
}

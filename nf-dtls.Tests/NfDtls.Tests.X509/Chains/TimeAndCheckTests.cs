using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

[TestClass]
public class TimeAndCheckTests
{
    private readonly IssuedCertificate[] _chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
    private readonly Bench _bench = new();

    [TestInitialize]
    public void TrustTheRoot()
    {
        _bench.Trust(_chain[2]);
    }

    [TestMethod]
    public void WithoutTheTimeAChainIsRefusedUnlessTheCheckWasGivenUp()
    {
        foreach (CertificateClock? clock in new[] { null, new FixedClock(null) })
        {
            _bench.Store.Clock = clock;
            _bench.Store.TimeCheck = TimeCheck.Required;
            Assert.AreEqual(DtlsError.CertificateTimeUnknown, _bench.Verify(_chain));
            _bench.Store.TimeCheck = TimeCheck.WhenKnown;
            Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
            _bench.Store.TimeCheck = TimeCheck.None;
            Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        }

        Assert.AreEqual(Alert.CertificateUnknown, AlertTable.AlertFor(DtlsError.CertificateTimeUnknown));
    }

    [TestMethod]
    public void WithTheTimeOnlyNoneGivesTheCheckUp()
    {
        _bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddYears(3));
        Assert.AreEqual(DtlsError.CertificateExpired, _bench.Verify(_chain));
        _bench.Store.TimeCheck = TimeCheck.WhenKnown;
        Assert.AreEqual(DtlsError.CertificateExpired, _bench.Verify(_chain));
        _bench.Store.TimeCheck = TimeCheck.None;
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
    }

    [TestMethod]
    public void TheFirstSecondOf1970IsATimeLikeAnyOther()
    {
        _bench.Store.Clock = new FixedClock(DateTimeOffset.UnixEpoch);
        foreach (TimeCheck check in new[] { TimeCheck.Required, TimeCheck.WhenKnown })
        {
            _bench.Store.TimeCheck = check;
            Assert.AreEqual(DtlsError.CertificateNotYetValid, _bench.Verify(_chain));
        }
    }

    [TestMethod]
    public void TheApplicationsCheckSeesTheWholeChainAndHasTheLastWord()
    {
        var check = new Recorder();
        _bench.Store.Check = check;
        Assert.AreEqual(DtlsError.None, _bench.Verify(_chain));
        Assert.AreEqual(3, check.Seen);
        Assert.AreEqual(Bench.Host, check.Name);
        Assert.IsTrue(check.OfServer);
        Assert.AreSame(check.Chain, _bench.Verifier.Chain);
        check.Answer = DtlsError.CertificateRefused;
        Assert.AreEqual(DtlsError.CertificateRefused, _bench.Verify(_chain));
        Assert.AreEqual(0, _bench.Verifier.Count);
        check.Throws = true;
        Assert.AreEqual(DtlsError.CertificateRefused, _bench.Verify(_chain));
        Assert.AreEqual(Alert.CertificateUnknown, AlertTable.AlertFor(DtlsError.CertificateRefused));
    }

    [TestMethod]
    public void TheApplicationsCheckIsAskedOnce()
    {
        IssuedCertificate end = TestCa.SelfSigned(CertificateSpec.End(Bench.Host));
        var check = new Recorder { Answer = DtlsError.CertificateRefused, Root = "device" };
        _bench.Trust(end);
        _bench.Trust(end);
        _bench.Store.Check = check;
        Assert.AreEqual(DtlsError.CertificateRefused, _bench.Verify(end));
        Assert.AreEqual(1, check.Times);
    }

    [TestMethod]
    public void TheApplicationsCheckIsNotAskedAboutWhatIsRefusedAnyway()
    {
        var check = new Recorder();
        _bench.Store.Check = check;
        _bench.Name = "other.example";
        Assert.AreEqual(DtlsError.CertificateNameMismatch, _bench.Verify(_chain));
        _bench.Name = Bench.Host;
        Assert.AreEqual(DtlsError.UnknownCa, _bench.Verify(_chain[0]));
        Assert.AreEqual(0, check.Seen);
    }

    private sealed class Recorder : CertificateCheck
    {
        internal int Seen { get; private set; }

        internal int Times { get; private set; }

        internal string Root { get; init; } = "root";

        internal VerifiedChain? Chain { get; private set; }

        internal string? Name { get; private set; }

        internal bool OfServer { get; private set; }

        internal DtlsError Answer { get; set; }

        internal bool Throws { get; set; }

        public override DtlsError Check(VerifiedChain chain, bool ofServer, string expectedName)
        {
            Seen = chain.Count;
            Chain = chain;
            Times++;
            Name = expectedName;
            OfServer = ofServer;
            Assert.AreEqual(Root, chain.At(chain.Count - 1).CommonName);
            Assert.AreSame(chain.Leaf, chain.At(0));
            Assert.IsNull(chain.At(chain.Count));
            Assert.IsNull(chain.At(-1));
            return Throws ? throw new InvalidOperationException() : Answer;
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.Tests.X509;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Each error of a chain, over the wire and at both ends: the alert to the peer, the error to the application.</summary>
[TestClass]
public class ChainErrorTests
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private static readonly Identity s_good = Identity.Of(CaKeyKind.P256);
    private static readonly IssuedCertificate s_root = s_good.Root;

    public static IEnumerable<object[]> Faults
    {
        get
        {
            (string, DtlsError)[] faults =
            {
                ("expired", DtlsError.CertificateExpired),
                ("not yet valid", DtlsError.CertificateNotYetValid),
                ("no clock", DtlsError.CertificateTimeUnknown),
                ("unknown authority", DtlsError.UnknownCa),
                ("self-signed", DtlsError.UnknownCa),
                ("authority is none", DtlsError.CertificateNotAuthority),
                ("path too long", DtlsError.CertificateNotAuthority),
                ("authority may not sign", DtlsError.CertificatePurpose),
                ("key usage", DtlsError.CertificatePurpose),
                ("extended key usage", DtlsError.CertificatePurpose),
                ("critical extension", DtlsError.UnsupportedCertificate),
                ("key of an unknown curve", DtlsError.UnsupportedCertificate),
                ("signature", DtlsError.BadCertificate),
                ("malformed", DtlsError.BadCertificate),
                ("weak key", DtlsError.CertificateTooWeak),
                ("SHA-1", DtlsError.CertificateTooWeak),
                ("scheme that was not offered", DtlsError.UnsupportedCertificate),
                ("scheme of an authority that was not offered", DtlsError.UnsupportedCertificate),
                ("version 1", DtlsError.UnsupportedCertificate),
                ("version 2", DtlsError.UnsupportedCertificate),
                ("name constraint", DtlsError.CertificateNameConstraint),
                ("revoked", DtlsError.CertificateRevoked),
                ("refused by the application", DtlsError.CertificateRefused),
                ("name", DtlsError.CertificateNameMismatch),
            };
            return faults.SelectMany(fault => new[] { true, false }
                .Where(ofServer => ofServer || fault.Item1 != "name")
                .Select(ofServer => new object[] { fault.Item1, ofServer, fault.Item2 }));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void An_error_of_the_chain_reaches_both_applications(string fault, bool ofServer, DtlsError expected)
    {
        CertificateStore judge = Setup.Store(null, s_good);
        IssuedCertificate[] chain = Make(fault, ofServer, judge);
        byte[][] ders = Array.ConvertAll(chain, certificate => certificate.Der);
        if (fault == "signature")
        {
            ders[0] = (byte[])ders[0].Clone();
            ders[0][^1] ^= 1;
        }
        else if (fault == "malformed")
        {
            ders[0] = ders[0][..^1];
        }

        if (ofServer)
        {
            AgainstClient end = new AgainstClient(Setup.Client(CertificateSuites.Constrained(), judge));
            end.Send(HandshakeType.ServerHello, end.Peer.ServerHello()).Send(HandshakeType.Certificate, CertificatePeer.Certificate(ders));
            Assert.AreEqual(expected, end.Error);
            Assert.AreEqual(AlertTable.AlertFor(expected), end.Peer.Alerts.Single());
            Assert.IsNull(end.Client.Association.PeerCertificates);
        }
        else
        {
            s_good.AddLocalTo(judge);
            AgainstServer end = new AgainstServer(Setup.Server(CertificateSuites.Constrained(), judge, ClientCertificates.Request)).Hello();
            end.Send(HandshakeType.Certificate, CertificatePeer.Certificate(ders));
            Assert.AreEqual(expected, end.Error);
            Assert.AreEqual(AlertTable.AlertFor(expected), end.Peer.Alerts.Single());
            Assert.IsNull(end.Server.At(0).PeerCertificates);
        }
    }

    [TestMethod]
    public void The_other_end_learns_of_it_by_the_alert()
    {
        Identity expired = Identity.With(spec => spec.NotAfter = CertificateSpec.Now.AddDays(-1));
        TestBed bed = Setup.Bed(CertificateSuites.Modern, expired);
        bed.Network.AutoRelease = false;
        bed.VerifyClientFails(DtlsError.CertificateExpired);
        Assert.AreEqual(Alert.CertificateExpired, bed.Client.Association.AlertSent);
        bed.Network.Run(3_600_000);
        Assert.AreEqual(DtlsError.AlertReceived, bed.Server.At(0).LastError);
        Assert.AreEqual(Alert.CertificateExpired, bed.Server.At(0).AlertReceived);

        bed = Setup.Bed(CertificateSuites.Modern, s_good, expired, ClientCertificates.Require);
        bed.Network.AutoRelease = false;
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.CertificateExpired, bed.Client.Association.AlertReceived);
        Assert.AreEqual(DtlsError.CertificateExpired, bed.Server.At(0).LastError);
    }

    [TestMethod]
    public void Nothing_is_sent_to_a_server_before_its_chain_is_verified()
    {
        // All of the flight is there, and the chain is wrong: the client answers with the alert and nothing else.
        Identity expired = Identity.With(spec => spec.NotAfter = CertificateSpec.Now.AddDays(-1));
        TestBed bed = Setup.Bed(CertificateSuites.Modern, expired);
        bed.VerifyClientFails(DtlsError.CertificateExpired);
        Assert.IsNull(Wire.Message(bed, true, HandshakeType.ClientKeyExchange));
    }

    private static IssuedCertificate[] Make(string fault, bool ofServer, CertificateStore judge)
    {
        CertificateSpec spec = Identity.Spec(CaKeyKind.P256, Setup.Host);
        CertificateSpec authority = CertificateSpec.Authority("middle");
        IssuedCertificate? below = null;
        switch (fault)
        {
            case "expired": spec.NotAfter = CertificateSpec.Now.AddSeconds(-1); break;
            case "not yet valid": spec.NotBefore = CertificateSpec.Now.AddSeconds(1); break;
            case "no clock": judge.Clock = null; break;
            case "unknown authority": return new[] { TestCa.Issue(TestCa.SelfSigned(CertificateSpec.Authority("other")), spec) };
            case "self-signed": return new[] { TestCa.SelfSigned(spec) };
            case "authority is none": authority.IsAuthority = false; below = TestCa.Issue(s_root, authority); break;
            case "path too long":
                authority.PathLength = 0;
                IssuedCertificate upper = TestCa.Issue(s_root, authority);
                IssuedCertificate lower = TestCa.Issue(upper, CertificateSpec.Authority("lower"));
                return new[] { TestCa.Issue(lower, spec), lower, upper };
            case "authority may not sign": authority.KeyUsage = 0x02; below = TestCa.Issue(s_root, authority); break;
            case "key usage": spec.KeyUsage = 0x04; break;
            case "extended key usage": spec.Purposes.Add(ofServer ? ClientAuth : ServerAuth); break;
            case "critical extension": spec.Extensions.Add(("1.2.3.4", true, new byte[] { 5, 0 })); break;
            case "key of an unknown curve": spec.KeyKind = CaKeyKind.Secp256k1; break;
            case "weak key": spec.KeyKind = CaKeyKind.Rsa1024; break;
            case "SHA-1": spec.Algorithm = "SHA1WITHECDSA"; break;
            case "name constraint":
                authority.Extensions.Add(("2.5.29.30", true, TestCa.NameConstraints(Array.Empty<(int, byte[])>(), new[] { (2, TestBed.Text("example.com")) })));
                below = TestCa.Issue(s_root, authority);
                break;
            case "revoked":
                IssuedCertificate end = TestCa.Issue(s_root, spec);
                judge.AddCrl(TestCa.Crl(s_root, new[] { end.Serial }, CertificateSpec.Now.AddDays(-1), CertificateSpec.Now.AddDays(1)));
                return new[] { end };
            case "scheme that was not offered": return new[] { TestCa.Issue(Large(judge), spec) };
            case "scheme of an authority that was not offered": below = TestCa.Issue(Large(judge), authority); break;
            case "version 1": spec.Version = 1; break;
            case "version 2": spec.Version = 2; break;
            case "refused by the application": judge.Check = new Refusal(); break;
            case "name": spec.DnsNames = new List<string> { "other.example.com" }; break;
        }

        return below == null ? new[] { TestCa.Issue(s_root, spec) } : new[] { TestCa.Issue(below, spec), below };
    }

    /// <summary>A trusted root that signs with SHA-384; the suites of these tests offer SHA-256 alone.</summary>
    private static IssuedCertificate Large(CertificateStore judge)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("large root", CaKeyKind.P384));
        judge.AddTrusted(new DtlsCertificate(root.Der));
        return root;
    }

    private sealed class Refusal : CertificateCheck
    {
        public override DtlsError Check(VerifiedChain chain, bool ofServer, string expectedName)
        {
            return DtlsError.CertificateRefused;
        }
    }
}

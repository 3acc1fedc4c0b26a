using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Handshakes whose names are right, and written in another way at each end.</summary>
[TestClass]
public class NamingTests
{
    private const int Printable = 0x13;
    private const int Bmp = 0x1E;

    [TestMethod]
    [DataRow("Lab Sub CA", Printable)]
    [DataRow("LAB sub  ca ", Printable)]
    [DataRow("Lab Sub CA", Bmp)]
    public void An_issuer_whose_name_two_tools_wrote_is_found_at_both_ends(string written, int type)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("lab root"));
        CertificateSpec authority = CertificateSpec.Authority("x");
        authority.Subject = TestCa.Name(new[] { ("2.5.4.3", TestCa.Tagged(0x0C, Encoding.UTF8.GetBytes("Lab Sub CA"))) });
        IssuedCertificate middle = TestCa.Issue(root, authority);
        Identity Make(string host)
        {
            CertificateSpec spec = Identity.Spec(CaKeyKind.P256, host);
            byte[] text = type == Bmp ? Encoding.BigEndianUnicode.GetBytes(written) : Encoding.ASCII.GetBytes(written);
            spec.Issuer = TestCa.Name(new[] { ("2.5.4.3", TestCa.Tagged(type, text)) });
            return new Identity(TestCa.Issue(middle, spec), middle, root);
        }

        TestBed bed = Setup.Bed(CertificateSuites.Modern, Make(Setup.Host), Make("client"), ClientCertificates.Require).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(2, bed.ServerAssociation!.PeerCertificates.Length - 1);
    }

    [TestMethod]
    [DataRow("fe80::fc:ff:fe00:1%eth0", true)]
    [DataRow("FE80:0::FC:FF:FE00:1%3", true)]
    [DataRow("fe80::fc:ff:fe00:1", true)]
    [DataRow("fe80::fc:ff:fe00:2%eth0", false)]
    public void The_zone_of_an_address_is_neither_compared_nor_sent(string name, bool connects)
    {
        Identity server = Identity.With(spec =>
        {
            spec.DnsNames.Clear();
            spec.IpAddresses.Add("fe80::fc:ff:fe00:1");
        });
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, server));
        client.ServerName = name;
        TestBed bed = new TestBed(client, Setup.Server(CertificateSuites.Modern(), Setup.Store(server)));
        if (connects)
        {
            bed.Connect().VerifyEcho();
        }
        else
        {
            bed.VerifyClientFails(DtlsError.CertificateNameMismatch);
        }

        CollectionAssert.DoesNotContain(Wire.ExtensionTypes(bed, true), 0);
    }

    [TestMethod]
    public void A_certificate_without_a_subject_is_known_by_its_other_names()
    {
        // RFC 5280 section 4.2.1.6: subjectAltName is critical then.
        Identity server = Identity.With(spec => spec.CommonName = string.Empty);
        TestBed bed = Setup.Bed(CertificateSuites.Modern, server).Connect();
        bed.VerifyEcho();
        DtlsCertificate read = new DtlsCertificate(bed.Client.Association.PeerCertificates[0]);
        Assert.AreEqual(2, read.SubjectCount);
        Assert.IsNull(read.CommonName);
    }
}

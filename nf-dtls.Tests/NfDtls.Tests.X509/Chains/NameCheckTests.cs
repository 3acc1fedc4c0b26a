using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;

namespace NfDtls.Tests.X509.Chains;

/// <summary>RFC 9525.</summary>
[TestClass]
public class NameCheckTests
{
    private static readonly IssuedCertificate Root = TestCa.SelfSigned(CertificateSpec.Authority("root"));

    [TestMethod]
    [DataRow("a.example.com", "a.example.com", true)]
    [DataRow("a.example.com", "A.EXAMPLE.com", true)]
    [DataRow("A.Example.COM", "a.example.com", true)]
    [DataRow("AZ.example.com", "az.example.com", true)]
    [DataRow("a.example.com", "a.example.com.", true)]
    [DataRow("a.example.com.", "a.example.com", false)]
    [DataRow("a.example.com", "b.example.com", false)]
    [DataRow("a.example.com", "example.com", false)]
    [DataRow("example.com", "a.example.com", false)]
    [DataRow("example.com", "badexample.com", false)]
    [DataRow("*.example.com", "a.example.com", true)]
    [DataRow("*.EXAMPLE.com", "a.example.COM", true)]
    [DataRow("*.example.com", "example.com", false)]
    [DataRow("*.example.com", ".example.com", false)]
    [DataRow("*.example.com", "a.b.example.com", false)]
    [DataRow("*.b.example.com", "a.b.example.com", true)]
    [DataRow("*.com", "example.com", false)]
    [DataRow("*.com.", "example.com", false)]
    [DataRow("*..com", "a..com", false)]
    [DataRow("*", "example", false)]
    [DataRow("*.", "example.", false)]
    [DataRow("a*.example.com", "ab.example.com", false)]
    [DataRow("*a.example.com", "ba.example.com", false)]
    [DataRow("a.*.com", "a.example.com", false)]
    [DataRow("a.*.example.com", "a.b.example.com", false)]
    [DataRow("*.*.example.com", "a.b.example.com", false)]
    [DataRow("**.example.com", "a.example.com", false)]
    [DataRow("xn--*.example.com", "xn--a.example.com", false)]
    [DataRow("*.example.com", "xn--bcher-kva.example.com", true)]
    [DataRow("*.example.com", "*.example.com", true)]
    [DataRow("a.example.com", "*.example.com", false)]
    [DataRow("a_b.example.com", "a_b.example.com", true)]
    [DataRow("a.example.com", "a.example.com\0", false)]
    [DataRow("localhost", "localhost", true)]
    [DataRow("10.0.0.1", "10.0.0.1", false)]
    [DataRow("*.0.0.1", "10.0.0.1", false)]
    [DataRow("::1", "::1", false)]
    [DataRow("fe80::1", "fe80::1%eth0", false)]
    [DataRow("10.0.0.1", "10.0.0.1.", false)]
    [DataRow("010.0.0.1", "010.0.0.1", false)]
    [DataRow("a.example.1", "a.example.1", false)]
    [DataRow("a.example.1x", "a.example.1x", true)]
    [DataRow("167772161", "167772161", false)]
    [DataRow("xn--bcher-kva.example.com", "XN--BCHER-KVA.example.com", true)]
    [DataRow("a.example.com", "bücher.example.com", false)]
    public void HostNamesAreCompared(string presented, string expected, bool matches)
    {
        CertificateSpec spec = CertificateSpec.End("other.example", presented);
        AssertName(spec, expected, matches);
    }

    [TestMethod]
    [DataRow("10.0.0.1", "10.0.0.1", true)]
    [DataRow("10.0.0.1", "10.0.0.2", false)]
    [DataRow("10.0.0.1", "10.0.0.01", false)]
    [DataRow("10.0.0.1", "10.0.0.1.", false)]
    [DataRow("10.0.0.1", "010.0.0.1", false)]
    [DataRow("10.0.0.1", "167772161", false)]
    [DataRow("10.0.0.1", "::ffff:10.0.0.1", false)]
    [DataRow("2001:db8::1", "2001:db8::1", true)]
    [DataRow("2001:db8::1", "2001:DB8:0:0:0:0:0:1", true)]
    [DataRow("2001:db8::1", "2001:0db8:0000::0001", true)]
    [DataRow("2001:db8::1", "2001:db8::2", false)]
    [DataRow("2001:db8::1", "2001:db8:1", false)]
    [DataRow("2001:db8::1", "2001:db8::0:1::", false)]
    [DataRow("::", "::", true)]
    [DataRow("::1", "::1", true)]
    [DataRow("1::", "1::", true)]
    [DataRow("64:ff9b::10.1.2.3", "64:ff9b::a01:203", true)]
    [DataRow("64:ff9b::a01:203", "64:ff9b::10.1.2.3", true)]
    [DataRow("fe80::1", "fe80::1%eth0", true)]
    [DataRow("fe80::1", "FE80::0:1%12", true)]
    [DataRow("fe80::1", "fe80::1%25eth0", true)]
    [DataRow("fe80::1", "fe80::2%eth0", false)]
    [DataRow("fe80::1", "fe80::1%", false)]
    [DataRow("fe80::1", "%eth0", false)]
    [DataRow("fe80::1", "fe80%eth0::1", false)]
    [DataRow("10.0.0.1", "10.0.0.1%eth0", false)]
    [DataRow("::ffff:10.0.0.1", "::ffff:10.0.0.1", true)]
    [DataRow("::ffff:10.0.0.1", "10.0.0.1", false)]
    [DataRow("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", true)]
    [DataRow("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", false)]
    [DataRow("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", false)]
    [DataRow("1:2:3:4:5:6:0:8", "1:2:3:4:5:6::8", true)]
    [DataRow("1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", false)]
    [DataRow("::1", ":::1", false)]
    [DataRow("::1", ":1", false)]
    [DataRow("::1", "::00001", false)]
    public void AddressesAreCompared(string presented, string expected, bool matches)
    {
        CertificateSpec spec = CertificateSpec.End();
        spec.IpAddresses = ["192.0.2.7", presented];
        AssertName(spec, expected, matches);
    }

    [TestMethod]
    [DataRow(NameCheck.SubjectAltName, "", "cn.example.com", false)]
    [DataRow(NameCheck.AllowCommonName, "", "cn.example.com", true)]
    [DataRow(NameCheck.AllowCommonName, "", "other.example.com", false)]
    [DataRow(NameCheck.AllowCommonName, "san.example.com", "cn.example.com", false)]
    [DataRow(NameCheck.AllowCommonName, "san.example.com", "san.example.com", true)]
    [DataRow(NameCheck.None, "", "whatever", true)]
    public void TheCommonNameCountsOnlyWhenAllowedAndAlone(NameCheck check, string presented, string expected, bool matches)
    {
        CertificateSpec spec = presented.Length == 0 ? CertificateSpec.End() : CertificateSpec.End(presented);
        spec.CommonName = "cn.example.com";
        spec.Uris = ["coaps://uri.example.com"];
        AssertName(spec, expected, matches, check);
    }

    [TestMethod]
    public void AnAddressIsNeverTakenFromTheCommonName()
    {
        CertificateSpec spec = CertificateSpec.End();
        spec.CommonName = "10.0.0.1";
        AssertName(spec, "10.0.0.1", false, NameCheck.AllowCommonName);
    }

    [TestMethod]
    [DataRow("10.0.0.300")]
    [DataRow("1")]
    [DataRow("a.1")]
    public void WhatIsNoHostNameIsNotThatOfAnEmptyCommonName(string expected)
    {
        CertificateSpec spec = CertificateSpec.End();
        spec.Subject = TestCa.Name([("2.5.4.3", NameComparisonTests.Text(0x0C, ""))]);
        AssertName(spec, expected, false, NameCheck.AllowCommonName);
    }

    [TestMethod]
    public void ACommonNameDoesNotStandBesideAnAddress()
    {
        CertificateSpec spec = CertificateSpec.End();
        spec.CommonName = "cn.example.com";
        spec.IpAddresses = ["10.0.0.1"];
        AssertName(spec, "cn.example.com", false, NameCheck.AllowCommonName);
    }

    [TestMethod]
    public void AUriIsNoHostName()
    {
        CertificateSpec spec = CertificateSpec.End("other.example");
        spec.Uris = ["a.example.com"];
        AssertName(spec, "a.example.com", false);
    }

    [TestMethod]
    public void ANameWithAZeroInItDoesNotEndThere()
    {
        byte[] names = TestCa.Value(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteOctetString(
                    Encoding.ASCII.GetBytes("a.example.com\0.evil.example"),
                    new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, 2));
            }
        });
        CertificateSpec spec = CertificateSpec.End();
        spec.Extensions.Add(("2.5.29.17", false, names));
        AssertName(spec, "a.example.com", false);
    }

    [TestMethod]
    public void AServerNeedsANameToBeComparedWithAndAClientDoesNot()
    {
        IssuedCertificate end = TestCa.Issue(Root, CertificateSpec.End("a.example.com"));
        var bench = new Bench { Name = null };
        bench.Trust(Root);
        Assert.AreEqual(DtlsError.CertificateNameMismatch, bench.Verify(end));
        bench.Name = "";
        Assert.AreEqual(DtlsError.CertificateNameMismatch, bench.Verify(end));
        bench.OfServer = false;
        Assert.AreEqual(DtlsError.None, bench.Verify(end));
        bench.Name = "b.example.com";
        Assert.AreEqual(DtlsError.CertificateNameMismatch, bench.Verify(end));
    }

    private static void AssertName(CertificateSpec spec, string expected, bool matches, NameCheck check = NameCheck.SubjectAltName)
    {
        var bench = new Bench { Name = expected, NameCheck = check };
        bench.Trust(Root);
        Assert.AreEqual(matches ? DtlsError.None : DtlsError.CertificateNameMismatch, bench.Verify(TestCa.Issue(Root, spec)));
        Assert.AreEqual(Alert.BadCertificate, AlertTable.AlertFor(DtlsError.CertificateNameMismatch));
    }
}

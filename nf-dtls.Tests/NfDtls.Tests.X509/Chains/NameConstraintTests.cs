using System;
using System.Linq;
using System.Net;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;

namespace NfDtls.Tests.X509.Chains;

[TestClass]
public class NameConstraintTests
{
    private const string Oid = "2.5.29.30";

    [TestMethod]
    [DataRow("example.com", "", "a.example.com", true)]
    [DataRow("example.com", "", "example.com", true)]
    [DataRow("EXAMPLE.com", "", "a.example.COM", true)]
    [DataRow("example.com", "", "badexample.com", false)]
    [DataRow("example.com", "", "example.org", false)]
    [DataRow("example.com", "", "com", false)]
    [DataRow(".example.com", "", "a.example.com", true)]
    [DataRow(".example.com", "", "example.com", false)]
    [DataRow("example.org,example.com", "", "a.example.com", true)]
    [DataRow("", "example.com", "a.example.com", false)]
    [DataRow("", "example.com", "example.com", false)]
    [DataRow("", "example.com", "a.example.org", true)]
    [DataRow("", "b.example.com", "a.example.com", true)]
    [DataRow("example.com", "a.example.com", "a.example.com", false)]
    [DataRow("example.com", "a.example.com", "b.example.com", true)]
    [DataRow("example.com", "", "*.example.com", true)]
    [DataRow("", "a.example.com", "*.example.com", false)]
    [DataRow("", "a.example.org", "*.example.com", true)]
    public void HostNamesMustBeInsideWhatIsPermittedAndOutsideWhatIsExcluded(string permitted, string excluded, string name, bool isAllowed)
    {
        CertificateSpec spec = CertificateSpec.End(name);
        AssertAllowed(TestCa.NameConstraints(Hosts(permitted), Hosts(excluded)), spec, name.Replace("*", "x"), isAllowed);
    }

    [TestMethod]
    [DataRow("10.0.0.0/255.0.0.0", "10.1.2.3", true)]
    [DataRow("10.0.0.0/255.0.0.0", "11.1.2.3", false)]
    [DataRow("2001:db8::/ffff:ffff::", "2001:db8::1", true)]
    [DataRow("2001:db8::/ffff:ffff::", "2001:db9::1", false)]
    [DataRow("2001:db8::/ffff:ffff::", "10.1.2.3", false)]
    public void AddressesMustBeInAPermittedNetwork(string network, string address, bool isAllowed)
    {
        byte[] content = [.. network.Split('/').SelectMany(part => IPAddress.Parse(part).GetAddressBytes())];
        CertificateSpec spec = CertificateSpec.End();
        spec.IpAddresses = [address];
        AssertAllowed(TestCa.NameConstraints([(7, content)], []), spec, address, isAllowed);
        AssertAllowed(
            TestCa.NameConstraints([], [(7, content)]), spec, address, network.Contains(':') != address.Contains(':') || !isAllowed);
    }

    [TestMethod]
    public void DirectoryNamesMustBeginWithAPermittedOne()
    {
        byte[] ours = TestCa.Value(writer =>
        {
            using (writer.PushSequence())
            using (writer.PushSetOf())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("2.5.4.10");
                writer.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.UTF8String, "NfDtls");
            }
        });
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        AssertAllowed(TestCa.NameConstraints([(4, ours)], []), spec, Bench.Host, true);
        AssertAllowed(TestCa.NameConstraints([(4, TestCa.Name("x"))], []), spec, Bench.Host, false);
        AssertAllowed(TestCa.NameConstraints([(4, TestCa.Name(spec.CommonName))], []), spec, Bench.Host, true);
    }

    [TestMethod]
    public void AFormThatIsNotHonouredIsRefusedWhereCritical()
    {
        byte[][] values =
        [
            TestCa.NameConstraints([(1, "example.com"u8.ToArray())], []),
            TestCa.NameConstraints([], [(6, "example.com"u8.ToArray())]),
            TestCa.NameConstraints([], [(4, TestCa.Name("x"))]),
        ];
        foreach (byte[] value in values)
        {
            CertificateSpec end = CertificateSpec.End(Bench.Host);
            Assert.AreEqual(DtlsError.UnsupportedCertificate, Verify(value, true, end, Bench.Host, NameCheck.SubjectAltName));
            Assert.AreEqual(DtlsError.None, Verify(value, false, end, Bench.Host, NameCheck.SubjectAltName));
        }
    }

    [TestMethod]
    public void ACommonNameThatStandsForAHostIsConstrained()
    {
        CertificateSpec spec = CertificateSpec.End();
        spec.CommonName = "a.example.com";
        byte[] value = TestCa.NameConstraints(Hosts("example.org"), []);
        Assert.AreEqual(DtlsError.CertificateNameConstraint, Verify(value, true, spec, "a.example.com", NameCheck.AllowCommonName));
        Assert.AreEqual(DtlsError.None, Verify(value, true, spec, "whatever", NameCheck.None));
    }

    [TestMethod]
    [DataRow("rolling", true)]
    [DataRow("another", false)]
    public void ASelfIssuedAuthorityIsExemptAndAnotherIsNot(string name, bool isAllowed)
    {
        CertificateSpec constrained = CertificateSpec.Authority("rolling");
        constrained.Extensions.Add((Oid, true, TestCa.NameConstraints(Hosts("example.com"), [])));
        IssuedCertificate root = TestCa.SelfSigned(constrained);
        CertificateSpec spec = CertificateSpec.Authority(name);
        spec.DnsNames = ["authority.example.org"];
        IssuedCertificate middle = TestCa.Issue(root, spec);
        var bench = new Bench();
        bench.Trust(root);
        DtlsError outcome = bench.Verify(TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), middle);
        Assert.AreEqual(isAllowed ? DtlsError.None : DtlsError.CertificateNameConstraint, outcome);
    }

    private static (int Tag, byte[] Content)[] Hosts(string names)
    {
        return [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => (2, Encoding.ASCII.GetBytes(name)))];
    }

    private static void AssertAllowed(byte[] constraints, CertificateSpec end, string name, bool isAllowed)
    {
        DtlsError expected = isAllowed ? DtlsError.None : DtlsError.CertificateNameConstraint;
        Assert.AreEqual(expected, Verify(constraints, true, end, name, NameCheck.SubjectAltName));
        Assert.AreEqual(Alert.BadCertificate, AlertTable.AlertFor(DtlsError.CertificateNameConstraint));
    }

    /// <summary>Once with the constraints in an intermediate, once in the trusted certificate: the outcome must be the same.</summary>
    private static DtlsError Verify(byte[] constraints, bool isCritical, CertificateSpec end, string name, NameCheck check)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        CertificateSpec spec = CertificateSpec.Authority("constrained");
        spec.Extensions.Add((Oid, isCritical, constraints));
        IssuedCertificate middle = TestCa.Issue(root, spec);
        IssuedCertificate leaf = TestCa.Issue(middle, end);
        var bench = new Bench { Name = name, NameCheck = check };
        bench.Trust(root);
        DtlsError outcome = bench.Verify(leaf, middle);
        if (outcome != DtlsError.UnsupportedCertificate)
        {
            bench = new Bench { Name = name, NameCheck = check };
            bench.Trust(middle);
            Assert.AreEqual(outcome, bench.Verify(leaf));
        }

        return outcome;
    }
}

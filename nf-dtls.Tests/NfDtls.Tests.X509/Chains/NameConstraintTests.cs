using System;
using System.Linq;
using System.Net;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

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
    [DataRow("com,example.com,example.org", "", "a.example.com", true)]
    [DataRow("example.org,example.net", "", "a.example.com", false)]
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
    [DataRow("O=Lab", "", "o=lab/CN=x", true)]
    [DataRow("O=Lab/CN=x", "", "o=lab/CN=X", true)]
    [DataRow("O=Lab/CN=x/OU=y", "", "o=lab/CN=X", false)]
    [DataRow("O=Lab", "", "O=Labs/CN=x", false)]
    [DataRow("O=Lab", "", "CN=x/O=Lab", false)]
    [DataRow("O=Lab,O=Fab", "", "O=FAB/CN=x", true)]
    [DataRow("", "O=Lab", "o=lAB/CN=x", false)]
    [DataRow("", "O=Lab", "O= Lab /CN=x", false)]
    [DataRow("", "O=Lab", "O=Labs/CN=x", true)]
    [DataRow("", "O=Lab/CN=y", "O=Lab/CN=x", true)]
    [DataRow("O=Lab", "O=Lab/CN=x", "O=Lab/CN=X", false)]
    [DataRow("", "O=Lab", "O=\uff2cab/CN=x", false)]
    [DataRow("", "O=M\u00fcller", "O=Mu\u0308ller", false)]
    [DataRow("", "O=M\u00fcller", "O=M\u00dcLLER", false)]
    [DataRow("", "O=M\u00fcller", "O=Mueller", true)]
    [DataRow("", "O=Lab", "O=\u65e5\u672c", true)]
    [DataRow("", "O=Lab", "O=\u041b\u0430\u0431", true)]
    public void DirectoryNamesAreComparedAsNames(string permitted, string excluded, string subject, bool isAllowed)
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Subject = DirectoryName(subject, 0x0C);
        foreach (int type in new[] { 0x0C, 0x1E })
        {
            AssertAllowed(TestCa.NameConstraints(Directories(permitted, type), Directories(excluded, type)), spec, Bench.Host, isAllowed);
        }
    }

    [TestMethod]
    public void ADirectoryNameOfSubjectAltNameIsConstrainedLikeTheSubject()
    {
        byte[] names = TestCa.Value(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(TestCa.Tagged(0x82, Encoding.ASCII.GetBytes(Bench.Host)));
                writer.WriteEncodedValue(TestCa.Tagged(0xA4, DirectoryName("O=Evil", 0x0C)));
            }
        });
        CertificateSpec spec = CertificateSpec.End();
        spec.Extensions.Add(("2.5.29.17", false, names));
        AssertAllowed(TestCa.NameConstraints([], Directories("O=evil", 0x13)), spec, Bench.Host, false);
        AssertAllowed(TestCa.NameConstraints(Directories("O=NfDtls", 0x0C), []), spec, Bench.Host, false);
        AssertAllowed(TestCa.NameConstraints(Directories("O=NfDtls,O=EVIL", 0x0C), []), spec, Bench.Host, true);
    }

    [TestMethod]
    [DataRow("example.com", "", "a@example.com", true)]
    [DataRow("example.com", "", "a@EXAMPLE.com", true)]
    [DataRow("example.com", "", "a@b.example.com", false)]
    [DataRow("example.com", "", "a@badexample.com", false)]
    [DataRow(".example.com", "", "a@b.example.com", true)]
    [DataRow(".example.com", "", "a@example.com", false)]
    [DataRow("a@example.com", "", "a@Example.com", true)]
    [DataRow("a@example.com", "", "A@example.com", false)]
    [DataRow("a@example.com", "", "b@example.com", false)]
    [DataRow("example.com", "", "example.com", false)]
    [DataRow("", "example.com", "a@example.com", false)]
    [DataRow("", "example.com", "a@example.org", true)]
    [DataRow("", ".example.com", "a@b.example.com", false)]
    [DataRow("", "a@example.com", "b@example.com", true)]
    [DataRow("", "a@example.com", "a@example.com", false)]
    [DataRow("", "example.com", "example.org", false)]
    public void MailAddressesAreThoseOfAMailboxAHostOrADomain(string permitted, string excluded, string address, bool isAllowed)
    {
        byte[] constraints = TestCa.NameConstraints(Names(1, permitted), Names(1, excluded));
        AssertAllowed(constraints, WithNames(0x81, address), Bench.Host, isAllowed);

        // One in the subject counts as well, whatever type of string it has.
        foreach (int type in new[] { 0x16, 0x0C })
        {
            CertificateSpec spec = CertificateSpec.End(Bench.Host);
            spec.Subject = TestCa.Name([("2.5.4.10", NameComparisonTests.Text(0x0C, "o"))], [("1.2.840.113549.1.9.1", NameComparisonTests.Text(type, address))]);
            AssertAllowed(constraints, spec, Bench.Host, isAllowed);
        }
    }

    [TestMethod]
    [DataRow("a.example.com", "", "coaps://a.example.com/x", true)]
    [DataRow("a.example.com", "", "coaps://A.example.COM:5684", true)]
    [DataRow("a.example.com", "", "coaps://user:word@a.example.com?q@x", true)]
    [DataRow("a.example.com", "", "coaps://a.example.com@evil.example/x", false)]
    [DataRow("a.example.com", "", "coaps://evil.example#@a.example.com", false)]
    [DataRow("a.example.com", "", "coaps://b.a.example.com", false)]
    [DataRow(".example.com", "", "coaps://b.a.example.com", true)]
    [DataRow(".example.com", "", "coaps://example.com", false)]
    [DataRow(".example.com", "", "urn:uuid:1", false)]
    [DataRow("10.0.0.1", "", "coaps://10.0.0.1/", false)]
    [DataRow("", "a.example.com", "coaps://a.example.com:1/x", false)]
    [DataRow("", "a.example.com", "coaps://b.example.com", true)]
    [DataRow("", ".example.com", "coaps://a.b.example.com", false)]
    [DataRow("", "a.example.com", "urn:uuid:1", false)]
    [DataRow("", "a.example.com", "coaps://[::1]/x", false)]
    [DataRow("", "a.example.com", "coaps://[fe80::a]/x", false)]
    [DataRow("", "a.example.com", "coaps:///x", false)]
    public void ResourcesAreThoseOnAHost(string permitted, string excluded, string uri, bool isAllowed)
    {
        AssertAllowed(TestCa.NameConstraints(Names(6, permitted), Names(6, excluded)), WithNames(0x86, uri), Bench.Host, isAllowed);
    }

    [TestMethod]
    public void AFormWhoseRulesNobodyKnowsIsRefusedWhereThereIsANameOfIt()
    {
        // registeredID: RFC 5280 has no rules for it.
        (int, byte[])[] ids = [(8, [0x2A, 0x03])];
        foreach (byte[] value in new[] { TestCa.NameConstraints(ids, []), TestCa.NameConstraints([], ids) })
        {
            Assert.AreEqual(DtlsError.None, Verify(value, true, CertificateSpec.End(Bench.Host), Bench.Host, NameCheck.SubjectAltName));
            Assert.AreEqual(DtlsError.UnsupportedCertificate, Outcome(value, WithNames(0x88, "\u0055\u0004")));
        }

        // Of the forms that are known, those that do not occur say nothing.
        foreach (int form in new[] { 1, 6, 7 })
        {
            byte[] value = TestCa.NameConstraints([(form, form == 7 ? new byte[8] : "example.org"u8.ToArray())], []);
            Assert.AreEqual(DtlsError.None, Verify(value, true, CertificateSpec.End(Bench.Host), Bench.Host, NameCheck.SubjectAltName));
        }
    }

    [TestMethod]
    public void ConstraintsThatAreNotCriticalHoldAsWell()
    {
        byte[] value = TestCa.NameConstraints(Hosts("example.org"), []);
        Assert.AreEqual(DtlsError.CertificateNameConstraint, Verify(value, false, CertificateSpec.End(Bench.Host), Bench.Host, NameCheck.SubjectAltName));
    }

    [TestMethod]
    [DataRow("30003000", false)]
    [DataRow("3000", false)]
    [DataRow("3002A000", false)]
    [DataRow("3002A100", false)]
    [DataRow("3004A000A100", false)]
    [DataRow("300AA0083006820161800100", true)]
    [DataRow("3007A0053003820161", true)]
    [DataRow("300EA1053003820161A0053003820162", false)]
    [DataRow("300EA0053003820161A0053003820162", false)]
    [DataRow("300EA0053003820161A1053003820162", true)]
    [DataRow("3008A0063004870401020304", false)]
    [DataRow("3008A1063004870401020304", false)]
    [DataRow("3007A10530038E0161", false)]
    [DataRow("3010A0053003820161A1073005A403300101", false)]
    [DataRow("3009A00730058703010203", false)]
    [DataRow("3007A00530038E0161", false)]
    [DataRow("3009A0073005A403300101", false)]
    public void ConstraintsAreWellFormed(string hex, bool isGood)
    {
        CertificateSpec spec = CertificateSpec.Authority("constrained");
        spec.Extensions.Add((Oid, true, Convert.FromHexString(hex)));
        byte[] der = TestCa.SelfSigned(spec).Der;
        Assert.AreEqual(isGood ? DtlsError.None : DtlsError.BadCertificate, new DtlsCertificate().Read(der, 0, der.Length));
        if (!isGood)
        {
            Assert.AreEqual(DtlsError.BadCertificate, new Bench { NameCheck = NameCheck.None }.VerifyDer(der));
        }
    }

    [TestMethod]
    [DataRow(0xA0)]
    [DataRow(0xA1)]
    public void ALongListOfSubtreesIsLookedAtToItsEnd(int list)
    {
        byte[] subtrees = [.. Enumerable.Repeat(new byte[] { 0x30, 3, 0x82, 1, 0x61 }, 300).SelectMany(subtree => subtree), 0x30, 3, 0x8E, 1, 0x61];
        CertificateSpec spec = CertificateSpec.Authority("constrained");
        spec.Extensions.Add((Oid, true, TestCa.Tagged(0x30, TestCa.Tagged(list, subtrees))));
        Assert.AreEqual(DtlsError.BadCertificate, new Bench { NameCheck = NameCheck.None }.VerifyDer(TestCa.SelfSigned(spec).Der));
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
    [DataRow("a.example.com", "", "evil.example.org", true)]
    [DataRow("a.example.com,b.example.com", "", "evil.example.org", true)]
    [DataRow("", "10.0.0.1", "evil.example.org", true)]
    [DataRow("", "", "evil.example.org", false)]
    [DataRow("", "", "a.example.com", true)]
    public void ACommonNameStandsForAHostWhereThereIsNoOther(string hosts, string address, string commonName, bool isAllowed)
    {
        CertificateSpec spec = CertificateSpec.End(hosts.Split(',', StringSplitOptions.RemoveEmptyEntries));
        spec.IpAddresses = address.Length > 0 ? [address] : [];
        spec.Uris = ["urn:a"];
        spec.CommonName = commonName;
        string name = address.Length > 0 ? address : hosts.Length > 0 ? hosts.Split(',')[0] : commonName;
        DtlsError expected = isAllowed ? DtlsError.None : DtlsError.CertificateNameConstraint;
        Assert.AreEqual(expected, Verify(TestCa.NameConstraints(Hosts("example.com"), []), true, spec, name, NameCheck.AllowCommonName));
    }

    [TestMethod]
    public void ASubjectThatIsEmptyIsInNoDirectory()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.CommonName = "";
        AssertAllowed(TestCa.NameConstraints(Directories("O=Lab", 0x0C), []), spec, Bench.Host, true);
        AssertAllowed(TestCa.NameConstraints([], [(4, TestCa.Name(""))]), spec, Bench.Host, true);
    }

    [TestMethod]
    public void AnIntermediateOfTheStoreHasNamesOfItsOwn()
    {
        CertificateSpec constrained = CertificateSpec.Authority("constrained");
        constrained.Extensions.Add((Oid, true, TestCa.NameConstraints(Hosts("example.com"), [])));
        IssuedCertificate root = TestCa.SelfSigned(constrained);
        foreach (NameCheck check in new[] { NameCheck.SubjectAltName, NameCheck.AllowCommonName })
        {
            IssuedCertificate middle = TestCa.Issue(root, CertificateSpec.Authority("m"));
            var bench = new Bench { NameCheck = check };
            bench.Trust(root);
            bench.Store.AddIntermediate(new DtlsCertificate(middle.Der));
            Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(middle, CertificateSpec.End(Bench.Host))));
        }
    }

    [TestMethod]
    public void AnEndThatHasItsIssuersNameIsNotExempt()
    {
        CertificateSpec constrained = CertificateSpec.Authority("same");
        constrained.Extensions.Add((Oid, true, TestCa.NameConstraints([], Hosts("example.com"))));
        IssuedCertificate root = TestCa.SelfSigned(constrained);
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.CommonName = "same";
        IssuedCertificate end = TestCa.Issue(root, spec);
        Assert.IsTrue(new DtlsCertificate(end.Der).IsSelfIssued);
        var bench = new Bench();
        bench.Trust(root);
        Assert.AreEqual(DtlsError.CertificateNameConstraint, bench.Verify(end));
    }

    [TestMethod]
    public void AVerifierThatFoundAnExcludedNameFindsItAgain()
    {
        CertificateSpec spec = CertificateSpec.Authority("constrained");
        spec.Extensions.Add((Oid, true, TestCa.NameConstraints([], Hosts("a.example.com"))));
        IssuedCertificate root = TestCa.SelfSigned(spec);
        var bench = new Bench { Name = "b.example.com" };
        bench.Trust(root);
        byte[] good = Bench.List([TestCa.Issue(root, CertificateSpec.End("b.example.com")).Der]);
        byte[] bad = Bench.List([TestCa.Issue(root, CertificateSpec.End("a.example.com", "b.example.com")).Der]);
        Assert.AreEqual(DtlsError.CertificateNameConstraint, bench.Verify(TestCa.Issue(root, CertificateSpec.End("a.example.com", "b.example.com"))));
        for (int i = 0; i < 2; i++)
        {
            Assert.AreEqual(DtlsError.CertificateNameConstraint, bench.Run(bad, 0, bad.Length));
            Assert.AreEqual(DtlsError.CertificateNameConstraint, bench.Run(bad, 0, bad.Length));
            Assert.AreEqual(DtlsError.None, bench.Run(good, 0, good.Length));
        }
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
        return Names(2, names);
    }

    private static (int Tag, byte[] Content)[] Names(int tag, string names)
    {
        return [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => (tag, Encoding.ASCII.GetBytes(name)))];
    }

    private static (int Tag, byte[] Content)[] Directories(string names, int type)
    {
        return [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => (4, DirectoryName(name, type)))];
    }

    /// <summary>A Name written as O=.../CN=... .</summary>
    private static byte[] DirectoryName(string text, int type)
    {
        (string, byte[])[][] names = [.. text.Split('/').Select(part => part.Split('=')).Select(part =>
            new[] { (part[0].ToUpperInvariant() switch { "O" => "2.5.4.10", "OU" => "2.5.4.11", _ => "2.5.4.3" }, NameComparisonTests.Text(type, part[1])) })];
        return TestCa.Name(names);
    }

    /// <summary>A server by its host name and one more name of another form.</summary>
    private static CertificateSpec WithNames(int tag, string name)
    {
        CertificateSpec spec = CertificateSpec.End();
        spec.Extensions.Add(("2.5.29.17", false, TestCa.Tagged(0x30, [.. TestCa.Tagged(0x82, Encoding.ASCII.GetBytes(Bench.Host)), .. TestCa.Tagged(tag, Encoding.ASCII.GetBytes(name))])));
        return spec;
    }

    /// <summary>Like <see cref="Verify"/>, where the error may be that of a form that is unsupported.</summary>
    private static DtlsError Outcome(byte[] constraints, CertificateSpec end)
    {
        CertificateSpec spec = CertificateSpec.Authority("constrained");
        spec.Extensions.Add((Oid, true, constraints));
        IssuedCertificate root = TestCa.SelfSigned(spec);
        var bench = new Bench();
        bench.Trust(root);
        return bench.Verify(TestCa.Issue(root, end));
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

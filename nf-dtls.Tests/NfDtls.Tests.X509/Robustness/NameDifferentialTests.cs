using System;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Robustness;

/// <summary>Random host names and addresses, shown to .NET's comparison and to ours.</summary>
[TestClass]
public class NameDifferentialTests
{
    private const int Certificates = 150;
    private const int NamesEach = 40;

    private static readonly string[] Labels = ["a", "b", "A", "example", "com", "x-y", "*"];
    private static readonly string[] Addresses = ["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:DB8:0::1", "::", "::ffff:10.0.0.1"];

    [TestMethod]
    public void DotNetMatchesTheSameNames()
    {
        var random = new Random(9525);
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        int matched = 0;
        for (int i = 0; i < Certificates; i++)
        {
            CertificateSpec spec = CertificateSpec.End(Host(random, true), Host(random, true));
            spec.IpAddresses = [Addresses[random.Next(Addresses.Length)]];
            byte[] der = TestCa.Issue(root, spec).Der;
            var ours = new DtlsCertificate(der);
            using X509Certificate2 theirs = X509CertificateLoader.LoadCertificate(der);
            for (int j = 0; j < NamesEach; j++)
            {
                string name = random.Next(5) == 0 ? Addresses[random.Next(Addresses.Length)] : Host(random, false);
                bool expected = theirs.MatchesHostname(name, allowWildcards: true, allowCommonName: false);
                bool actual = NameMatcher.Matches(ours, name, false);
                Assert.AreEqual(expected, actual, $"{name} with {string.Join(", ", spec.DnsNames)}, {spec.IpAddresses[0]}");
                matched += actual ? 1 : 0;
            }
        }

        Console.WriteLine($"{Certificates * NamesEach} names compared, {matched} matched by both");
        Assert.IsTrue(matched > 100, matched.ToString());
    }

    /// <summary>Three or four labels: .NET lets a wildcard stand before a single one, which we do not.</summary>
    private static string Host(Random random, bool isPattern)
    {
        int count = 3 + random.Next(2);
        int labels = Labels.Length - (isPattern ? 0 : 1);
        return string.Join('.', Enumerable.Range(0, count).Select(i => i < count - 2 ? Labels[random.Next(labels)] : Labels[random.Next(2, 5)]));
    }
}

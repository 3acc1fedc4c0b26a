using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.X509
{
    /// <summary>RFC 9525.</summary>
    [TestClass]
    public class NameTests
    {
        [TestMethod]
        public void Host_names_are_compared()
        {
            Bench bench = Bench.Believing();
            Name(bench, "a.example.com", true);
            Name(bench, "A.EXAMPLE.com", true);
            Name(bench, "a.example.com.", true);
            Name(bench, "b.example.com", false);
            Name(bench, "example.com", false);
            Name(bench, "x.a.example.com", false);
            Name(bench, "", false);
            Name(bench, null, false);
        }

        [TestMethod]
        public void A_wildcard_stands_for_one_label()
        {
            Bench bench = Bench.Believing();
            Name(bench, "x.b.example.com", true);
            Name(bench, "X.B.EXAMPLE.COM", true);
            Name(bench, "b.example.com", false);
            Name(bench, ".b.example.com", false);
            Name(bench, "x.y.b.example.com", false);
        }

        [TestMethod]
        public void Addresses_are_compared()
        {
            Bench bench = Bench.Believing();
            Name(bench, "10.0.0.1", true);
            Name(bench, "10.0.0.2", false);
            Name(bench, "10.0.0.01", false);
            Name(bench, "167772161", false);
            Name(bench, "2001:db8::1", true);
            Name(bench, "2001:DB8:0:0:0:0:0:1", true);
            Name(bench, "2001:db8::2", false);
            Name(bench, "::ffff:10.0.0.1", false);
        }

        [TestMethod]
        public void A_common_name_counts_where_it_is_allowed_and_alone()
        {
            Bench bench = Bench.Believing();
            bench.Name = "cn.example.com";
            bench.Refuse(DtlsError.CertificateNameMismatch, Chains.CommonName);
            bench.NameCheck = NameCheck.AllowCommonName;
            bench.Accept(Chains.CommonName);
            bench.Refuse(DtlsError.CertificateNameMismatch, Chains.Names);
            bench.Name = "other.example.com";
            bench.Refuse(DtlsError.CertificateNameMismatch, Chains.CommonName);
            bench.NameCheck = NameCheck.None;
            bench.Accept(Chains.CommonName);
        }

        [TestMethod]
        public void A_resource_is_no_host_name()
        {
            Name(Bench.Believing(), "uri.example.com", false);
        }

        private static void Name(Bench bench, string expected, bool matches)
        {
            bench.Name = expected;
            DtlsError error = matches ? DtlsError.None : DtlsError.CertificateNameMismatch;
            Assert.AreEqual((int)error, (int)bench.Verify(Chains.Names), expected == null ? "null" : expected);
        }
    }
}

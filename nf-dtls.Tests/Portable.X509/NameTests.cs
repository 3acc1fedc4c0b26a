using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

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
            Name(bench, "2001:db8::1%eth0", true);
            Name(bench, "2001:db8::1%", false);
            Name(bench, "10.0.0.1%eth0", false);
        }

        [TestMethod]
        public void Directory_names_are_compared_by_their_characters()
        {
            // CN=Lab Root as UTF8String, PrintableString and BMPString; then with other case, spaces, letters.
            string utf8 = "3013" + "3111300F0603550403" + "0C084C616220526F6F74";
            Same(utf8, utf8, true);
            Same(utf8, "3013" + "3111300F0603550403" + "13084C616220526F6F74", true);
            Same(utf8, "301B" + "311930170603550403" + "1E10004C0061006200200052006F006F0074", true);
            Same(utf8, "3013" + "3111300F0603550403" + "13086C414220724F4F54", true);
            Same(utf8, "3017" + "311530130603550403" + "130C204C6162202020526F6F7420", true);
            Same(utf8, "3013" + "3111300F0603550403" + "0C084C616220526F6F75", false);
            Same(utf8, "3013" + "3111300F060355040A" + "0C084C616220526F6F74", false);
            Same(utf8, "3012" + "3110300E0603550403" + "0C074C616220526F6F", false);
            Same("300E" + "310C300A0603550403" + "0C03C39C62", "300E" + "310C300A0603550403" + "0C03C3BC42", true);
            Same("300E" + "310C300A0603550403" + "0C03C39C62", "300D" + "310B30090603550403" + "1402FC42", true);
        }

        [TestMethod]
        public void Attributes_of_a_set_have_no_order()
        {
            string a = "30080603550403" + "0C0161";
            string b = "3008060355040B" + "130142";
            Same("3016" + "3114" + a + b, "3016" + "3114" + b + a, true);
            Same("3016" + "3114" + a + b, "3016" + "3114" + a + a, false);
            Same("3016" + "3114" + a + b, "3018" + "310A" + a + "310A" + b, false);
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

        private static void Same(string one, string other, bool isSame)
        {
            byte[] a = Check.Hex(one);
            byte[] b = Check.Hex(other);
            Assert.IsTrue(DirectoryName.AreEqual(a, 0, a.Length, b, 0, b.Length) == isSame, one + " and " + other);
            Assert.IsTrue(DirectoryName.AreEqual(b, 0, b.Length, a, 0, a.Length) == isSame, other + " and " + one);
        }

        private static void Name(Bench bench, string expected, bool matches)
        {
            bench.Name = expected;
            DtlsError error = matches ? DtlsError.None : DtlsError.CertificateNameMismatch;
            Assert.AreEqual((int)error, (int)bench.Verify(Chains.Names), expected == null ? "null" : expected);
        }
    }
}

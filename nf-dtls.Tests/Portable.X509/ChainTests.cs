using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    [TestClass]
    public class ChainTests
    {
        [TestMethod]
        public void A_chain_to_a_trusted_root_is_good()
        {
            Bench bench = Bench.Strict();
            bench.Trust(Chains.Root);
            bench.Accept(Chains.End, Chains.Middle);
            Assert.AreEqual("root", bench.Verifier.Anchor.CommonName, "anchor");
            bench.Accept(Chains.End, Chains.Middle, Chains.Root);
        }

        [TestMethod]
        public void An_intermediate_may_stand_in_the_store()
        {
            Bench bench = Bench.Strict();
            bench.Trust(Chains.Root);
            bench.Refuse(DtlsError.UnknownCa, Chains.End);
            bench.Store.AddIntermediate(Bench.Certificate(Chains.Middle));
            bench.Accept(Chains.End);
        }

        [TestMethod]
        public void Authorities_of_RSA_and_Ed25519_sign()
        {
            Bench bench = Bench.Strict();
            bench.Trust(Kinds.Rsa);
            bench.Trust(Kinds.Ed25519);
            bench.Accept(Kinds.EndOfRsa);
            bench.Accept(Kinds.EndOfEd25519);
        }

        [TestMethod]
        public void A_bad_signature_is_refused()
        {
            Changed(Chains.Other, Chains.EndOfOther);
            Changed(Kinds.Rsa, Kinds.EndOfRsa);
            Changed(Kinds.Ed25519, Kinds.EndOfEd25519);
        }

        [TestMethod]
        public void A_signed_byte_that_is_changed_is_refused()
        {
            Bench bench = Bench.Strict();
            bench.Trust(Chains.Other);
            byte[] der = Check.Hex(Chains.EndOfOther);
            int at = Chains.EndOfOther.IndexOf("6465766963652e6578616d706c65") / 2;   // device.example
            der[at] = (byte)'e';
            bench.Name = "eevice.example.com";
            byte[] list = Bench.Entry(der);
            Assert.AreEqual((int)DtlsError.BadCertificate, (int)bench.VerifyList(list, list.Length), "error");
        }

        [TestMethod]
        public void A_time_outside_the_validity_is_refused()
        {
            Bench bench = Bench.Believing();
            bench.Refuse(DtlsError.CertificateExpired, Chains.Expired);
            bench.Refuse(DtlsError.CertificateNotYetValid, Chains.NotYet);
            bench.Store.Clock = new FixedClock(Bench.Now + (10L * 366 * 86400));
            bench.Refuse(DtlsError.CertificateExpired, Chains.End, Chains.Middle);
        }

        [TestMethod]
        public void Without_the_time_a_chain_is_refused_unless_the_check_was_given_up()
        {
            Bench bench = Bench.Believing();
            bench.Store.Clock = null;
            bench.Refuse(DtlsError.CertificateTimeUnknown, Chains.End, Chains.Middle);
            bench.Store.TimeCheck = TimeCheck.WhenKnown;
            bench.Accept(Chains.End, Chains.Middle);
            bench.Refuse(DtlsError.UnknownCa, Chains.EndOfOther);
        }

        [TestMethod]
        public void Another_authority_is_refused()
        {
            Bench bench = Bench.Believing();
            bench.Refuse(DtlsError.UnknownCa, Chains.EndOfOther);
            bench.Refuse(DtlsError.UnknownCa, Chains.EndOfOther, Chains.Other);
            bench.Refuse(DtlsError.UnknownCa, Chains.End, Chains.Other);
        }

        [TestMethod]
        public void An_intermediate_that_is_no_authority_is_refused()
        {
            Bench.Believing().Refuse(DtlsError.CertificateNotAuthority, Chains.EndOfNoAuthority, Chains.NoAuthority);
        }

        [TestMethod]
        public void An_unknown_critical_extension_is_refused()
        {
            Bench.Believing().Refuse(DtlsError.UnsupportedCertificate, Chains.UnknownCritical);
        }

        [TestMethod]
        public void Another_purpose_is_refused()
        {
            Bench bench = Bench.Believing();
            bench.Refuse(DtlsError.CertificatePurpose, Chains.ForClients);
            bench.OfServer = false;
            bench.Accept(Chains.ForClients);
        }

        [TestMethod]
        public void Another_name_is_refused()
        {
            Bench bench = Bench.Believing();
            bench.Name = "other.example.com";
            bench.Refuse(DtlsError.CertificateNameMismatch, Chains.End, Chains.Middle);
        }

        [TestMethod]
        public void A_weak_key_is_refused()
        {
            Bench bench = Bench.Believing();
            bench.NameCheck = NameCheck.None;
            bench.Refuse(DtlsError.CertificateTooWeak, Kinds.RsaWeak);
        }

        [TestMethod]
        public void No_certificate_and_too_many_are_refused()
        {
            Bench bench = Bench.Believing();
            Assert.AreEqual((int)DtlsError.CertificateMissing, (int)bench.VerifyList(new byte[0], 0), "none");
            bench = Bench.Believing();
            bench.MaxChainLength = 2;
            bench.Refuse(DtlsError.CertificateChainTooLarge, Chains.End, Chains.Middle, Chains.Root);
            bench.Accept(Chains.End, Chains.Middle);
        }

        /// <summary>The last byte belongs to the signature.</summary>
        private static void Changed(string trusted, string end)
        {
            Bench bench = Bench.Strict();
            bench.Trust(trusted);
            byte[] list = Bench.Entry(Check.Hex(end));
            Assert.AreEqual((int)DtlsError.None, (int)bench.VerifyList(list, list.Length), "as it is");
            list[list.Length - 1] ^= 1;
            Assert.AreEqual((int)DtlsError.BadCertificate, (int)bench.VerifyList(list, list.Length), "changed");
        }
    }
}

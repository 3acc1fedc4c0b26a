using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    [TestClass]
    public class RememberedSignatureTests
    {
        [TestMethod]
        public void A_signature_is_verified_once_and_a_changed_one_anew()
        {
            CountingProvider crypto = new CountingProvider(Bench.Crypto());
            Bench bench = new Bench(crypto);
            bench.Trust(Chains.Other);
            byte[] list = Bench.Entry(Check.Hex(Chains.EndOfOther));
            Ask(bench, crypto, list, DtlsError.None, 1);
            Ask(bench, crypto, list, DtlsError.None, 0);
            list[list.Length - 1] ^= 1;
            Ask(bench, crypto, list, DtlsError.BadCertificate, 1);
            list[list.Length - 1] ^= 1;
            bench.Store.Clock = new FixedClock(Bench.Now + (10L * 366 * 86400));
            Ask(bench, crypto, list, DtlsError.CertificateExpired, 0);
        }

        [TestMethod]
        public void What_was_of_use_least_recently_gives_way_and_none_is_off()
        {
            // Signatures are believed here, and so are quick: what counts is whether the provider was asked.
            CountingProvider crypto = new CountingProvider(new BelievingProvider(Bench.Crypto()));
            Bench bench = new Bench(crypto);
            bench.Trust(Chains.Root);
            bench.Trust(Chains.Other);
            byte[] two = Check.Join(Bench.Entry(Check.Hex(Chains.End)), Bench.Entry(Check.Hex(Chains.Middle)));
            byte[] one = Bench.Entry(Check.Hex(Chains.EndOfOther));
            Assert.AreEqual(4, bench.Store.RememberedSignatures, "at first");
            bench.Store.RememberedSignatures = 2;
            Ask(bench, crypto, two, DtlsError.None, 2);
            Ask(bench, crypto, two, DtlsError.None, 0);
            Ask(bench, crypto, one, DtlsError.None, 1);
            Ask(bench, crypto, two, DtlsError.None, 1);
            Ask(bench, crypto, two, DtlsError.None, 0);
            bench.Store.RememberedSignatures = 0;
            Ask(bench, crypto, two, DtlsError.None, 2);
            Ask(bench, crypto, two, DtlsError.None, 2);
        }

        private static void Ask(Bench bench, CountingProvider crypto, byte[] list, DtlsError error, int verifications)
        {
            crypto.Verifications = 0;
            Assert.AreEqual((int)error, (int)bench.VerifyList(list, list.Length), "error");
            Assert.AreEqual(verifications, crypto.Verifications, "verifications");
        }
    }
}

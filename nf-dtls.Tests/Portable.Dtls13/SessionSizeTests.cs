using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>A session takes at most 512 bytes more than one of DTLS 1.2, which Portable.Memory measures: 1,965 and 1,413 bytes.</summary>
    [TestClass]
    public class SessionSizeTests
    {
        private const int More = 512;

        [TestMethod]
        public void A_session_with_managed_cryptography_takes_at_most_half_a_KB_more_than_one_of_DTLS_1_2()
        {
            new Measure13().Verify("managed cryptography", new SoftwareProvider(new SeededEntropy(1)), 5400, 1965 + More, 10240);
        }

        [TestMethod]
        public void A_session_whose_keys_are_the_firmwares_takes_at_most_half_a_KB_more_than_one_of_DTLS_1_2()
        {
            SoftwareProvider software = new SoftwareProvider(new SeededEntropy(1));
            CryptoProvider crypto = new CompositeProvider(new CryptoProvider[] { new KeylessProvider(), software });
            new Measure13().Verify("keys of the firmware", crypto, 3300, 1413 + More, 10240);
        }

        /// <summary>The key alone, and nothing of DTLS 1.2.</summary>
        private sealed class Measure13 : SessionMeasure
        {
            protected override void Choose(DtlsOptions options, bool isServer)
            {
                options.Suites = Suites13.Constrained();
                int[] none = new int[0];
                options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(none, true) : new Version13(none, true));
            }
        }
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Memory
{
    /// <summary>How small a session is; over the firmware's own cryptography Portable.Stock measures it.</summary>
    [TestClass]
    public class SessionSizeTests
    {
        [TestMethod]
        public void A_session_with_managed_cryptography_takes_at_most_2_KB()
        {
            new SessionMeasure().Verify("managed cryptography", new SoftwareProvider(new SeededEntropy(1)), 3312, 2048, 6656);
        }

        [TestMethod]
        public void A_session_whose_keys_are_the_firmwares_takes_at_most_1536_bytes()
        {
            SoftwareProvider software = new SoftwareProvider(new SeededEntropy(1));
            new SessionMeasure().Verify("keys of the firmware", new CompositeProvider(new CryptoProvider[] { new KeylessProvider(), software }), 2376, 1536, 6656);
        }
    }
}

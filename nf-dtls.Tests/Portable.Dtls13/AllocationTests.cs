using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Memory
{
    /// <summary>Records of DTLS 1.3 allocate nothing, neither where they are sent nor where they are received.</summary>
    [TestClass]
    public class AllocationTests
    {
        [TestMethod]
        public void No_record_allocates_anything_at_either_end()
        {
            new AllocationMeasure(new SoftwareProvider(new SeededEntropy(1))).Verify("managed cryptography");
        }

        [TestMethod]
        public void No_record_whose_keys_are_the_firmwares_allocates_anything_at_either_end()
        {
            SoftwareProvider software = new SoftwareProvider(new SeededEntropy(1));
            new AllocationMeasure(new CompositeProvider(new CryptoProvider[] { new KeylessProvider(), software })).Verify("keys of the firmware");
        }
    }
}

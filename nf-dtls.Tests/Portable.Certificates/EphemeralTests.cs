using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Certificates
{
    [TestClass]
    public class EphemeralTests
    {
        [TestMethod]
        public void ECDHE_PSK_connects_over_secp256r1()
        {
            Connect(NamedGroup.Secp256r1);
        }

        [TestMethod]
        public void ECDHE_PSK_connects_over_X25519()
        {
            Connect(NamedGroup.X25519);
        }

        [TestMethod]
        public void Without_a_common_group_there_is_no_common_suite()
        {
            TestBed bed = new TestBed(Setup.EcdhePsk(NamedGroup.Secp256r1), Setup.EcdhePsk(NamedGroup.X25519), 1, Setup.Crypto());
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived, "alert");
        }

        [TestMethod]
        public void A_handshake_survives_loss()
        {
            for (int seed = 1; seed <= 5; seed++)
            {
                TestBed bed = new TestBed(Setup.EcdhePsk(NamedGroup.X25519), Setup.EcdhePsk(NamedGroup.X25519), seed, Setup.Crypto());
                bed.Network.Drop = 20;
                bed.Network.Duplicate = 10;
                bed.Network.Delay = 10;
                bed.Connect();
                bed.Network.Drop = 0;
                bed.VerifyEcho();
            }
        }

        private static void Connect(int group)
        {
            TestBed bed = new TestBed(Setup.EcdhePsk(group), Setup.EcdhePsk(group), 1, Setup.Crypto()).Connect();
            Assert.AreEqual(0xD003, bed.Client.Association.Suite.Id, "suite");
            bed.VerifyEcho();
            bed.VerifyPools();
        }
    }
}

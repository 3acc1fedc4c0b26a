using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;

namespace NfDtls.Tests.Dtls13
{
    /// <summary>Handshakes and records of DTLS 1.3 with a pre-shared key alone.</summary>
    [TestClass]
    public class HandshakeTests
    {
        [TestMethod]
        public void Both_ends_connect_and_a_hundred_echoes_come_back()
        {
            TestBed bed = Bed(1).Connect();
            Assert.AreEqual(bed.Client.Association.Version, bed.ServerAssociation.Version, "version");
            for (int i = 0; i < 100; i++)
            {
                bed.VerifyEcho(i % 60);
            }

            bed.VerifyPools();
        }

        [TestMethod]
        public void A_handshake_survives_a_network_that_loses_doubles_and_delays()
        {
            for (int seed = 1; seed < 6; seed++)
            {
                TestBed bed = Bed(seed);
                bed.Network.Drop = 20;
                bed.Network.Duplicate = 20;
                bed.Network.Delay = 20;
                bed.Connect();
                bed.Network.Drop = 0;
                bed.VerifyEcho();
            }
        }

        [TestMethod]
        public void A_wrong_key_is_refused()
        {
            DtlsOptions client = Options(false);
            client.Psk = new PskStore();
            client.Psk.Add(Check.Bytes(16, 1), "sensor-1");
            TestBed bed = new TestBed(client, Options(true));
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(bed.IsOver, 3600000), "It did not end.");
            Assert.IsFalse(bed.IsConnected(), "connected");
        }

        private static TestBed Bed(int seed)
        {
            return new TestBed(Options(false), Options(true), seed);
        }

        private static DtlsOptions Options(bool isServer)
        {
            DtlsOptions options = TestBed.Options();
            options.Suites = Suites13.Constrained();
            int[] none = new int[0];
            options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(none, true) : new Version13(none, true));
            return options;
        }
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Handshakes
{
    [TestClass]
    public class LossTests
    {
        [TestMethod]
        public void Every_datagram_may_be_lost_once()
        {
            int sent = TestBed.Make().Connect().Network.Sent;
            for (int lost = 0; lost < sent; lost++)
            {
                TestBed bed = TestBed.Make();
                int number = lost;
                bed.Network.Filter = datagram => datagram.Number != number;
                bed.Connect().VerifyEcho();
                Assert.IsGreaterThanOrEqualTo(1, bed.Client.Engine.Statistics.Retransmissions + bed.Server.Statistics.Retransmissions, "sent again");
                bed.Network.Run(100000);
                bed.VerifyPools();
            }
        }

        [TestMethod]
        public void A_network_that_loses_doubles_and_delays_only_takes_longer()
        {
            for (int seed = 1; seed <= 12; seed++)
            {
                TestBed bed = TestBed.Make(seed);
                bed.Network.Drop = 25;
                bed.Network.Duplicate = 25;
                bed.Network.Delay = 25;
                bed.Connect();
                bed.Network.Drop = 0;
                bed.Network.Run(100000);
                bed.VerifyEcho();
            }
        }

        [TestMethod]
        public void A_silent_peer_ends_a_handshake_by_timeout_after_all_its_retries()
        {
            DtlsOptions client = TestBed.Options();
            client.MaxRetransmits = 3;
            TestBed bed = new TestBed(client, TestBed.Options());
            bed.Network.Filter = datagram => false;
            long began = bed.Network.Now;
            bed.VerifyClientFails(DtlsError.Timeout);
            Assert.AreEqual(4, bed.Network.Sent, "datagrams");
            Assert.AreEqual(1000 + 2000 + 4000 + 8000, bed.Network.Now - began, "milliseconds");
            bed.VerifyPools();
        }

        [TestMethod]
        public void A_last_flight_that_was_lost_is_sent_again()
        {
            TestBed bed = TestBed.Make();
            bool lost = false;
            bed.Network.Filter = delegate(Datagram datagram)
            {
                // The server's last flight begins with ChangeCipherSpec.
                bool drops = !lost && !datagram.ToServer && datagram.Bytes[0] == ContentType.ChangeCipherSpec;
                lost |= drops;
                return !drops;
            };
            bed.Connect().VerifyEcho();
            Assert.IsTrue(lost, "nothing was lost");
            Assert.AreEqual(1, bed.Server.Statistics.HandshakesCompleted, "handshakes");
        }
    }
}

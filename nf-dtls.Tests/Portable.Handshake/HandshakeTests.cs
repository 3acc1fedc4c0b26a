using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Handshakes
{
    [TestClass]
    public class HandshakeTests
    {
        [TestMethod]
        public void A_handshake_completes_and_data_comes_back_and_both_ends_close()
        {
            TestBed bed = TestBed.Make().Connect();
            bed.VerifyEcho();
            bed.VerifyEcho(200);
            bed.Client.Association.Close(1000, bed.Network.Now);
            bed.Network.Run(5000);
            Assert.AreEqual((int)AssociationState.Closed, (int)bed.Client.State, "client");
            Assert.AreEqual(0, bed.Server.SessionCount, "sessions");
            bed.VerifyPools();
        }

        [TestMethod]
        public void The_constrained_profile_costs_485_bytes()
        {
            DtlsOptions client = TestBed.Options();
            DtlsOptions server = TestBed.Options();
            client.Psk = new PskStore();
            client.Psk.Add(TestBed.Key, "sensor-00000017");
            server.Psk = client.Psk;
            TestBed bed = new TestBed(client, server).Connect();
            Assert.AreEqual(485, bed.Network.SentBytes, "bytes");
        }

        [TestMethod]
        public void Every_suite_with_a_key_connects()
        {
            CipherSuiteTable all = PskSuites.All();
            for (int i = 0; i < all.Count; i++)
            {
                DtlsOptions client = TestBed.Options();
                DtlsOptions server = TestBed.Options();
                client.Suites = new CipherSuiteTable().Add(all.At(i));
                server.Suites = client.Suites;
                TestBed bed = new TestBed(client, server, i).Connect();
                Assert.AreEqual(all.At(i).Id, bed.Client.Association.Suite.Id, "suite");
                bed.VerifyEcho();
            }
        }

        [TestMethod]
        public void Messages_in_fragments_connect()
        {
            DtlsOptions client = TestBed.Options();
            client.Mtu = 150;
            client.Suites = PskSuites.All();
            client.PoolPackets = 12;
            client.Psk = new PskStore();
            client.Psk.Add(TestBed.Key, new byte[128], null);
            DtlsOptions server = TestBed.Options();
            server.Mtu = 150;
            server.PoolPackets = 12;
            server.PskHint = new byte[120];
            server.Psk = client.Psk;
            TestBed bed = new TestBed(client, server).Connect();
            bed.VerifyEcho(60);
            bed.VerifyPools();
        }

        [TestMethod]
        public void Without_the_cookie_a_handshake_is_two_datagrams_shorter()
        {
            TestBed with = TestBed.Make().Connect();
            DtlsOptions server = TestBed.Options();
            server.CookieExchange = false;
            TestBed without = new TestBed(TestBed.Options(), server).Connect();
            Assert.AreEqual(with.Network.Sent - 2, without.Network.Sent, "datagrams");
        }

        [TestMethod]
        public void A_wrong_key_is_suspected_by_both_ends()
        {
            DtlsOptions client = TestBed.Options();
            client.Psk = new PskStore();
            client.Psk.Add(Check.Bytes(16, 0x41), "sensor-1");
            client.MaxRetransmits = 2;
            TestBed bed = new TestBed(client, TestBed.Options());
            bed.VerifyClientFails(DtlsError.KeyMismatchSuspected);
            bed.Network.Run(4000000);
            Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.KeyMismatchSuspected), "suspicions of the server");
            bed.VerifyPools();
        }

        [TestMethod]
        public void An_unknown_identity_is_told()
        {
            DtlsOptions client = TestBed.Options();
            client.Psk = new PskStore();
            client.Psk.Add(TestBed.Key, "nobody");
            TestBed bed = new TestBed(client, TestBed.Options());
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(115, bed.Client.Association.AlertReceived, "alert");
        }

        [TestMethod]
        public void A_key_that_the_application_looks_up_comes_in_time()
        {
            DtlsOptions client = TestBed.Options();
            DtlsOptions server = TestBed.Options();
            client.AskForPsk = true;
            server.AskForPsk = true;
            TestBed bed = new TestBed(client, server);
            int asked = 0;
            bed.Network.PskWanted = delegate(PskRequest request)
            {
                asked++;
                if (request.IsServer)
                {
                    Check.Equal(Check.Ascii("node"), request.Asked, "identity");
                    request.Answer(TestBed.Key);
                }
                else
                {
                    request.Answer(TestBed.Key, Check.Ascii("node"));
                }
            };
            bed.Connect().VerifyEcho();
            Assert.AreEqual(2, asked, "questions");
        }

        [TestMethod]
        public void A_client_connects_again_after_it_closed()
        {
            TestBed bed = TestBed.Make();
            for (int i = 0; i < 3; i++)
            {
                bed.Connect().VerifyEcho();
                bed.Client.Association.Close(1000, bed.Network.Now);
                bed.Network.Run(5000);
            }

            Assert.AreEqual(3, bed.Server.Statistics.HandshakesCompleted, "handshakes");
        }
    }
}

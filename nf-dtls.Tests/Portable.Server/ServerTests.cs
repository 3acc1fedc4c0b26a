using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Servers
{
    /// <summary>Cookies, the session table and its map.</summary>
    [TestClass]
    public class ServerTests
    {
        [TestMethod]
        public void Nothing_is_kept_of_a_client_before_its_cookie()
        {
            TestBed bed = TestBed.Make();
            bed.Network.Filter = datagram => datagram.Number == 0;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(500);
            Assert.AreEqual(1, bed.Server.Statistics.CookiesSent, "cookies");
            Assert.AreEqual(0, bed.Server.SessionCount, "sessions");
            Assert.AreEqual(0, bed.Server.HandshakeCount, "handshakes");
            Assert.IsTrue(bed.Server.NextDeadline == long.MaxValue, "a timer runs");
        }

        [TestMethod]
        public void A_cookie_holds_for_its_address_only()
        {
            TestBed bed = TestBed.Make();
            byte[] second = null;
            bed.Network.Filter = delegate(Datagram datagram)
            {
                if (datagram.Number == 2)
                {
                    second = datagram.Bytes;
                }

                return datagram.Number < 2;
            };
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(500);
            byte[] other = { 192, 0, 2, 8, 0xC0, 0x01 };
            bed.Network.Inject(true, other, Check.Part(second, 0, second.Length), 0);
            bed.Network.Run(100);
            Assert.AreEqual(0, bed.Server.SessionCount, "sessions of another address");
            bed.Network.Inject(true, bed.Address, second, 0);
            bed.Network.Run(100);
            Assert.AreEqual(1, bed.Server.SessionCount, "sessions");
        }

        [TestMethod]
        public void A_cookie_holds_while_its_secret_is_the_last_one_or_the_one_before()
        {
            DtlsOptions server = TestBed.Options();
            server.CookieLifetime = 60000;
            Assert.IsTrue(ConnectsAfter(server, 59000), "after 59 s");
            Assert.IsFalse(ConnectsAfter(server, 125000), "after 125 s");
        }

        [TestMethod]
        public void A_full_table_refuses_a_client_until_another_one_leaves()
        {
            DtlsOptions options = TestBed.Options();
            options.MaxSessions = 2;
            options.MaxHandshakes = 2;
            TestBed bed = new TestBed(TestBed.Options(), options);
            bed.Connect();
            TestClient second = Join(bed, 8);
            TestClient third = Join(bed, 9);
            Assert.AreEqual((int)AssociationState.Connected, (int)second.State, "second");
            Assert.AreEqual((int)DtlsError.NoFreeSession, (int)third.Association.LastError, "third");
            Assert.IsGreaterThan(0, bed.Server.Statistics.NoFreeSession, "refused");
            second.Association.Close(1000, bed.Network.Now);
            bed.Network.Run(100);
            third.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => third.State != AssociationState.Connecting, 200000);
            Assert.AreEqual((int)AssociationState.Connected, (int)third.State, "third after the second left");
            bed.VerifyEcho();
        }

        [TestMethod]
        public void The_session_silent_longest_makes_place_where_that_is_wanted()
        {
            DtlsOptions options = TestBed.Options();
            options.MaxSessions = 2;
            options.MaxHandshakes = 2;
            TestBed bed = new TestBed(TestBed.Options(), options);
            bed.Connect();
            TestClient second = Join(bed, 8);
            bed.Network.Run(60000);
            bed.VerifyEcho();
            TestClient third = Join(bed, 9);
            bed.Network.Run(100);
            Assert.AreEqual((int)AssociationState.Connected, (int)third.State, "third");
            Assert.AreEqual((int)AssociationState.Closed, (int)second.State, "second");
            Assert.IsTrue(bed.IsConnected(), "the first was not the one silent longest");
        }

        [TestMethod]
        public void A_handshake_that_goes_no_further_gives_way_to_a_stranger_and_ends_after_30_seconds()
        {
            TestBed bed = TestBed.Make();
            bed.Network.Filter = datagram => datagram.Number < 3;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(500);
            Assert.AreEqual(1, bed.Server.HandshakeCount, "handshakes");
            bed.Client.Engine.Reset();
            bed.Network.Filter = null;
            TestClient stranger = Join(bed, 8);
            Assert.AreEqual((int)AssociationState.Connected, (int)stranger.State, "stranger");
            Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.NoFreeSession), "gave way");

            bed = TestBed.Make();
            bed.Network.Filter = datagram => datagram.Number < 3;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(500);
            bed.Client.Engine.Reset();
            bed.Network.Run(29000);
            Assert.AreEqual(1, bed.Server.HandshakeCount, "after 29.5 s");
            bed.Network.Run(1000);
            Assert.AreEqual(0, bed.Server.HandshakeCount, "after 30.5 s");
        }

        [TestMethod]
        public void The_map_agrees_with_a_list_whatever_comes_and_goes()
        {
            const int Sessions = 8;
            DtlsServerEngine engine = TestBed.Make().Server;
            AddressMap map = new AddressMap(Sessions, 12345);
            Association[] all = new Association[Sessions];
            bool[] there = new bool[Sessions];
            for (int i = 0; i < Sessions; i++)
            {
                all[i] = new Association(engine);
                all[i].AddressLength = 6;
                all[i].Address[2] = (byte)(i / 3);
                all[i].Address[5] = (byte)(i * 29);
            }

            SeededRandom random = new SeededRandom(4);
            for (int step = 0; step < 400; step++)
            {
                int index = random.Next(Sessions);

                // Who was asked for last is who it thinks of first.
                map.Find(all[index].Address, 6);
                if (there[index])
                {
                    map.Remove(all[index]);
                }
                else
                {
                    map.Set(all[index]);
                }

                there[index] = !there[index];
                Assert.AreSame(there[index] ? all[index] : null, map.Find(all[index].Address, 6), "the one that changed in step " + step.ToString());
                for (int i = 0; i < Sessions; i++)
                {
                    Assert.AreSame(there[i] ? all[i] : null, map.Find(all[i].Address, 6), "address " + i.ToString() + " in step " + step.ToString());
                }
            }
        }

        [TestMethod]
        public void The_map_leads_to_the_newest_of_an_address_and_after_it_to_nobody()
        {
            DtlsServerEngine engine = TestBed.Make().Server;
            AddressMap map = new AddressMap(2, 12345);
            Association[] both = { new Association(engine), new Association(engine) };
            for (int i = 0; i < both.Length; i++)
            {
                both[i].AddressLength = 6;
                map.Set(both[i]);
                Assert.AreSame(both[i], map.Find(both[i].Address, 6), "set");
            }

            map.Remove(both[0]);
            Assert.AreSame(both[1], map.Find(both[0].Address, 6), "the older one goes");
            map.Clear();
            Assert.IsNull(map.Find(both[1].Address, 6), "all go");
        }

        [TestMethod]
        public void A_client_that_lost_everything_takes_its_old_place()
        {
            DtlsOptions options = TestBed.Options();
            options.MaxSessions = 2;
            options.MaxHandshakes = 2;
            TestBed bed = new TestBed(TestBed.Options(), options).Connect();
            bed.Client.Engine.Reset();
            bed.Connect().VerifyEcho();
            Assert.AreEqual(1, bed.Server.SessionCount, "sessions");
        }

        private static TestClient Join(TestBed bed, byte host)
        {
            TestClient client = bed.Network.Add(new DtlsClientEngine(bed.Share(TestBed.Options())), new byte[] { 192, 0, 2, host, 0xC0, 0x01 });
            client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => client.State != AssociationState.Connecting, 20000);
            return client;
        }

        /// <summary>Whether a hello with a cookie that old begins a session.</summary>
        private static bool ConnectsAfter(DtlsOptions options, int milliseconds)
        {
            TestBed bed = new TestBed(TestBed.Options(), options);
            byte[] second = null;
            bed.Network.Filter = delegate(Datagram datagram)
            {
                if (datagram.Number == 2)
                {
                    second = datagram.Bytes;
                }

                return datagram.Number < 2;
            };
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(500);
            bed.Client.Engine.Reset();
            bed.Network.Run(milliseconds);
            bed.Network.Inject(true, bed.Address, second, 0);
            bed.Network.Run(100);
            return bed.Server.SessionCount == 1;
        }
    }
}

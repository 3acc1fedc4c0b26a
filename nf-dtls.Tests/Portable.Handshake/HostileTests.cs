using System.Collections;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Handshakes
{
    /// <summary>Datagrams that no honest peer sends.</summary>
    [TestClass]
    public class HostileTests
    {
        [TestMethod]
        public void Garbage_during_a_handshake_does_no_harm()
        {
            for (int stage = 0; stage < 6; stage++)
            {
                SeededRandom random = new SeededRandom(stage + 1);
                TestBed bed = TestBed.Make(stage + 1);
                int number = stage;
                bed.Network.Filter = delegate(Datagram datagram)
                {
                    for (int i = 0; datagram.Number == number && i < 20; i++)
                    {
                        bed.Network.Inject(i % 2 == 0, bed.Address, Garbage(random), random.Next(20));
                    }

                    return true;
                };
                bed.Connect().VerifyEcho();
                bed.Network.Run(5000);
                bed.VerifyPools();
            }
        }

        [TestMethod]
        public void Mutated_handshakes_throw_nothing_leak_nothing_and_the_next_one_succeeds()
        {
            DtlsOptions client = TestBed.Options();
            DtlsOptions server = TestBed.Options();
            client.MaxRetransmits = 1;
            server.MaxRetransmits = 1;
            server.MaxSessions = 2;
            server.MaxHandshakes = 2;
            client.Suites = PskSuites.All();
            server.Suites = PskSuites.All();
            server.PskHint = Check.Ascii("hint");
            TestBed bed = new TestBed(client, server);
            int failed = 0;
            for (int seed = 1; seed <= 60; seed++)
            {
                SeededRandom random = new SeededRandom(seed);
                bed.Network.Filter = delegate(Datagram datagram)
                {
                    if (random.Next(3) == 0)
                    {
                        datagram.Bytes = Mutate(random, datagram.Bytes);
                    }

                    return true;
                };
                bed.Client.Engine.Connect(bed.Network.Now);
                bed.Network.Run(bed.IsOver, 1000000);
                failed += bed.Client.State == AssociationState.Closed ? 1 : 0;
                bed.Network.Filter = null;
                bed.Network.Run(400000);
                bed.VerifyPools();
                bed.Client.Engine.Reset();
            }

            Assert.IsGreaterThan(5, failed, "handshakes that failed");
            bed.Connect().VerifyEcho();
        }

        [TestMethod]
        public void Mutated_records_change_nothing_but_counters()
        {
            TestBed bed = TestBed.Make();
            ArrayList seen = new ArrayList();
            bed.Network.Filter = delegate(Datagram datagram)
            {
                seen.Add(datagram.Copy());
                return true;
            };
            bed.Connect().VerifyEcho();
            bed.VerifyEcho(100);
            bed.Network.Filter = null;
            bed.Network.Run(5000);
            SeededRandom random = new SeededRandom(9);
            int dropped = bed.Server.Statistics.DroppedInAll + bed.Client.Engine.Statistics.DroppedInAll;
            for (int i = 0; i < 1000; i++)
            {
                Datagram datagram = (Datagram)seen[random.Next(seen.Count)];
                byte[] bytes = Mutate(random, datagram.Bytes);
                if (datagram.ToServer)
                {
                    bed.Server.HandleDatagram(bytes, 0, bytes.Length, bed.Address, bed.Address.Length, bed.Network.Now);
                }
                else
                {
                    bed.Client.Engine.HandleDatagram(bytes, 0, bytes.Length, bed.Network.Now);
                }

                bed.Network.Run(20);
            }

            Assert.IsGreaterThan(500, bed.Server.Statistics.DroppedInAll + bed.Client.Engine.Statistics.DroppedInAll - dropped, "dropped");
            Assert.AreEqual(0, bed.Client.Association.Pending, "data of an attacker's");
            Assert.AreEqual(1, bed.Server.SessionCount, "sessions");
            Assert.IsTrue(bed.IsConnected(), "a connection ended");
            bed.VerifyEcho();
        }

        [TestMethod]
        public void A_record_that_comes_twice_is_delivered_once()
        {
            TestBed bed = TestBed.Make().Connect();
            bed.Network.Duplicate = 100;
            bed.VerifyEcho();
            bed.Network.Run(1000);
            Assert.AreEqual(0, bed.Client.Association.Pending, "data");
            Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.Replay), "replays");
        }

        [TestMethod]
        public void A_plain_alert_ends_no_connection()
        {
            TestBed bed = TestBed.Make().Connect();
            byte[] alert = Check.Hex("15fefd0000000000000063" + "0002" + "0228");
            bed.Network.Inject(true, bed.Address, Check.Part(alert, 0, alert.Length), 0);
            bed.Network.Inject(false, bed.Address, alert, 0);
            bed.Network.Run(5000);
            bed.VerifyEcho();
        }

        private static byte[] Garbage(SeededRandom random)
        {
            byte[] bytes = random.Bytes(random.Next(120));
            if (bytes.Length > 13 && random.Next(4) > 0)
            {
                // A header that is believed: a content type, DTLS 1.2, epoch 0 or 1, the right length.
                bytes[0] = (byte)(20 + random.Next(5));
                bytes[1] = 0xFE;
                bytes[2] = 0xFD;
                bytes[3] = 0;
                bytes[4] = (byte)random.Next(2);
                bytes[11] = 0;
                bytes[12] = (byte)(bytes.Length - 13);
            }

            return bytes;
        }

        private static byte[] Mutate(SeededRandom random, byte[] bytes)
        {
            if (random.Next(6) == 0)
            {
                return Check.Part(bytes, 0, random.Next(bytes.Length));
            }

            byte[] mutated = Check.Part(bytes, 0, bytes.Length);
            int changes = random.Next(1, 4);
            for (int i = 0; i < changes; i++)
            {
                mutated[random.Next(mutated.Length)] ^= (byte)random.Next(1, 256);
            }

            return mutated;
        }
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>The constrained profile, client and server in one program: a pool of 6 packets of 640 bytes, one suite, one key.</summary>
    [TestClass]
    public class SmallHeapTests
    {
        private const int Size = 64;

        [TestMethod]
        public void A_handshake_and_100_echoes_fit_in_64_KB()
        {
            Heap.Say("free before: " + Heap.Free().ToString());
            byte[] address = { 192, 0, 2, 7, 0xC0, 0x01 };
            byte[] wire = new byte[640];
            Sampler sampler = new Sampler();
            CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(1));

            // AES's table is one piece of 2 KB, made when it is first wanted: now there is one, in the midst of calls there may be none.
            crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8).Clear();
            PacketPool pool = new PacketPool(6, 640);
            DtlsClientEngine client = new DtlsClientEngine(Options(crypto, pool, sampler));
            DtlsServerEngine server = new DtlsServerEngine(Options(crypto, pool, sampler));
            Heap.Say("free with both ends made: " + Heap.Free().ToString());
            client.Connect(1000);
            Pump(client, server, address, wire, 1000, sampler);
            Association peer = server.Find(address, address.Length);
            Assert.AreEqual((int)AssociationState.Connected, (int)client.Association.State, "client");
            Assert.AreEqual((int)AssociationState.Connected, (int)peer.State, "server");
            Heap.Say("free at the handshake's peak: " + sampler.Least.ToString());
            Heap.Say("free after the handshake: " + Heap.Free().ToString());

            byte[] data = new byte[Size];
            byte[] back = new byte[Size];
            for (int i = 0; i < 100; i++)
            {
                long now = 2000 + i;
                for (int at = 0; at < Size; at++)
                {
                    data[at] = (byte)(i + at);
                }

                client.Association.Send(data, 0, Size, now);
                Pump(client, server, address, wire, now, null);
                Assert.AreEqual(Size, peer.Receive(back, 0), "received by the server");
                peer.Send(back, 0, Size, now);
                Pump(client, server, address, wire, now, null);
                Assert.AreEqual(Size, client.Association.Receive(back, 0), "received by the client");
                Check.Equal(data, back, "echo");
            }

            Heap.Say("free after 100 echoes: " + Heap.Free().ToString());
            Assert.AreEqual(6, pool.Available, "packets in the pool");
        }

        private static DtlsOptions Options(CryptoProvider crypto, PacketPool pool, TraceSink trace)
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = crypto;
            options.Pool = pool;
            options.Trace = trace;
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(Check.Bytes(16, 0x40), "device-000000001");
            options.Mtu = 640;
            options.MaxSessions = 1;
            options.MaxHandshakes = 1;
            options.MaxHandshakeMessage = 256;
            options.MaxFlight = 512;
            options.OutOfOrderSlots = 2;
            options.OutOfOrderBytes = 128;
            options.HeldRecords = 2;
            options.ReceiveQueue = 2;
            return options;
        }

        /// <summary>Carries datagrams until neither end has one.</summary>
        private static void Pump(DtlsClientEngine client, DtlsServerEngine server, byte[] address, byte[] wire, long now, Sampler sampler)
        {
            bool any = true;
            while (any)
            {
                any = false;
                for (Packet packet = client.PollDatagram(now); packet != null; packet = client.PollDatagram(now))
                {
                    int length = packet.CopyTo(wire, 0);
                    packet.Return();
                    server.HandleDatagram(wire, 0, length, address, address.Length, now);
                    any = true;
                    sampler?.Measure();
                }

                for (Packet packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
                {
                    int length = packet.CopyTo(wire, 0);
                    packet.Return();
                    client.HandleDatagram(wire, 0, length, now);
                    any = true;
                    sampler?.Measure();
                }
            }
        }
    }
}

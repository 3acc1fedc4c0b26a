using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>The constrained profile, client and server in one program: one set of options, a pool of 3 packets of 150 bytes, one suite, one key.</summary>
    [TestClass]
    public class SmallHeapTests
    {
        private const int Size = 64;

        // The least that there may be: the second hello goes in two pieces.
        private const int Mtu = 150;

        [TestMethod]
        public void A_handshake_and_100_echoes_of_the_smallest_ends_come_back()
        {
            Heap.Say("free before: " + Heap.Free().ToString());
            byte[] address = { 192, 0, 2, 7, 0xC0, 0x01 };
            Sampler sampler = new Sampler();
            CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(1));

            // AES's table is one piece of 2 KB, made when it is first wanted: now there is one, in the midst of calls there may be none.
            crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8).Clear();
            PacketPool pool = new PacketPool(3, Mtu);
            DtlsOptions options = Options(crypto, pool, sampler);
            DtlsClientEngine client = new DtlsClientEngine(options);
            DtlsServerEngine server = new DtlsServerEngine(options);
            Heap.Say("free with both ends made: " + Heap.Free().ToString());
            client.Connect(1000);
            Wire.Pump(client, server, address, 1000);
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
                Wire.Pump(client, server, address, now);
                Assert.AreEqual(Size, peer.Receive(back, 0), "received by the server");
                peer.Send(back, 0, Size, now);
                Wire.Pump(client, server, address, now);
                Assert.AreEqual(Size, client.Association.Receive(back, 0), "received by the client");
                Check.Equal(data, back, "echo");
            }

            Heap.Say("free after 100 echoes: " + Heap.Free().ToString());
            Assert.AreEqual(3, pool.Available, "packets in the pool");
        }

        private static DtlsOptions Options(CryptoProvider crypto, PacketPool pool, TraceSink trace)
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = crypto;
            options.Pool = pool;
            options.Trace = trace;
            options.Suites = Suites13.Constrained();
            options.Versions = new VersionTable().Add(new ServerVersion13(new int[0], true));
            options.Psk = new PskStore();
            options.Psk.Add(Check.Bytes(16, 0x40), "sensor-1");
            options.Mtu = Mtu;
            options.MaxSessions = 1;
            options.MaxHandshakes = 1;
            options.MaxHandshakeMessage = 172;
            options.ReplayWindow = 32;
            options.MaxFlight = 256;
            options.OutOfOrderSlots = 0;
            options.HeldRecords = 1;
            options.ReceiveQueue = 2;
            return options;
        }
    }
}

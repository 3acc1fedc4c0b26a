using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using NfDtls.Tests.Memory;

namespace NfDtls.Tests.Certificates
{
    /// <summary>What client and server in one program take of the heap, with one provider and a pool of 6 packets of 640 bytes for both.</summary>
    [TestClass]
    public class HeapTests
    {
        [TestMethod]
        public void ECDHE_PSK()
        {
            Run("ECDHE_PSK", Setup.Crypto(), Setup.EcdhePsk(NamedGroup.Secp256r1), Setup.EcdhePsk(NamedGroup.Secp256r1));
        }

        [TestMethod]
        public void ECDHE_ECDSA_with_the_servers_certificate()
        {
            CryptoProvider crypto = Setup.Crypto();
            Run("certificate", crypto, Setup.Certificate("", "", Identities.Root, crypto), Setup.Certificate(Identities.Server, Identities.ServerKey, "", crypto));
        }

        [TestMethod]
        public void ECDHE_ECDSA_with_certificates_of_both()
        {
            CryptoProvider crypto = Setup.Crypto();
            DtlsOptions server = Setup.Certificate(Identities.Server, Identities.ServerKey, Identities.Root, crypto);
            server.ClientCertificates = ClientCertificates.Require;
            Run("two certificates", crypto, Setup.Certificate(Identities.Client, Identities.ClientKey, Identities.Root, crypto), server);
        }

        [TestMethod]
        public void ECDHE_ECDSA_with_raw_keys_of_both()
        {
            DtlsOptions server = Setup.RawKey(Identities.ServerKey, Identities.ServerInfo, Identities.ClientInfo);
            server.ClientCertificates = ClientCertificates.Require;
            Run("two raw keys", Setup.Crypto(), Setup.RawKey(Identities.ClientKey, Identities.ClientInfo, Identities.ServerInfo), server);
        }

        private static void Run(string what, CryptoProvider crypto, DtlsOptions clientOptions, DtlsOptions serverOptions)
        {
            Heap.Say(what + ": free before: " + Heap.Free().ToString());
            byte[] address = { 192, 0, 2, 7, 0xC0, 0x01 };
            byte[] wire = new byte[640];
            Sampler sampler = new Sampler();
            PacketPool pool = new PacketPool(6, 640);
            DtlsClientEngine client = new DtlsClientEngine(Prepare(clientOptions, crypto, pool, sampler));
            DtlsServerEngine server = new DtlsServerEngine(Prepare(serverOptions, crypto, pool, sampler));
            Heap.Say(what + ": free with both ends made: " + Heap.Free().ToString());
            long now = 1000;
            client.Connect(now);
            Pump(client, server, address, wire, now, sampler);
            for (int i = 0; i < 3 && client.Association.State != AssociationState.Connected; i++)
            {
                // While an end computes, what it has no packet for is dropped; it comes again.
                now = client.NextDeadline;
                client.HandleTimeout(now);
                Pump(client, server, address, wire, now, sampler);
            }

            Association peer = server.Find(address, address.Length);
            Assert.AreEqual((int)AssociationState.Connected, (int)client.Association.State, "client");
            Assert.AreEqual((int)AssociationState.Connected, (int)peer.State, "server");
            Heap.Say(what + ": free at the handshake's peak: " + sampler.Least.ToString());
            Heap.Say(what + ": free after the handshake: " + Heap.Free().ToString());
            byte[] data = Check.Bytes(64);
            byte[] back = new byte[64];
            client.Association.Send(data, 0, data.Length, now);
            Pump(client, server, address, wire, now, sampler);
            Assert.AreEqual(64, peer.Receive(back, 0), "received by the server");
            Check.Equal(data, back, "data");
            Assert.AreEqual(6, pool.Available, "packets in the pool");
        }

        private static DtlsOptions Prepare(DtlsOptions options, CryptoProvider crypto, PacketPool pool, TraceSink trace)
        {
            options.Crypto = crypto;
            options.Pool = pool;
            options.Trace = trace;
            options.KeepPeerCertificates = false;
            return options;
        }

        /// <summary>Carries datagrams, and goes on with the ends' operations, until neither end has anything to do.</summary>
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
                }

                for (Packet packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
                {
                    int length = packet.CopyTo(wire, 0);
                    packet.Return();
                    client.HandleDatagram(wire, 0, length, now);
                    any = true;
                }

                if (client.NextDeadline <= now)
                {
                    client.HandleTimeout(now);
                    any = true;
                }

                if (server.NextDeadline <= now)
                {
                    server.HandleTimeout(now);
                    any = true;
                }

                sampler.Measure();
            }
        }
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Server;

namespace NfDtls.Tests
{
    /// <summary>
    /// One server, one client and the network between them. They share a pool and a crypto provider, as two ends in one program
    /// may, so that all of it fits in a heap of 64 KB.
    /// </summary>
    internal sealed class TestBed
    {
        internal readonly byte[] Address = { 192, 0, 2, 7, 0xC0, 0x01 };
        internal readonly VirtualNetwork Network;
        internal readonly DtlsServerEngine Server;
        internal readonly TestClient Client;
        private readonly CryptoProvider _crypto;
        private readonly PacketPool _pool;

        /// <summary>Both ends; without a provider of their own they have one for pre-shared keys alone.</summary>
        internal TestBed(DtlsOptions clientOptions, DtlsOptions serverOptions, int seed = 1, CryptoProvider crypto = null)
        {
            _crypto = crypto == null ? new SoftwareProvider(new SeededEntropy(seed)) : crypto;
            _pool = new PacketPool(clientOptions.PoolPackets, clientOptions.Mtu);
            Network = new VirtualNetwork(seed);
            Share(serverOptions);
            Share(clientOptions);
            Server = new DtlsServerEngine(serverOptions);
            Network.Server = Server;
            Client = Network.Add(new DtlsClientEngine(clientOptions), Address);
        }

        internal Association ServerAssociation
        {
            get { return Server.Find(Address, Address.Length); }
        }

        internal static byte[] Key
        {
            get { return Check.Bytes(16, 0x40); }
        }

        internal static TestBed Make(int seed = 1)
        {
            return new TestBed(Options(), Options(), seed);
        }

        /// <summary>Options with one key and one suite, and without what the ends share.</summary>
        internal static DtlsOptions Options()
        {
            DtlsOptions options = new DtlsOptions();
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(Key, "sensor-1");
            options.PoolPackets = 6;
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

        /// <summary>Gives an end's options what the ends share.</summary>
        internal DtlsOptions Share(DtlsOptions options)
        {
            options.Crypto = _crypto;
            options.Pool = _pool;
            return options;
        }

        internal TestBed Connect()
        {
            Client.Engine.Connect(Network.Now);
            Network.Run(IsOver, 3600000);
            Assert.IsTrue(IsConnected(), "The handshake did not complete: client " + Describe(Client.Association) + " server " + Describe(ServerAssociation));
            return this;
        }

        internal bool IsConnected()
        {
            Association server = ServerAssociation;
            return Client.State == AssociationState.Connected && server != null && server.State == AssociationState.Connected;
        }

        internal bool IsOver()
        {
            return IsConnected() || Client.State == AssociationState.Closed;
        }

        /// <summary>Sends from the client and expects the same back.</summary>
        internal void VerifyEcho(int count = 20)
        {
            byte[] sent = Check.Bytes(count, 3);
            byte[] buffer = new byte[count + 10];
            Client.Association.Send(sent, 0, count, Network.Now);
            Assert.IsTrue(Network.Run(HasData, 60000), "No echo came.");
            int length = Client.Association.Receive(buffer, 0);
            Check.Equal(sent, buffer, 0, length, "echo");
        }

        /// <summary>No packet is out when nobody uses one.</summary>
        internal void VerifyPools()
        {
            Assert.AreEqual(_pool.Count, _pool.Available, "packets in the pool");
        }

        /// <summary>The client fails, and with this.</summary>
        internal void VerifyClientFails(DtlsError error)
        {
            Client.Engine.Connect(Network.Now);
            Assert.IsTrue(Network.Run(IsOver, 3600000), "The handshake did not fail.");
            Assert.AreEqual((int)error, (int)Client.Association.LastError, "error");
        }

        private static string Describe(Association association)
        {
            return association == null ? "none" : ((int)association.State).ToString() + " error " + ((int)association.LastError).ToString();
        }

        private bool HasData()
        {
            return Client.Association.Pending > 0;
        }
    }
}

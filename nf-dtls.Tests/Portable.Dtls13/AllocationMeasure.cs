using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>
    /// Both ends of DTLS 1.3 with the key alone in one program, and what their records allocate: what twice as many echoes leave of the
    /// heap less than once as many. What is made once, and what the calls stand in, falls out so.
    /// </summary>
    internal sealed class AllocationMeasure
    {
        private const int Size = 64;

        // An echo is two records sent and two received.
        private const int Echoes = 240;

        // Calls stand in the heap, and where they happen to stand leaves gaps: less than an object in so many echoes.
        private const int Rest = 16;

        // Enough for a call to have its place in the heap, which the runtime keeps for the next one.
        private const int Warming = 10;

        private static readonly byte[] s_address = { 192, 0, 2, 7, 0xC0, 0x01 };

        private readonly byte[] _data = new byte[Size];
        private readonly byte[] _back = new byte[Size];
        private readonly DtlsClientEngine _client;
        private readonly DtlsServerEngine _server;
        private readonly Association _peer;
        private readonly Garbage _garbage = new Garbage();
        private long _now = 1000;

        internal AllocationMeasure(CryptoProvider crypto)
        {
            PacketPool pool = new PacketPool(3, 320);
            _client = new DtlsClientEngine(Options(crypto, pool));
            _server = new DtlsServerEngine(Options(crypto, pool));
            _client.Connect(_now);
            Wire.Pump(_client, _server, s_address, _now);
            _peer = _server.Find(s_address, s_address.Length);
            Assert.AreEqual((int)AssociationState.Connected, (int)_client.Association.State, "client");
        }

        internal void Verify(string what)
        {
            if (!_garbage.CanTell())
            {
                Heap.Say("the heap is large, or every allocation collects: not measured with " + what);
                return;
            }

            // Where other threads run, their collections may count as this one's: what allocates does so every time.
            int taken = int.MaxValue;
            for (int i = 0; i < 3 && taken > 0; i++)
            {
                int difference = Room(Echoes, 0) - Room(2 * Echoes, 0);
                taken = difference < taken ? difference : taken;
            }

            int ofObjects = Room(Echoes, 0) - Room(Echoes, Echoes);
            Heap.Say("taken by " + (2 * Echoes).ToString() + " records sent and as many received with " + what + ": " + taken.ToString()
                + "; by " + Echoes.ToString() + " of the smallest objects: " + ofObjects.ToString());
            Assert.IsGreaterThan(Rest, ofObjects, "an object an echo is seen");
            Assert.IsLessThan(ofObjects / Rest, taken, "taken by " + Echoes.ToString() + " echoes with " + what);
        }

        /// <summary>What still fits into the heap after so many echoes, and objects that are forgotten.</summary>
        private int Room(int echoes, int objects)
        {
            _garbage.Begin();
            Echo(Warming);
            _garbage.Mark();
            Echo(echoes);
            return _garbage.Room(objects);
        }

        private void Echo(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _now++;
                _client.Association.Send(_data, 0, Size, _now);
                Wire.Pump(_client, _server, s_address, _now);
                int length = _peer.Receive(_back, 0);
                _peer.Send(_back, 0, Size, _now);
                Wire.Pump(_client, _server, s_address, _now);
                if (length != Size || _client.Association.Receive(_back, 0) != Size)
                {
                    throw new Exception("No echo came.");
                }
            }
        }

        private static DtlsOptions Options(CryptoProvider crypto, PacketPool pool)
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = crypto;
            options.Pool = pool;
            options.Suites = Suites13.Constrained();
            options.Versions = new VersionTable().Add(new ServerVersion13(new int[0], true));
            options.Psk = new PskStore();
            options.Psk.Add(new byte[16], "device-000000001");
            options.Mtu = 320;
            options.MaxSessions = 1;
            options.MaxHandshakes = 1;
            options.MaxHandshakeMessage = 256;
            options.MaxFlight = 256;
            options.OutOfOrderSlots = 1;
            options.OutOfOrderBytes = 64;
            return options;
        }
    }
}

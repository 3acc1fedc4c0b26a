using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A provider whose contexts stand in a table, as the native one's, and a server of DTLS 1.3 that must find room in it.</summary>
[TestClass]
public sealed class ContextTests13
{
    [TestMethod]
    public void A_server_that_could_not_hold_its_sessions_is_not_made()
    {
        // Of a session six, of a handshake eight, the hash and its work, and five in all.
        const int Needed = (8 * 6) + (4 * (8 + 1 + 2)) + 5;
        Assert.IsNotNull(new DtlsServerEngine(Options(new Counting(8) { Room = Needed }, 8, 4)));
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new DtlsServerEngine(Options(new Counting(8) { Room = Needed - 1 }, 8, 4)));
        StringAssert.Contains(e.Message, " " + Needed + " contexts");
        StringAssert.Contains(e.Message, "MaxSessions may be 7.");
        Assert.IsNotNull(new DtlsServerEngine(Options(new Counting(8) { Room = Needed - 1 }, 7, 4)));
    }

    /// <summary>All sessions connected, each with the keys of its handshake made again, then with updates at both ends.</summary>
    [TestMethod]
    public void No_more_contexts_are_made_than_room_was_asked_for()
    {
        const int Sessions = 6;
        Counting counting = new(3);
        DtlsServerEngine server = new(Options(counting, Sessions, 2));
        VirtualNetwork network = new(1) { Server = server };
        List<TestClient> clients = [];
        for (int i = 0; i < Sessions; i++)
        {
            byte[] address = [203, 0, 113, (byte)i, 1, 1];
            TestClient client = network.Add(new DtlsClientEngine(Bed13.Options(false, 100 + i, Bed13.NoGroup, true)), address);
            clients.Add(client);
            client.Engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => client.State == AssociationState.Connected, 10_000));
        }

        network.Run(100);
        Assert.AreEqual(4 * Sessions, counting.Keys, "connected");
        foreach (TestClient client in clients)
        {
            network.Inject(true, client.Address, [0x2A, .. new byte[40]], 0);
        }

        network.Run(100);
        Assert.AreEqual(6 * Sessions, counting.Keys, "with those of the handshakes");
        foreach (TestClient client in clients)
        {
            KeyUpdates.Begin(client.Association, true, network.Now);
        }

        network.Run(5_000);
        Assert.IsLessThanOrEqualTo(counting.Reserved, counting.Most);
        Assert.AreEqual(Sessions, server.SessionCount);
    }

    private static DtlsOptions Options(Counting crypto, int sessions, int handshakes)
    {
        DtlsOptions options = Bed13.Options(true, 1001, Bed13.NoGroup, true);
        options.Crypto = crypto;
        options.MaxSessions = sessions;
        options.MaxHandshakes = handshakes;
        return options;
    }

    /// <summary>Counts contexts with keys, and hashes for good: who makes them for a moment says nothing of their end.</summary>
    private sealed class Counting(int seed) : CryptoProvider
    {
        private readonly SoftwareProvider _inner = new(new SeededEntropy(seed));
        private int _hashes;

        internal int Room { get; init; } = int.MaxValue;

        internal int Reserved { get; private set; }

        internal int Keys { get; private set; }

        internal int Most { get; private set; }

        public override int Reserve(int contexts)
        {
            Reserved = contexts;
            return Math.Min(contexts, Room);
        }

        public override bool Supports(int algorithm)
        {
            return _inner.Supports(algorithm);
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            _inner.Random(destination, offset, count);
        }

        public override HashContext CreateHash(int algorithm)
        {
            // Two handshakes' and the server's, and one for the moment.
            _hashes = Math.Min(_hashes + 1, 4);
            Count(0);
            return _inner.CreateHash(algorithm);
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            Count(1);
            return new CountedKey(this, _inner.CreateAead(algorithm, key, offset, tagLength));
        }

        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            Count(1);
            return new CountedMask(this, _inner.CreateMask(algorithm, key, offset));
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }

        internal void Count(int keys)
        {
            Keys += keys;
            Most = Math.Max(Most, Keys + _hashes);
        }
    }

    private sealed class CountedKey(Counting owner, AeadContext inner) : AeadContext
    {
        private bool _isCleared;

        public override int TagLength
        {
            get { return inner.TagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            inner.Seal(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            return inner.Open(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override void Clear()
        {
            owner.Count(_isCleared ? 0 : -1);
            _isCleared = true;
            inner.Clear();
        }
    }

    private sealed class CountedMask(Counting owner, MaskContext inner) : MaskContext
    {
        private bool _isCleared;

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            inner.Compute(sample, offset, mask, maskOffset);
        }

        public override void Clear()
        {
            owner.Count(_isCleared ? 0 : -1);
            _isCleared = true;
            inner.Clear();
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

[TestClass]
public class KeyScheduleTests
{
    private static readonly byte[] s_master = TestBed.Bytes(48, 0x61);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_key_block_has_the_clients_and_the_servers_mac_key_and_then_their_cipher_keys(bool isServer)
    {
        byte[] block = TestBed.Bytes(96, 1);
        foreach ((int flags, bool encryptThenMac) in new[] { (0, false), (HandshakeFlags.ExtendedMasterSecret, false), (HandshakeFlags.EncryptThenMac, true), (~HandshakeFlags.EncryptThenMac, false), (~0, true) })
        {
            Cutting crypto = new Cutting();
            Tls12KeySchedule.Protect(crypto, PskSuites.Aes128CbcSha256(), flags, isServer, block, new Epoch(1, new Dtls12RecordCodec(), null));
            byte[] clients = block.Take(32).Concat(block.Skip(64).Take(16)).ToArray();
            byte[] servers = block.Skip(32).Take(32).Concat(block.Skip(80).Take(16)).ToArray();
            CollectionAssert.AreEqual(isServer ? servers : clients, crypto.Keys[0]);
            CollectionAssert.AreEqual(isServer ? clients : servers, crypto.Keys[1]);
            CollectionAssert.AreEqual(new[] { encryptThenMac, encryptThenMac }, crypto.EncryptThenMac);
            Assert.IsTrue(crypto.Given.TrueForAll(given => given.All(b => b == 0)), "Keys are left behind.");
        }
    }

    [TestMethod]
    public void The_longest_key_block_there_is_follows_from_master_and_randoms_and_is_not_left_behind()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        client.Connect(0);
        Handshake handshake = client.Association.Handshake;
        CipherSuite longest = new CipherSuite(0x7A7A, "longest", CryptoAlgorithm.Aes256CbcHmacSha256, 0, CryptoAlgorithm.Sha256, PskSuites.Aes128Ccm8().KeyExchange);
        handshake.SelectSuite(longest);
        TestBed.Bytes(32, 0x33).CopyTo(handshake.ServerRandom, 0);
        Tls12KeySchedule keys = new Tls12KeySchedule();
        keys.TakeMaster(handshake, (byte[])s_master.Clone());
        byte[] block = new byte[128];
        Assert.AreEqual(128, keys.CopyKeys(handshake, block));
        byte[] seed = TestBed.Text("key expansion").Concat(handshake.ServerRandom).Concat(handshake.ClientRandom).ToArray();
        byte[] expected = new byte[128];
        new SoftwareProvider(new SeededEntropy(1)).Prf(CryptoAlgorithm.Sha256, s_master, 0, 48, seed, 0, seed.Length, expected, 0, 128);
        CollectionAssert.AreEqual(expected, block);
        Assert.IsNull(Reachable.Find(keys, new[] { block.Take(20).ToArray(), block.Skip(100).ToArray() }));
        keys.ProtectEpoch(handshake, new Epoch(1, new Dtls12RecordCodec(), null));
        Assert.IsNull(Reachable.Find(keys, new[] { block.Take(20).ToArray(), block.Skip(100).ToArray() }));
    }

    [TestMethod]
    public void The_master_secret_of_a_resumed_session_is_taken_told_to_the_key_log_and_wiped_in_the_end()
    {
        Told log = new Told();
        DtlsOptions options = TestBed.Options(1);
        options.KeyLog = log;
        DtlsClientEngine client = new DtlsClientEngine(options);
        client.Connect(0);
        Handshake handshake = client.Association.Handshake;
        handshake.SelectSuite(PskSuites.Aes128Ccm8());
        Tls12KeySchedule keys = new Tls12KeySchedule();
        byte[] given = (byte[])s_master.Clone();
        keys.TakeMaster(handshake, given);
        Assert.IsTrue(given.All(b => b == 0), "The secret is left with who gave it.");
        CollectionAssert.AreEqual(handshake.ClientRandom, log.Random);
        CollectionAssert.AreEqual(s_master, log.Secret);
        byte[] copy = new byte[50];
        Assert.AreEqual(48, keys.CopyMaster(copy, 1));
        CollectionAssert.AreEqual(s_master, copy.Skip(1).Take(48).ToArray());
        keys.CopyKeys(handshake, new byte[200]);
        Assert.IsNotNull(Reachable.Find(keys, new[] { s_master }));
        Assert.IsNotNull(Reachable.Find(keys, new[] { handshake.ClientRandom }));
        keys.Clear();
        Assert.IsNull(Reachable.Find(keys, new[] { s_master, handshake.ClientRandom }));
    }

    [TestMethod]
    public void What_was_agreed_on_is_wiped_where_its_keys_were_derived()
    {
        // The array that a premaster secret stands in is the handshake's: who keeps it in mind finds zeros there.
        DtlsOptions options = TestBed.Options(1);
        Premaster crypto = new Premaster(options.Crypto);
        options.Crypto = crypto;
        TestBed bed = new TestBed(options, TestBed.Options(2)).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(1, crypto.Seen.Count);
        Assert.IsTrue(crypto.Seen[0].All(b => b == 0), "The premaster secret is left behind.");
    }

    [TestMethod]
    public void A_key_block_whose_keys_no_context_was_made_of_goes_with_the_master_secret()
    {
        DtlsOptions options = TestBed.Options(1);
        Premaster crypto = new Premaster(options.Crypto);
        options.Crypto = crypto;
        DtlsClientEngine client = new DtlsClientEngine(options);
        client.Connect(0);
        Handshake handshake = client.Association.Handshake;
        handshake.SelectSuite(PskSuites.Aes128Ccm8());
        Tls12KeySchedule keys = new Tls12KeySchedule();
        keys.TakeMaster(handshake, (byte[])s_master.Clone());
        crypto.Fails = true;
        Assert.ThrowsExactly<InvalidOperationException>(() => keys.ProtectEpoch(handshake, new Epoch(1, new Dtls12RecordCodec(), null)));
        Assert.AreEqual(40, crypto.Block.Length);
        keys.Clear();
        Assert.IsNull(Reachable.Find(keys, new[] { crypto.Block, s_master }));
    }

    private sealed class Told : KeyLog
    {
        internal byte[]? Random { get; private set; }

        internal byte[]? Secret { get; private set; }

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            Random = (byte[])clientRandom.Clone();
            Secret = (byte[])masterSecret.Clone();
        }
    }

    /// <summary>Keeps the keys that CBC contexts are made of.</summary>
    private sealed class Cutting : CryptoProvider
    {
        internal List<byte[]> Given { get; } = new();

        internal List<byte[]> Keys { get; } = new();

        internal List<bool> EncryptThenMac { get; } = new();

        public override bool Supports(int algorithm)
        {
            return true;
        }

        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            Given.Add(keys);
            Keys.Add(keys.AsSpan(offset).ToArray());
            EncryptThenMac.Add(encryptThenMac);
            return null!;
        }
    }

    /// <summary>Keeps the arrays that master secrets are derived from.</summary>
    private sealed class Premaster : CryptoProvider
    {
        private readonly CryptoProvider _inner;

        internal Premaster(CryptoProvider inner)
        {
            _inner = inner;
        }

        internal List<byte[]> Seen { get; } = new();

        internal bool Fails { get; set; }

        internal byte[] Block { get; private set; } = new byte[0];

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
            return _inner.CreateHash(algorithm);
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            return Fails ? throw new InvalidOperationException("no context") : _inner.CreateAead(algorithm, key, offset, tagLength);
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }

        public override void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
        {
            _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
            Block = destination.AsSpan(offset, count).ToArray();
            if (secretCount != 48)
            {
                Assert.IsTrue(secret.AsSpan(secretOffset, secretCount).ToArray().Any(b => b != 0));
                Seen.Add(secret);
            }
        }
    }
}

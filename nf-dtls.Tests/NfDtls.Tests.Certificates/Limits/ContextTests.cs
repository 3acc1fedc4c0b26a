using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Server;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>A provider whose contexts stand in a table, and a server that must find room in it.</summary>
[TestClass]
public class ContextTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    [TestMethod]
    [DataRow("certificates", 8, 4, 52)]
    [DataRow("certificates", 1, 1, 11)]
    [DataRow("certificates", 100, 16, 344)]
    [DataRow("one hash", 8, 4, 48)]
    [DataRow("PSK", 8, 4, 36)]
    public void A_server_that_could_not_hold_its_sessions_is_not_made(string kind, int sessions, int handshakes, int needed)
    {
        DtlsOptions options = Options(kind);
        options.MaxSessions = sessions;
        options.MaxHandshakes = handshakes;
        Table(options, needed);
        Assert.AreEqual(sessions, new DtlsServerEngine(options).Options.MaxSessions);
        Table(options, needed - 1);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new DtlsServerEngine(options));
        foreach (string part in new[] { "DtlsOptions.MaxSessions of " + sessions, "MaxHandshakes of " + handshakes, " " + needed + " contexts", "room for " + (needed - 1) })
        {
            StringAssert.Contains(e.Message, part);
        }

        // What it says is allowed.
        if (sessions > 1)
        {
            StringAssert.Contains(e.Message, "MaxSessions may be " + (sessions - 1) + ".");
            options.MaxSessions = sessions - 1;
            Assert.IsNotNull(new DtlsServerEngine(options));
        }
    }

    [TestMethod]
    public void Where_not_even_the_handshakes_find_room_it_says_how_many_would()
    {
        DtlsOptions options = Options("certificates");
        Table(options, 20);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new DtlsServerEngine(options));
        StringAssert.Contains(e.Message, "MaxHandshakes may be 2, with one session.");
        options.MaxSessions = 1;
        options.MaxHandshakes = 2;
        Assert.IsNotNull(new DtlsServerEngine(options));
    }

    [TestMethod]
    public void A_client_and_providers_without_a_table_ask_for_no_room()
    {
        DtlsOptions options = Options("certificates");
        options.Crypto = new NfDtls.Crypto.Host.HostProvider();
        options.MaxSessions = 3000;
        Assert.AreEqual(3000, new DtlsServerEngine(options).Options.MaxSessions);
        Table(options, 1);
        Assert.IsNotNull(new DtlsClientEngine(options));
    }

    [TestMethod]
    [DataRow("certificates")]
    [DataRow("one hash")]
    [DataRow("PSK")]
    public void No_more_contexts_are_made_than_room_was_asked_for(string kind)
    {
        DtlsOptions options = Options(kind);
        options.MaxSessions = 4;
        options.MaxHandshakes = 2;
        Counting counting = new Counting(options.Crypto);
        options.Crypto = counting;
        DtlsOptions client = kind == "PSK" ? TestBed.Options(1) : Setup.Client(Suites(kind), Setup.Store(s_client, s_server));
        TestBed bed = new TestBed(client, options);
        Assert.IsTrue(counting.Reserved > 0);
        Assert.IsTrue(counting.Most <= counting.Reserved - (2 * 4), "made at once: " + counting.Most);
        bed.Connect().VerifyEcho();

        // One handshake and one session of those that may be: two keys, and the hash of a signature that went.
        Assert.IsTrue(counting.Most <= counting.Reserved - (2 * 3), counting.Most + " of " + counting.Reserved);
    }

    private static DtlsOptions Options(string kind)
    {
        DtlsOptions options = kind == "PSK" ? TestBed.Options(1) : Setup.Server(Suites(kind), Setup.Store(s_server, s_client), ClientCertificates.Request);
        options.MaxSessions = 8;
        options.MaxHandshakes = 4;
        return options;
    }

    private static CipherSuiteTable Suites(string kind)
    {
        return kind == "one hash" ? Setup.One(EcdheSuites.EcdsaAes128Ccm8) : CertificateSuites.Modern();
    }

    private static void Table(DtlsOptions options, int room)
    {
        options.Crypto = new CompositeProvider(new CryptoProvider[] { new TableOf(room), Setup.Crypto() });
    }

    /// <summary>Can do nothing, and has so much room for it.</summary>
    private sealed class TableOf : CryptoProvider
    {
        private readonly int _room;

        internal TableOf(int room)
        {
            _room = room;
        }

        public override bool Supports(int algorithm)
        {
            return false;
        }

        public override int Reserve(int contexts)
        {
            return Math.Min(contexts, _room);
        }
    }

    /// <summary>Counts the contexts that were made, keys that were cleared again not.</summary>
    private sealed class Counting : CryptoProvider
    {
        private readonly CryptoProvider _inner;

        internal Counting(CryptoProvider inner)
        {
            _inner = inner;
        }

        internal int Reserved { get; private set; }

        internal int Made { get; set; }

        internal int Most { get; private set; }

        public override int Reserve(int contexts)
        {
            Reserved = contexts;
            return contexts;
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
            Count();
            return _inner.CreateHash(algorithm);
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            Count();
            return new CountedKey(this, _inner.CreateAead(algorithm, key, offset, tagLength));
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }

        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
        {
            _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
        }

        public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            return _inner.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset);
        }

        public override CryptoOperation Agree(int group, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            return _inner.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
        }

        public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            return _inner.Sign(scheme, key, data, offset, count, signature, signatureOffset);
        }

        public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            return _inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);
        }

        private void Count()
        {
            Made++;
            Most = Math.Max(Most, Made);
        }
    }

    private sealed class CountedKey : AeadContext
    {
        private readonly Counting _owner;
        private readonly AeadContext _inner;
        private bool _isCleared;

        internal CountedKey(Counting owner, AeadContext inner)
        {
            _owner = owner;
            _inner = inner;
        }

        public override int TagLength
        {
            get { return _inner.TagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _inner.Seal(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            return _inner.Open(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override void Clear()
        {
            _owner.Made -= _isCleared ? 0 : 1;
            _isCleared = true;
            _inner.Clear();
        }
    }
}

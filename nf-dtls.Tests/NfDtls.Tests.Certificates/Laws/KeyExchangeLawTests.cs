using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>
/// What is written is read as it was meant, and cut at any place it is none: what the ends of DTLS 1.2 say of keys and of who they
/// are. An exchange has said the same to both ends when the same secret comes of it.
/// </summary>
[TestClass]
public sealed class KeyExchangeLawTests
{
    private static readonly int[] s_groups = [NamedGroup.Secp256r1, NamedGroup.X25519, NamedGroup.Secp384r1];

    private static readonly (CaKeyKind Kind, int Scheme)[] s_signers =
    [
        (CaKeyKind.P256, SignatureScheme.EcdsaSecp256r1Sha256),
        (CaKeyKind.P384, SignatureScheme.EcdsaSecp384r1Sha384),
        (CaKeyKind.Ed25519, SignatureScheme.Ed25519),
        (CaKeyKind.Rsa2048, SignatureScheme.RsaPkcs1Sha256),
        (CaKeyKind.Rsa2048, SignatureScheme.RsaPssRsaeSha256),
    ];

    private readonly WireReader _reader = new();
    private readonly WireWriter _writer = new();
    private readonly byte[] _buffer = new byte[3000];
    private readonly Dictionary<(int Signer, int Group), Handshake> _signed = [];
    private readonly Dictionary<CaKeyKind, (StoredPrivateKey Own, byte[] Info)> _keys = [];

    [TestMethod]
    public void A_signed_share_of_any_group_and_key_is_read_as_it_was_written_and_refused_with_any_bit_changed()
    {
        Gen<(int, int, byte[], byte[], int)> cases = Gen.Select(
            Gen.Int[0, s_signers.Length - 1], Gen.Int[0, s_groups.Length - 1], Gen.Byte.Array[32], Gen.Byte.Array[32], Gen.Int[0, 1 << 20]);
        Law.Holds(cases, 40, each =>
        {
            (int signer, int group, byte[] clientRandom, byte[] serverRandom, int bit) = each;
            Handshake handshake = Signed(signer, group);
            clientRandom.CopyTo(handshake.ClientRandom, 0);
            serverRandom.CopyTo(handshake.ServerRandom, 0);
            KeyExchangeFactory factory = handshake.Options.Suites.At(0).KeyExchange;
            KeyExchange server = factory.Create();
            KeyExchange client = factory.Create();
            byte[] share = Written(handshake, server, HandshakeType.ServerKeyExchange);

            // Both randoms are signed, and so is every bit of what is said.
            serverRandom[bit % 32] ^= 1;
            serverRandom.CopyTo(handshake.ServerRandom, 0);
            Assert.IsFalse(IsTaken(handshake, factory.Create(), HandshakeType.ServerKeyExchange, share));
            serverRandom[bit % 32] ^= 1;
            serverRandom.CopyTo(handshake.ServerRandom, 0);
            byte[] changed = (byte[])share.Clone();
            changed[bit / 8 % changed.Length] ^= (byte)(1 << (bit % 8));
            Assert.IsFalse(IsTaken(handshake, factory.Create(), HandshakeType.ServerKeyExchange, changed));

            NothingShorter(share, () => factory.Create().Read(handshake, HandshakeType.ServerKeyExchange, _reader));
            Assert.IsTrue(IsTaken(handshake, client, HandshakeType.ServerKeyExchange, share));
            Answer(handshake, client, server);
        });
    }

    [TestMethod]
    public void Hint_identity_and_share_of_pre_shared_keys_are_read_as_they_were_written()
    {
        // Group -1: the key alone, and no ServerKeyExchange where there is no hint.
        Gen<(byte[], byte[], byte[], int)> cases = Gen.Select(Gen.Byte.Array[1, 128], Gen.Byte.Array[1, 64], Gen.Byte.Array[0, 128], Gen.Int[-1, s_groups.Length - 1]);
        Law.Holds(cases, 40, each =>
        {
            (byte[] identity, byte[] key, byte[] hint, int group) = each;
            CipherSuite suite = group < 0
                ? PskSuites.Aes128Ccm8()
                : EcdheSuites.PskAes128GcmSha256(new EcdheExtensions(Setup.Groups(s_groups[group]), SchemeTable.All()));
            DtlsOptions options = Setup.Options(new CipherSuiteTable().Add(suite));
            options.Psk = TestBed.Store(key, identity, hint.Length == 0 ? null : hint);
            options.PskHint = hint.Length == 0 ? null : hint;
            Handshake handshake = Begun(options);
            KeyExchange server = suite.KeyExchange.Create();
            KeyExchange client = suite.KeyExchange.Create();
            Assert.AreEqual(group >= 0 || hint.Length > 0, server.Writes(handshake, HandshakeType.ServerKeyExchange));
            if (server.Writes(handshake, HandshakeType.ServerKeyExchange))
            {
                byte[] message = Written(handshake, server, HandshakeType.ServerKeyExchange);
                CollectionAssert.AreEqual((byte[])[.. Wire.Vector(2, hint)], message[..(2 + hint.Length)]);
                NothingShorter(message, () => suite.KeyExchange.Create().Read(handshake, HandshakeType.ServerKeyExchange, _reader));
                Assert.IsTrue(IsTaken(handshake, client, HandshakeType.ServerKeyExchange, message));
            }

            byte[] answer = Answer(handshake, client, server);
            CollectionAssert.AreEqual((byte[])[.. Wire.Vector(2, identity)], answer[..(2 + identity.Length)]);
            CollectionAssert.AreEqual(identity, handshake.PskIdentity);
        });
    }

    [TestMethod]
    public void A_premaster_secret_encrypted_to_RSA_is_the_one_that_the_server_reads()
    {
        Law.Holds(Gen.Int[0, 1 << 16], 15, each =>
        {
            CipherSuiteTable suites = new CipherSuiteTable().Add(CertificateSuites.RsaAes128GcmSha256(Setup.Extensions));
            Handshake handshake = Begun(Known(suites, CaKeyKind.Rsa2048, SignatureScheme.RsaPkcs1Sha256));
            handshake.OfferedVersion = each;
            KeyExchangeFactory factory = suites.At(0).KeyExchange;
            KeyExchange server = factory.Create();
            _reader.Reset(_buffer, 0, 0);
            Assert.AreEqual(DtlsError.DecodeError, server.Read(handshake, HandshakeType.ServerKeyExchange, _reader), "it has none");
            Answer(handshake, factory.Create(), server);
        });
    }

    [TestMethod]
    public void A_CertificateRequest_has_the_schemes_that_can_be_verified_their_keys_and_its_authorities()
    {
        // One that suits a suite must be among them; which, and where, is chance.
        int[] all = [.. Enumerable.Range(0, SchemeTable.All().Count).Select(SchemeTable.All().At)];
        Gen<(int[], byte[][])> cases = Gen.Select(
            Gen.Shuffle(all).SelectMany(order => Gen.Int[1, all.Length].Select(count => order.Take(count).ToArray())),
            Gen.Byte.Array[1, 80].Array[0, 4]);
        Law.Holds(cases, 60, each =>
        {
            (int[] schemes, byte[][] names) = each;
            if (!schemes.Contains(SignatureScheme.RsaPkcs1Sha256) && !schemes.Contains(SignatureScheme.EcdsaSecp256r1Sha256))
            {
                schemes[^1] = names.Length % 2 == 0 ? SignatureScheme.RsaPkcs1Sha256 : SignatureScheme.EcdsaSecp256r1Sha256;
            }

            EcdheExtensions extensions = new(Setup.Groups(NamedGroup.Secp256r1), Setup.Schemes(schemes));
            CipherSuiteTable suites = new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128GcmSha256(extensions)).Add(EcdheSuites.RsaAes128GcmSha256(extensions));
            Handshake handshake = Begun(Known(suites, CaKeyKind.P256, SignatureScheme.EcdsaSecp256r1Sha256));
            int[] requested = [.. schemes.Where(scheme => SchemeChoice.Requests(handshake, scheme))];
            byte[] bytes = Written(() => CertificateRequest.Write(handshake, new NamedAuthorities(names), _writer));
            CertificateRequest request = new();
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, request.Read(_reader));
            Assert.IsTrue(_reader.IsAtEnd);
            CollectionAssert.AreEqual(requested, request.Schemes);
            CollectionAssert.AreEqual(names.SelectMany(name => Wire.Vector(2, name)).ToArray(), bytes.AsSpan(request.Authorities, request.AuthoritiesLength).ToArray());
            Assert.AreEqual(requested.Any(scheme => SignatureScheme.Fits(scheme, KeyKind.Rsa)), request.Takes(KeyKind.Rsa));
            bool takesElliptic = new[] { KeyKind.Secp256r1, KeyKind.Secp384r1, KeyKind.Secp521r1, KeyKind.Ed25519 }.Any(kind => requested.Any(scheme => SignatureScheme.Fits(scheme, kind)));
            Assert.AreEqual(takesElliptic, request.Takes(KeyKind.Secp256r1));
            NothingShorter(bytes, () => new CertificateRequest().Read(_reader));
        });
    }

    [TestMethod]
    public void A_CertificateVerify_has_its_scheme_and_signature()
    {
        Gen<(int, byte[])> cases = Gen.Select(Gen.Int[0, 0xFFFF], Gen.Byte.Array[0, 520]);
        Law.Holds(cases, 200, each =>
        {
            (int scheme, byte[] signature) = each;
            byte[] bytes = Written(() => CertificateVerify.Write(_writer, scheme, [.. signature, 9], signature.Length));
            CertificateVerify verify = new();
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, verify.Read(_reader));
            Assert.IsTrue(_reader.IsAtEnd);
            Assert.AreEqual(scheme, verify.Scheme);
            CollectionAssert.AreEqual(signature, verify.Buffer.AsSpan(verify.Signature, verify.SignatureLength).ToArray());
            NothingShorter(bytes, () => verify.Read(_reader));
        });
    }

    /// <summary>Options of ends that know each other, both by one key.</summary>
    private DtlsOptions Known(CipherSuiteTable suites, CaKeyKind kind, int scheme)
    {
        if (!_keys.TryGetValue(kind, out (StoredPrivateKey Own, byte[] Info) pair))
        {
            pair = (Setup.RawKey(kind, out byte[] made), made);
            _keys.Add(kind, pair);
        }

        (StoredPrivateKey key, byte[] info) = pair;
        RawKeyStore keys = new();
        keys.AddTrusted(info);
        PublicKey known = new();
        Assert.IsTrue(SubjectPublicKeyInfo.TryRead(info, 0, info.Length, known));
        DtlsOptions options = Setup.Options(suites);
        options.Authenticator = new KnownEnds([keys], known, key, scheme);
        return options;
    }

    /// <summary>A handshake that has begun, and has heard nothing yet.</summary>
    private static Handshake Begun(DtlsOptions options)
    {
        DtlsClientEngine client = new(options);
        client.Connect(1000);
        return client.Association.Handshake;
    }

    private Handshake Signed(int signer, int group)
    {
        if (!_signed.TryGetValue((signer, group), out Handshake? handshake))
        {
            (CaKeyKind kind, int scheme) = s_signers[signer];
            EcdheExtensions extensions = new(CurveOf(kind).Aggregate(Setup.Groups(s_groups[group]), (table, curve) => table.Contains(curve) ? table : table.Add(curve)), SchemeTable.All());
            CipherSuite suite = kind == CaKeyKind.Rsa2048 ? EcdheSuites.RsaAes128GcmSha256(extensions) : EcdheSuites.EcdsaAes128GcmSha256(extensions);
            handshake = Begun(Known(new CipherSuiteTable().Add(suite), kind, scheme));
            _signed.Add((signer, group), handshake);
        }

        return handshake;
    }

    /// <summary>The group that a client must list for a key's own curve.</summary>
    private static int[] CurveOf(CaKeyKind kind)
    {
        return kind switch
        {
            CaKeyKind.P256 => [NamedGroup.Secp256r1],
            CaKeyKind.P384 => [NamedGroup.Secp384r1],
            _ => [],
        };
    }

    /// <summary>The client's message, cut and whole; then both ends have one secret.</summary>
    private byte[] Answer(Handshake handshake, KeyExchange client, KeyExchange server)
    {
        byte[] message = Written(handshake, client, HandshakeType.ClientKeyExchange);
        NothingShorter(message, () => server.Read(handshake, HandshakeType.ClientKeyExchange, _reader));
        Assert.IsTrue(IsTaken(handshake, server, HandshakeType.ClientKeyExchange, message));
        byte[] ofClient = new byte[400];
        byte[] ofServer = new byte[400];
        int length = client.WritePremasterSecret(ofClient, 0, ofClient.Length);
        Assert.AreEqual(length, server.WritePremasterSecret(ofServer, 0, ofServer.Length));
        Assert.IsGreaterThan(0, length);
        CollectionAssert.AreEqual(ofClient, ofServer);
        return message;
    }

    private byte[] Written(Handshake handshake, KeyExchange exchange, int type)
    {
        Assert.AreEqual(DtlsError.None, Finish(exchange.BeforeWriting(handshake, type)));
        return Written(() => exchange.Write(handshake, type, _writer));
    }

    private byte[] Written(Action write)
    {
        _writer.Reset(_buffer, 5, _buffer.Length - 5);
        write();
        Assert.IsFalse(_writer.Failed);
        return _buffer.AsSpan(5, _writer.Length).ToArray();
    }

    /// <summary>Whether a message is read to its end, and what it asks for succeeds.</summary>
    private bool IsTaken(Handshake handshake, KeyExchange exchange, int type, byte[] message)
    {
        _reader.Reset(message, 0, message.Length);
        return exchange.Read(handshake, type, _reader) == DtlsError.None && _reader.IsAtEnd && Finish(exchange.AfterReading(handshake, type)) == DtlsError.None;
    }

    private void NothingShorter(byte[] bytes, Func<DtlsError> read)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            _reader.Reset(bytes, 0, length);
            Assert.AreEqual(DtlsError.DecodeError, read(), "cut at " + length);
        }
    }

    private static DtlsError Finish(CryptoOperation? operation)
    {
        while (operation != null && !operation.Step(100))
        {
        }

        return operation == null ? DtlsError.None : operation.Error;
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What is written is read as it was meant: the hellos of DTLS 1.3, their extensions, and EncryptedExtensions; and cut short they are none.</summary>
[TestClass]
public sealed class HelloLawTests13
{
    private static readonly Version13 s_version = new(Bed13.X25519, true);

    private readonly WireReader _reader = new();
    private readonly WireWriter _writer = new();
    private readonly byte[] _buffer = new byte[4000];
    private readonly Handshake _handshake = Begun(Bed13.Options(false, 1, Bed13.X25519, true));

    [TestMethod]
    public void A_ClientHello_is_read_as_it_was_written_and_has_nothing_of_DTLS_1_2()
    {
        Gen<(byte[], byte[], byte[], int[], byte[])> hellos = Gen.Select(
            Gen.Byte.Array[32], Gen.Byte.Array[0, 40], Gen.OneOf(Gen.Const(Array.Empty<byte>()), Gen.Byte.Array[1, 20]), Gen.Int[0, 0xFFFF].Array[0, 12],
            Gen.OneOf(Gen.Const(new byte[] { 0 }), Gen.Byte.Array[0, 3]));
        Law.Holds(hellos, 300, each =>
        {
            (byte[] random, byte[] session, byte[] cookie, int[] suites, byte[] methods) = each;
            byte[] list = suites.SelectMany(Number).ToArray();
            byte[] bytes = [0xFE, 0xFD, .. random, .. Short(session), .. Short(cookie), .. Vector(list), .. Short(methods)];
            bool isWhole = session.Length <= ClientHello.MaxSessionIdLength && suites.Length > 0 && methods.Length > 0;
            bool isOurs = cookie.Length == 0 && methods.AsSpan().SequenceEqual(new byte[] { 0 });
            ClientHello hello = new();
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(!isWhole ? DtlsError.DecodeError : isOurs ? DtlsError.None : DtlsError.IllegalParameter, ClientHello13.Read(_reader, hello));
            CollectionAssert.AreEqual(random, bytes.AsSpan(hello.Random, hello.RandomCount).ToArray());
            CollectionAssert.AreEqual(session, bytes.AsSpan(hello.SessionId, hello.SessionIdLength).ToArray());
            Assert.IsTrue(suites.All(suite => hello.Offers(bytes, suite)));
            NothingShorter(bytes, () => ClientHello13.Read(_reader, new ClientHello()));
        });
    }

    [TestMethod]
    public void A_client_offers_what_its_options_say_and_repeats_whatever_cookie_it_gets()
    {
        CipherSuite[] all = [Suites13.Aes128Ccm8Sha256(), Suites13.Aes128GcmSha256(), Suites13.ChaCha20Poly1305Sha256(), Suites13.Aes128CcmSha256()];
        Gen<(int[], byte[], int[], bool, byte[])> cases = Gen.Select(
            Gen.Shuffle(Enumerable.Range(0, all.Length).ToArray()).SelectMany(order => Gen.Int[1, all.Length].Select(count => order.Take(count).ToArray())),
            Gen.Byte.Array[1, 128],
            Gen.OneOf(Gen.Const(Array.Empty<int>()), Gen.Const(new[] { NamedGroup.X25519 }), Gen.Const(new[] { NamedGroup.X25519, NamedGroup.Secp256r1 })),
            Gen.Bool, Gen.Byte.Array[1, 300]);
        Law.Holds(cases, 40, each =>
        {
            (int[] choice, byte[] identity, int[] groups, bool alone, byte[] cookie) = each;
            CipherSuiteTable suites = new();
            Array.ForEach(choice, i => suites.Add(all[i]));
            DtlsOptions options = Bed13.Options(false, choice.Length, groups, alone || groups.Length == 0, suites);
            options.Psk = TestBed.Store(TestBed.Bytes(16), identity);
            DtlsClientEngine client = new(options);
            client.Connect(1000);
            byte[] first = Hello(client, out ClientHello hello);
            byte[] random = first.AsSpan(hello.Random, 32).ToArray();
            CollectionAssert.AreEqual(choice.SelectMany(i => Number(all[i].Id)).ToArray(), first.AsSpan(hello.Suites, hello.SuitesLength).ToArray());
            RecordingRole said = Said(first, hello);
            Verify(said, null);

            // A HelloRetryRequest with a cookie and nothing else.
            byte[] answer =
            [
                0xFE, 0xFD, .. HelloRetry.Random, 0, .. Number(all[choice[0]].Id), 0,
                .. Vector([0, 43, 0, 2, 0xFE, 0xFC, 0, 44, .. Vector(Vector(cookie))]),
            ];
            byte[] request = TestBed.Message(HandshakeType.ServerHello, 0, 0, answer);
            client.HandleDatagram(request, 0, request.Length, 1001);
            byte[] second = Hello(client, out hello);
            CollectionAssert.AreEqual(random, second.AsSpan(hello.Random, 32).ToArray());
            Verify(Said(second, hello), cookie);

            void Verify(RecordingRole role, byte[]? expected)
            {
                CollectionAssert.AreEqual(expected, role.Cookie);
                Assert.HasCount(1, role.Identities);
                CollectionAssert.AreEqual(identity, role.Identities[0].Identity);
                Assert.AreEqual(0, role.Identities[0].Age);
                Assert.HasCount(32, role.Binder);
                CollectionAssert.AreEqual(groups, role.PeerGroups);
                Assert.AreEqual(alone || groups.Length == 0, role.OffersPskAlone);
                Assert.AreEqual(groups.Length > 0, role.OffersAgreement);
                CollectionAssert.AreEqual(groups.Take(1).ToArray(), role.Shares.Select(share => share.Group).ToArray());
                Assert.IsTrue(role.Shares.All(share => share.Key.Length == NamedGroup.PublicKeyLength(share.Group)));
            }
        });
    }

    [TestMethod]
    public void A_HelloRetryRequest_is_known_by_every_bit_of_its_random()
    {
        Gen<(byte[], int)> cases = Gen.Select(Gen.Byte.Array[0, 30], Gen.Int[-1, 255]);
        Law.Holds(cases, 400, each =>
        {
            (byte[] rest, int bit) = each;
            byte[] body = [0xFE, 0xFD, .. HelloRetry.Random, .. rest];
            if (bit >= 0)
            {
                body[2 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            }

            Assert.AreEqual(bit < 0, HelloRetry.Is([1, .. body], 1, body.Length));
            Assert.IsFalse(HelloRetry.Is(body, 0, 33));
        });
    }

    [TestMethod]
    public void Versions_modes_groups_and_cookies_are_those_that_were_written()
    {
        Gen<(int[], byte[], int[], byte[])> cases = Gen.Select(
            Gen.OneOf(Gen.Int[0xFEFA, 0xFEFF], Gen.Int[0, 0xFFFF]).Array[0, 8], Gen.Byte[0, 3].Array[0, 5], Gen.Int[0, 0xFFFF].Array[0, 10], Gen.Byte.Array[0, 500]);
        Law.Holds(cases, 300, each =>
        {
            (int[] versions, byte[] modes, int[] groups, byte[] cookie) = each;
            byte[] list = Short(versions.SelectMany(Number).ToArray());
            Assert.AreEqual(versions.Contains(Version13.WireNumber) ? DtlsError.None : DtlsError.ProtocolVersion, Read(new SupportedVersions(), list, out _));
            NothingShorter(list, () => new SupportedVersions().Read(Role(), HandshakeType.ClientHello, _reader));

            list = Short(modes);
            Assert.AreEqual(modes.Length == 0, Read(new PskModes(), list, out RecordingRole role) != DtlsError.None);
            Assert.AreEqual((modes.Contains((byte)0), modes.Contains((byte)1)), (role.OffersPskAlone, role.OffersAgreement));
            NothingShorter(list, () => new PskModes().Read(Role(), HandshakeType.ClientHello, _reader));

            list = Vector(groups.SelectMany(Number).ToArray());
            Assert.AreEqual(groups.Length == 0, Read(new Groups13(), list, out role) != DtlsError.None);
            CollectionAssert.AreEqual(groups, role.PeerGroups);
            NothingShorter(list, () => new Groups13().Read(Role(), HandshakeType.ClientHello, _reader));

            RecordingRole writing = Role();
            writing.Cookie = cookie;
            list = Written(() => new Cookie13().Write(writing, HandshakeType.ClientHello, _writer));
            Assert.AreEqual(cookie.Length == 0, Read(new Cookie13(), list, out role) != DtlsError.None);
            CollectionAssert.AreEqual(cookie.Length == 0 ? null : cookie, role.Cookie);
            NothingShorter(list, () => new Cookie13().Read(Role(), HandshakeType.ClientHello, _reader));
        });
    }

    [TestMethod]
    public void Shares_are_those_that_were_written_to_and_fro()
    {
        Gen<(int, byte[])[]> shares = Gen.Select(Gen.Int[0, 0xFFFF], Gen.Byte.Array[0, 140]).Array[0, 4];
        Law.Holds(shares, 300, each =>
        {
            byte[] list = Vector(each.SelectMany(share => (byte[])[.. Number(share.Item1), .. Vector(share.Item2)]).ToArray());
            bool isGood = each.All(share => share.Item2.Length > 0);
            Assert.AreEqual(isGood ? DtlsError.None : DtlsError.DecodeError, Read(new KeyShares(), list, out RecordingRole role));
            (int Group, byte[] Key)[] good = [.. each.TakeWhile(share => share.Item2.Length > 0)];
            Same(good, role.Shares);
            NothingShorter(list, () => new KeyShares().Read(Role(), HandshakeType.ClientHello, _reader));
            foreach ((int group, byte[] key) in good)
            {
                byte[] one = [.. Number(group), .. Vector(key)];
                role = Role();
                _reader.Reset(one, 0, one.Length);
                Assert.AreEqual(DtlsError.None, new KeyShares().Read(role, HandshakeType.ServerHello, _reader));
                Same([(group, key)], role.Shares);
                NothingShorter(one, () => new KeyShares().Read(Role(), HandshakeType.ServerHello, _reader));

                // And the group alone, as a HelloRetryRequest asks for it.
                role = Role();
                role.IsReadingRetry = true;
                _reader.Reset(one, 0, 2);
                Assert.AreEqual(DtlsError.None, new KeyShares().Read(role, HandshakeType.ServerHello, _reader));
                Assert.AreEqual(group, role.RetryGroup);
            }
        });

        static void Same((int Group, byte[] Key)[] expected, List<(int Group, byte[] Key)> read)
        {
            Assert.HasCount(expected.Length, read);
            Assert.IsTrue(expected.Zip(read).All(pair => pair.First.Group == pair.Second.Group && pair.First.Key.AsSpan().SequenceEqual(pair.Second.Key)));
        }
    }

    [TestMethod]
    public void Offered_keys_are_those_that_were_written_each_with_a_binder()
    {
        Gen<((byte[], uint)[], int)> offers = Gen.Select(Gen.Select(Gen.Byte.Array[1, 300], Gen.UInt).Array[1, 3], Gen.Int[0, 2]);
        Law.Holds(offers, 300, each =>
        {
            ((byte[] Identity, uint Age)[] keys, int chosen) = each;
            RecordingRole writing = Role();
            Array.ForEach(keys, key => writing.Offered.Add(new OfferedKey { Identity = key.Identity, Age = key.Age, Hash = CryptoAlgorithm.Sha256, Key = [] }));
            byte[] bytes = Written(() => new PreSharedKey().Write(writing, HandshakeType.ClientHello, _writer));
            int binders = writing.Offered.BindersLength;
            for (int i = 0; i < keys.Length; i++)
            {
                bytes.AsSpan(bytes.Length - binders + 3 + (33 * i), 32).Fill((byte)(1 + i));
            }

            RecordingRole role = Role();
            role.ChosenIdentity = chosen;
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, PreSharedKey.ReadOffer(role, _reader));
            Assert.IsTrue(_reader.IsAtEnd);
            Assert.AreEqual((0, bytes.Length - binders, bytes.Length), (role.OfferAt, role.BindersAt, role.OfferEnd));
            Assert.HasCount(keys.Length, role.Identities);
            Assert.IsTrue(keys.Zip(role.Identities).All(pair => pair.First.Identity.AsSpan().SequenceEqual(pair.Second.Identity) && pair.First.Age == pair.Second.Age));
            CollectionAssert.AreEqual(chosen < keys.Length ? Enumerable.Repeat((byte)(1 + chosen), 32).ToArray() : null, role.Binder);
            NothingShorter(bytes, () => PreSharedKey.ReadOffer(Role(), _reader));

            // A binder too few.
            byte[] fewer = [.. bytes[..^33]];
            fewer[^(binders - 33)] = (byte)((binders - 35) >> 8);
            fewer[^(binders - 34)] = (byte)(binders - 35);
            _reader.Reset(fewer, 0, fewer.Length);
            Assert.AreEqual(DtlsError.IllegalParameter, PreSharedKey.ReadOffer(Role(), _reader));

            // What a server says of it.
            writing.ChosenIdentity = chosen % keys.Length;
            bytes = Written(() => new PreSharedKey().Write(writing, HandshakeType.ServerHello, _writer));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, new PreSharedKey().Read(writing, HandshakeType.ServerHello, _reader));
            Assert.AreEqual(chosen % keys.Length, writing.ChosenIdentity);
            byte[] beyond = Number(keys.Length);
            _reader.Reset(beyond, 0, 2);
            Assert.AreEqual(DtlsError.IllegalParameter, new PreSharedKey().Read(writing, HandshakeType.ServerHello, _reader));
        });
    }

    [TestMethod]
    public void EncryptedExtensions_are_those_that_were_asked_for_with_what_was_said()
    {
        Gen<(byte[][], int)> cases = Gen.Select(Gen.Byte.Array[0, 100].Array[0, 4], Gen.Int[0, 3]);
        Law.Holds(cases, 100, each =>
        {
            (byte[][] contents, int doubled) = each;
            SaidExtension[] said = [.. contents.Select((content, i) => new SaidExtension(60_000 + i, content))];
            DtlsOptions options = Bed13.Options(false, 1, Bed13.NoGroup, true);
            options.Extensions = said;
            Handshake handshake = Begun(options);
            byte[] bytes = Written(() => EncryptedExtensions.Write(_writer, handshake));
            Assert.HasCount(2 + contents.Sum(content => 4 + content.Length), bytes);
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, EncryptedExtensions.Read(_reader, handshake));
            Assert.IsTrue(contents.Zip(said).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.Heard)));
            NothingShorter(bytes, () => EncryptedExtensions.Read(_reader, handshake));

            byte[] unasked = Vector([.. bytes[2..], .. Number(60_000 + contents.Length), 0, 0]);
            _reader.Reset(unasked, 0, unasked.Length);
            Assert.AreEqual(DtlsError.UnsupportedExtension, EncryptedExtensions.Read(_reader, handshake));
            if (contents.Length > 0)
            {
                byte[] twice = Vector([.. bytes[2..], .. Number(60_000 + (doubled % contents.Length)), 0, 0]);
                _reader.Reset(twice, 0, twice.Length);
                Assert.AreEqual(DtlsError.DecodeError, EncryptedExtensions.Read(_reader, handshake));
            }
        });
    }

    [TestMethod]
    public void A_KeyUpdate_says_whether_the_peer_is_asked_for_one()
    {
        Law.Holds(Gen.Select(Gen.Bool, Gen.Int[0, 255]), 100, each =>
        {
            (bool asks, int other) = each;
            byte[] bytes = Written(() => KeyUpdate.Write(_writer, asks));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, KeyUpdate.Read(_reader, out bool read));
            Assert.AreEqual(asks, read);
            _reader.Reset([(byte)other], 0, 1);
            Assert.AreEqual(other < 2 ? DtlsError.None : DtlsError.IllegalParameter, KeyUpdate.Read(_reader, out _));
            NothingShorter(bytes, () => KeyUpdate.Read(_reader, out _));
            _reader.Reset([.. bytes, 0], 0, 2);
            Assert.AreEqual(DtlsError.DecodeError, KeyUpdate.Read(_reader, out _));
        });
    }

    private static Handshake Begun(DtlsOptions options)
    {
        DtlsClientEngine client = new(options);
        client.Connect(1000);
        return client.Association.Handshake;
    }

    private static byte[] Number(int value)
    {
        return [(byte)(value >> 8), (byte)value];
    }

    private static byte[] Short(byte[] bytes)
    {
        return [(byte)bytes.Length, .. bytes];
    }

    private static byte[] Vector(byte[] bytes)
    {
        return [.. Number(bytes.Length), .. bytes];
    }

    private RecordingRole Role()
    {
        return new RecordingRole(s_version, _handshake);
    }

    /// <summary>Reads an extension of a ClientHello; what is left over is an error, as it is to the engine.</summary>
    private DtlsError Read(Extension13 extension, byte[] content, out RecordingRole role)
    {
        role = Role();
        _reader.Reset(content, 0, content.Length);
        DtlsError error = extension.Read(role, HandshakeType.ClientHello, _reader);
        return error == DtlsError.None && !_reader.IsAtEnd ? DtlsError.DecodeError : error;
    }

    /// <summary>What the extensions of a hello say, each of which must be there once.</summary>
    private RecordingRole Said(byte[] datagram, ClientHello hello)
    {
        RecordingRole role = Role();
        Dictionary<int, Extension13> known = new()
        {
            [43] = new SupportedVersions(), [44] = new Cookie13(), [10] = new Groups13(), [51] = new KeyShares(), [45] = new PskModes(), [41] = new PreSharedKey(),
        };
        WireReader block = new();
        int at = hello.Suites + hello.SuitesLength + 2;
        block.Reset(datagram, at, datagram.Length - at);
        block.Enter(block.ReadUInt16());
        while (block.Remaining > 0)
        {
            Assert.IsTrue(known.Remove(block.ReadUInt16(), out Extension13? extension), "unknown or twice");
            int outer = block.Enter(block.ReadUInt16());
            Assert.AreEqual(DtlsError.None, extension.Read(role, HandshakeType.ClientHello, block));
            Assert.AreEqual(0, block.Remaining);
            block.Leave(outer);
        }

        Assert.IsFalse(block.Failed);
        Assert.IsFalse(known.ContainsKey(43) || known.ContainsKey(45) || known.ContainsKey(41));
        return role;
    }

    /// <summary>The hello that a client sends next, in one record, read up to its extensions.</summary>
    private byte[] Hello(DtlsClientEngine client, out ClientHello hello)
    {
        // Key pairs are made in steps.
        Packet? packet = client.PollDatagram(1002);
        for (int steps = 0; packet == null && steps < 100_000; steps++)
        {
            client.HandleTimeout(1002);
            packet = client.PollDatagram(1002);
        }

        byte[] datagram = packet!.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        _reader.Reset(datagram, Dtls12RecordCodec.Size, datagram.Length - Dtls12RecordCodec.Size);
        Assert.IsTrue(new MessageHeader().Read(_reader));
        hello = new ClientHello();
        Assert.AreEqual(DtlsError.None, ClientHello13.Read(_reader, hello));
        return datagram;
    }

    private byte[] Written(Action write)
    {
        _writer.Reset(_buffer, 5, _buffer.Length - 5);
        write();
        Assert.IsFalse(_writer.Failed);
        return _buffer.AsSpan(5, _writer.Length).ToArray();
    }

    private void NothingShorter(byte[] bytes, Func<DtlsError> read)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            _reader.Reset(bytes, 0, length);
            Assert.IsTrue(read() != DtlsError.None || _reader.Failed, "cut at " + length);
        }
    }
}

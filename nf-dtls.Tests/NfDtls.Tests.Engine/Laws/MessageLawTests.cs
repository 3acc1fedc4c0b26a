using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>What is written is read as it was meant: records and messages of DTLS 1.2, whatever stands in them.</summary>
[TestClass]
public sealed class MessageLawTests
{
    private static readonly Gen<byte[]> s_random = Gen.Byte.Array[ClientHello.RandomLength];

    private readonly WireReader _reader = new();
    private readonly WireWriter _writer = new();
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    public void A_record_header_says_what_was_written()
    {
        Gen<(int, int, int, long, int)> headers = Gen.Select(Gen.Int[20, 31], Gen.Int[0, 0xFFFF], Gen.Int[0, 0xFFFF], Gen.Long[0, (1L << 48) - 1], Gen.Int[0, 900]);
        Dtls12RecordCodec codec = new();
        Law.Holds(headers, 1000, each =>
        {
            (int type, int version, int epoch, long sequence, int length) = each;
            RecordHeader header = new();
            codec.Write(_buffer, 7, type, version, epoch, sequence, length);
            Assert.IsTrue(codec.Read(_buffer, 7, Dtls12RecordCodec.Size + length, header));
            Assert.AreEqual(each, (header.Type, header.Version, (int)header.Epoch, header.Sequence, header.FragmentLength));
            Assert.AreEqual(7 + Dtls12RecordCodec.Size, header.FragmentOffset);
            Assert.AreEqual(7 + Dtls12RecordCodec.Size + length, header.End);
            Assert.IsFalse(codec.Read(_buffer, 7, Dtls12RecordCodec.Size + length - 1, header));
        });
    }

    [TestMethod]
    public void A_message_header_says_what_was_written()
    {
        Gen<(int, int, int, int, int)> headers = Gen.Select(Gen.Int[0, 255], Length(), Gen.Int[0, 0xFFFF], Length(), Length());
        Law.Holds(headers, 1000, each =>
        {
            (int type, int length, int sequence, int offset, int count) = each;
            MessageHeader header = new();
            MessageHeader.Write(_buffer, 3, type, length, sequence, offset, count);
            _reader.Reset(_buffer, 3, MessageHeader.Length + 500);
            bool mayBe = count <= 500 && offset + count <= length && (count > 0 || length == 0);
            Assert.AreEqual(mayBe, header.Read(_reader));
            Assert.AreEqual(each, (header.Type, header.MessageLength, header.Sequence, header.FragmentOffset, header.FragmentLength));
        });
    }

    [TestMethod]
    public void A_ServerHello_says_what_was_written_and_is_none_when_it_is_cut()
    {
        Gen<(int, byte[], byte[], int, int)> hellos = Gen.Select(Gen.Int[0, 0xFFFF], s_random, Gen.Byte.Array[0, 40], Gen.Int[0, 0xFFFF], Gen.Int[0, 255]);
        Law.Holds(hellos, 500, each =>
        {
            (int version, byte[] random, byte[] session, int suite, int compression) = each;
            byte[] bytes = [.. Number(version), .. random, (byte)session.Length, .. session, .. Number(suite), (byte)compression];
            ServerHello hello = new();
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(session.Length > ClientHello.MaxSessionIdLength ? DtlsError.DecodeError : DtlsError.None, hello.Read(_reader));
            Assert.AreEqual((version, suite, compression), (hello.Version, hello.Suite, hello.Compression));
            CollectionAssert.AreEqual(random, bytes.AsSpan(hello.Random, ClientHello.RandomLength).ToArray());
            CollectionAssert.AreEqual(session, bytes.AsSpan(hello.SessionId, hello.SessionIdLength).ToArray());
            Assert.IsTrue(_reader.IsAtEnd);
            for (int length = 0; length < bytes.Length; length++)
            {
                _reader.Reset(bytes, 0, length);
                Assert.AreEqual(DtlsError.DecodeError, new ServerHello().Read(_reader), "cut at " + length);
            }
        });
    }

    [TestMethod]
    public void A_ClientHello_says_what_was_written_and_is_none_when_it_is_cut()
    {
        Gen<(byte[], byte[], byte[], int[], byte[])> hellos = Gen.Select(s_random, Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 255], Gen.Int[0, 0xFFFF].Array[0, 20], Gen.Byte.Array[0, 4]);
        Law.Holds(hellos, 300, each =>
        {
            (byte[] random, byte[] session, byte[] cookie, int[] suites, byte[] methods) = each;
            byte[] list = suites.SelectMany(Number).ToArray();
            byte[] bytes =
            [
                0xFE, 0xFD, .. random, (byte)session.Length, .. session, (byte)cookie.Length, .. cookie, .. Number(list.Length), .. list, (byte)methods.Length, .. methods,
            ];
            ClientHello hello = new();
            _reader.Reset(bytes, 0, bytes.Length);
            bool isWhole = session.Length <= ClientHello.MaxSessionIdLength && suites.Length > 0 && methods.Length > 0;
            Assert.AreEqual(!isWhole ? DtlsError.DecodeError : methods.Contains((byte)0) ? DtlsError.None : DtlsError.IllegalParameter, hello.Read(_reader));
            Assert.AreEqual(DtlsVersion.Dtls12, hello.Version);
            CollectionAssert.AreEqual(random, bytes.AsSpan(hello.Random, hello.RandomCount).ToArray());
            CollectionAssert.AreEqual(session, bytes.AsSpan(hello.SessionId, hello.SessionIdLength).ToArray());
            CollectionAssert.AreEqual(cookie, bytes.AsSpan(hello.Cookie, hello.CookieLength).ToArray());
            foreach (int suite in suites)
            {
                Assert.IsTrue(hello.Offers(bytes, suite));
                Assert.AreEqual(suites.Contains(suite ^ 1), hello.Offers(bytes, suite ^ 1));
            }

            for (int length = 0; length < bytes.Length; length++)
            {
                _reader.Reset(bytes, 0, length);
                Assert.AreEqual(DtlsError.DecodeError, new ClientHello().Read(_reader), "cut at " + length);
            }
        });
    }

    [TestMethod]
    public void A_client_offers_its_suites_and_repeats_whatever_cookie_it_gets()
    {
        Gen<(int[], byte[])> cases = Gen.Select(Gen.Shuffle(new[] { 0, 1, 2, 3, 4 }).SelectMany(order => Gen.Int[1, 5].Select(count => order.Take(count).ToArray())), Gen.Byte.Array[1, 255]);
        Law.Holds(cases, 200, each =>
        {
            (int[] choice, byte[] cookie) = each;
            CipherSuite[] all = [PskSuites.Aes128Ccm8(), PskSuites.Aes128Ccm(), PskSuites.Aes128GcmSha256(), PskSuites.ChaCha20Poly1305Sha256(), PskSuites.Aes128CbcSha256()];
            DtlsOptions options = TestBed.Options(3);
            options.Suites = new CipherSuiteTable();
            Array.ForEach(choice, i => options.Suites.Add(all[i]));
            DtlsClientEngine client = new(options);
            client.Connect(1000);
            byte[] first = Hello(client, out ClientHello hello);
            int[] offered = [.. choice.Select(i => all[i].Id), RenegotiationInfo.Scsv];
            CollectionAssert.AreEqual(offered.SelectMany(Number).ToArray(), first.AsSpan(hello.Suites, hello.SuitesLength).ToArray());
            Assert.AreEqual(0, hello.SessionIdLength + hello.CookieLength);
            byte[] random = first.AsSpan(hello.Random, ClientHello.RandomLength).ToArray();

            _writer.Reset(_buffer, 0, _buffer.Length);
            HelloVerifyRequest.Write(_writer, cookie, 0, cookie.Length);
            _reader.Reset(_buffer, 0, _writer.Length);
            Assert.AreEqual(cookie.Length, HelloVerifyRequest.Read(_reader, out int version));
            Assert.AreEqual(DtlsVersion.Dtls10, version);
            byte[] request = TestBed.Message(HandshakeType.HelloVerifyRequest, 0, 0, _buffer[.._writer.Length]);
            client.HandleDatagram(request, 0, request.Length, 1001);
            byte[] second = Hello(client, out hello);
            CollectionAssert.AreEqual(cookie, second.AsSpan(hello.Cookie, hello.CookieLength).ToArray());
            CollectionAssert.AreEqual(random, second.AsSpan(hello.Random, ClientHello.RandomLength).ToArray());
        });
    }

    [TestMethod]
    public void A_Finished_is_right_as_it_was_written_and_wrong_with_any_bit_changed()
    {
        Gen<(byte[], int)> cases = Gen.Select(Gen.Byte.Array[Finished.VerifyDataLength], Gen.Int[0, (8 * Finished.VerifyDataLength) - 1]);
        Law.Holds(cases, 300, each =>
        {
            (byte[] expected, int bit) = each;
            _writer.Reset(_buffer, 0, _buffer.Length);
            Finished.Write(_writer, expected);
            _reader.Reset(_buffer, 0, _writer.Length);
            Assert.AreEqual(DtlsError.None, Finished.Read(_reader, expected));
            _buffer[bit / 8] ^= (byte)(1 << (bit % 8));
            _reader.Reset(_buffer, 0, _writer.Length);
            Assert.AreEqual(DtlsError.DecryptError, Finished.Read(_reader, expected));
            _reader.Reset(_buffer, 0, _writer.Length - 1);
            Assert.AreEqual(DtlsError.DecodeError, Finished.Read(_reader, expected));
            _reader.Reset(_buffer, 0, _writer.Length + 1);
            Assert.AreEqual(DtlsError.DecodeError, Finished.Read(_reader, expected));
        });
    }

    [TestMethod]
    public void A_hint_and_an_identity_are_those_that_were_written()
    {
        Law.Holds(Gen.Byte.Array[0, 600], 200, bytes =>
        {
            Both(bytes, () => PskServerKeyExchange.Write(_writer, bytes), () => PskServerKeyExchange.Read(_reader));
            Both(bytes, () => PskClientKeyExchange.Write(_writer, bytes), () => PskClientKeyExchange.Read(_reader));
        });

        void Both(byte[] bytes, Action write, Func<int> read)
        {
            _writer.Reset(_buffer, 4, _buffer.Length - 4);
            write();
            _reader.Reset(_buffer, 4, _writer.Length);
            Assert.AreEqual(bytes.Length, read());
            Assert.IsTrue(_reader.IsAtEnd);
            CollectionAssert.AreEqual(bytes, _buffer.AsSpan(_reader.Position - bytes.Length, bytes.Length).ToArray());
            for (int length = 0; length < 2 + bytes.Length; length++)
            {
                _reader.Reset(_buffer, 4, length);
                Assert.AreEqual(-1, read(), "cut at " + length);
            }
        }
    }

    [TestMethod]
    public void Whatever_bytes_identity_key_and_hint_are_both_ends_agree_on_them()
    {
        Gen<(byte[], byte[], byte[], byte[])> cases = Gen.Select(Gen.Byte.Array[1, 128], Gen.Byte.Array[1, 64], Gen.Byte.Array[1, 60], Gen.Byte.Array[1, 40]);
        Law.Holds(cases, 40, each =>
        {
            (byte[] identity, byte[] key, byte[] hint, byte[] data) = each;
            DtlsOptions client = TestBed.Options(5);
            DtlsOptions server = TestBed.Options(6);
            client.Psk = TestBed.Store(key, identity, hint);
            server.Psk = TestBed.Store(key, identity);
            server.PskHint = hint;
            TestBed bed = new(client, server);
            bed.Connect();
            bed.VerifyEcho(data);
            CollectionAssert.AreEqual(identity, bed.ServerAssociation!.PskIdentity);
        });
    }

    private static Gen<int> Length()
    {
        return Gen.OneOf(Gen.Int[0, 500], Gen.Int[0, 0xFFFFFF]);
    }

    private static byte[] Number(int value)
    {
        return [(byte)(value >> 8), (byte)value];
    }

    /// <summary>The hello that a client sends next, read.</summary>
    private byte[] Hello(DtlsClientEngine client, out ClientHello hello)
    {
        Packet packet = client.PollDatagram(1002);
        byte[] datagram = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        _reader.Reset(datagram, Dtls12RecordCodec.Size, datagram.Length - Dtls12RecordCodec.Size);
        Assert.IsTrue(new MessageHeader().Read(_reader));
        hello = new ClientHello();
        Assert.AreEqual(DtlsError.None, hello.Read(_reader));
        return datagram;
    }
}

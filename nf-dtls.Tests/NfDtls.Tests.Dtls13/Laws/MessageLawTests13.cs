using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What is written is read as it was meant: messages and numbers of DTLS 1.3, whatever stands in them; and cut short they are none.</summary>
[TestClass]
public sealed class MessageLawTests13
{
    private readonly WireReader _reader = new();
    private readonly WireWriter _writer = new();
    private readonly byte[] _buffer = new byte[3000];

    [TestMethod]
    public void A_record_number_is_known_by_its_last_bits_where_it_is_near_to_the_one_expected()
    {
        Gen<(long, long, bool)> cases = Gen.Select(
            Gen.OneOf(Gen.Long[0, 400], Gen.Long[0, Epoch.LastSequence], Gen.Long[Epoch.LastSequence - 400, Epoch.LastSequence]), Gen.Long[-(1 << 15) + 1, (1 << 15) - 1], Gen.Bool);
        Law.Holds(cases, 3000, each =>
        {
            (long expected, long distance, bool isShort) = each;
            int bits = isShort ? 8 : 16;
            long number = Math.Clamp(expected + (isShort ? distance / 256 : distance), 0, Epoch.LastSequence);
            Assert.AreEqual(number, RecordNumber.Nearest(expected, (int)(number & ((1L << bits) - 1)), bits));
        });
    }

    [TestMethod]
    public void An_ACK_has_every_record_once_in_order_and_the_newest_of_too_many()
    {
        Gen<((int, long)[], int)> cases = Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Long[0, 20]).Array[0, 30], Gen.Int[18, 400]);
        Law.Holds(cases, 500, each =>
        {
            ((int Epoch, long Sequence)[] records, int most) = each;
            RecordList list = new(40);
            Array.ForEach(records, record => list.Add(record.Epoch, record.Sequence));
            (long, long)[] expected = records.Select(record => ((long)record.Epoch, record.Sequence)).Distinct().Order().TakeLast((most - 2) / AckMessage.NumberLength).ToArray();
            byte[] bytes = Written(() => AckMessage.Write(_writer, list, most));
            _reader.Reset(bytes, 0, bytes.Length);
            int count = AckMessage.ReadCount(_reader);
            (long, long)[] read = Enumerable.Range(0, Math.Max(count, 0)).Select(_ => (AckMessage.ReadNumber(_reader), AckMessage.ReadNumber(_reader))).ToArray();
            CollectionAssert.AreEqual(expected, read);
            Assert.IsTrue(_reader.IsAtEnd);
            NothingShorter(bytes, () => AckMessage.ReadCount(_reader) >= 0);
        });
    }

    [TestMethod]
    public void A_Certificate_has_what_was_written_and_what_DTLS_1_2_would_say()
    {
        Gen<byte[][]> chains = Gen.Byte.Array[1, 300].Array[0, 5];
        Law.Holds(chains, 300, chain =>
        {
            byte[] bytes = Written(() => CertificateMessage.Write(_writer, chain));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, CertificateMessage.ReadHead(_reader));
            foreach (byte[] certificate in chain)
            {
                Assert.AreEqual(DtlsError.None, CertificateMessage.ReadEntry(null, _reader, out int offset, out int length));
                CollectionAssert.AreEqual(certificate, bytes.AsSpan(offset, length).ToArray());
            }

            Assert.IsTrue(_reader.IsAtEnd);
            NothingShorter(bytes, () => CertificateMessage.ReadHead(_reader) == DtlsError.None);

            byte[] earlier = Earlier(chain);
            CollectionAssert.AreEqual(bytes, Written(() => CertificateMessage.WriteFrom(earlier, false, _writer)));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, CertificateMessage.ToEarlier(null, _reader, false));
            CollectionAssert.AreEqual(earlier, bytes.AsSpan(_reader.Position, _reader.Remaining).ToArray());
            Assert.AreEqual(chain.Length == 0, CertificateMessage.IsEmpty(_reader));
        });
    }

    [TestMethod]
    public void A_CertificateRequest_keeps_its_schemes_and_authorities()
    {
        Gen<(byte[], byte[][])> cases = Gen.Select(Gen.Byte.Array[2].Array[1, 12].Select(numbers => numbers.SelectMany(number => number).ToArray()), Gen.Byte.Array[1, 60].Array[0, 4]);
        DtlsClientEngine client = new(Bed13.Options(false, 1, Bed13.NoGroup, true));
        client.Connect(1000);
        Handshake handshake = client.Association.Handshake;
        Law.Holds(cases, 300, each =>
        {
            (byte[] schemes, byte[][] names) = each;
            byte[] authorities = Vector(names.SelectMany(Vector).ToArray());
            byte[] ofAuthorities = names.Length == 0 ? [] : [0, 47, .. Vector(authorities)];
            byte[] bytes = [0, .. Vector([0, 13, .. Vector(Vector(schemes)), .. ofAuthorities])];
            byte[] earlier = [2, 1, 64, .. Vector(schemes), .. authorities];
            CollectionAssert.AreEqual(bytes, Written(() => CertificateRequest13.Write(handshake, earlier, _writer)));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, CertificateRequest13.ToEarlier(handshake, _reader));
            CollectionAssert.AreEqual(earlier, _reader.Buffer.AsSpan(_reader.Position, _reader.Remaining).ToArray());
            NothingShorter(bytes, () => CertificateRequest13.ToEarlier(handshake, _reader) == DtlsError.None);
        });
    }

    [TestMethod]
    public void A_CertificateVerify_has_its_scheme_and_signature()
    {
        Gen<(int, byte[])> cases = Gen.Select(Gen.Int[0, 0xFFFF], Gen.Byte.Array[0, 520]);
        Law.Holds(cases, 300, each =>
        {
            (int scheme, byte[] signature) = each;
            byte[] bytes = Written(() => CertificateVerify.Write(_writer, scheme, [9, .. signature], 1, signature.Length));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, CertificateVerify.Read(_reader, out int read, out int offset, out int length));
            Assert.AreEqual(scheme, read);
            CollectionAssert.AreEqual(signature, bytes.AsSpan(offset, length).ToArray());
            NothingShorter(bytes, () => CertificateVerify.Read(_reader, out _, out _, out _) == DtlsError.None);
        });
    }

    [TestMethod]
    public void New_connection_IDs_are_those_that_were_written()
    {
        Gen<(byte[][], int, int)> cases = Gen.Select(Gen.Byte.Array[0, 40].Array[0, 6], Gen.Int[0, 1], Gen.Int[0, 255]);
        Law.Holds(cases, 300, each =>
        {
            (byte[][] ids, int usage, int count) = each;
            byte[] bytes = Written(() => ConnectionIdMessages.WriteNew(_writer, ids, usage));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, ConnectionIdMessages.ReadNew(_reader, out int end, out int read));
            Assert.AreEqual(usage, read);
            List<byte[]> all = [];
            while (_reader.Position < end)
            {
                int length = _reader.ReadUInt8();
                all.Add(bytes.AsSpan(_reader.Skip(length), length).ToArray());
            }

            Assert.HasCount(ids.Length, all);
            Assert.IsTrue(ids.Zip(all).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
            NothingShorter(bytes, () => ConnectionIdMessages.ReadNew(_reader, out _, out _) == DtlsError.None);

            bytes = Written(() => ConnectionIdMessages.WriteRequest(_writer, count));
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(count, ConnectionIdMessages.ReadRequest(_reader));
        });
    }

    [TestMethod]
    public void A_NewSessionTicket_has_what_was_written()
    {
        Gen<(int, byte[], byte[], byte[])> cases = Gen.Select(Gen.Int[0, NewSessionTicket.LongestLifetime], Gen.Byte.Array[4], Gen.Byte.Array[0, 255], Gen.Byte.Array[1, 600]);
        Law.Holds(cases, 300, each =>
        {
            (int lifetime, byte[] ageAdd, byte[] nonce, byte[] content) = each;
            byte[] bytes = Written(() => NewSessionTicket.Write(_writer, lifetime, ageAdd, nonce, content));
            NewSessionTicket ticket = new();
            _reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(DtlsError.None, ticket.Read(_reader));
            Assert.AreEqual(lifetime, ticket.Lifetime);
            Assert.AreEqual((long)BitConverter.ToUInt32([ageAdd[3], ageAdd[2], ageAdd[1], ageAdd[0]]), ticket.AgeAdd);
            CollectionAssert.AreEqual(nonce, bytes.AsSpan(ticket.Nonce, ticket.NonceLength).ToArray());
            CollectionAssert.AreEqual(content, bytes.AsSpan(ticket.Ticket, ticket.TicketLength).ToArray());
            NothingShorter(bytes, () => ticket.Read(_reader) == DtlsError.None);
        });
    }

    private static byte[] Vector(byte[] bytes)
    {
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    /// <summary>The same certificates as a message of DTLS 1.2.</summary>
    private static byte[] Earlier(byte[][] chain)
    {
        byte[] list = chain.SelectMany(certificate => (byte[])[0, .. Vector(certificate)]).ToArray();
        return [0, .. Vector(list)];
    }

    private byte[] Written(Action write)
    {
        _writer.Reset(_buffer, 5, _buffer.Length - 5);
        write();
        Assert.IsFalse(_writer.Failed);
        return _buffer.AsSpan(5, _writer.Length).ToArray();
    }

    private void NothingShorter(byte[] bytes, Func<bool> read)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            _reader.Reset(bytes, 0, length);
            Assert.IsFalse(read(), "cut at " + length);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

/// <summary>The records that a last flight is made of, and what is known of the peer's.</summary>
[TestClass]
public class LastFlightRecordTests
{
    private const int ChangeCipherSpecLength = 13 + 1;

    private const int FinishedLength = 13 + 8 + 24 + 8;

    private readonly RecordHeader _header = new RecordHeader();

    [TestMethod]
    public void Both_records_go_into_one_datagram_where_they_fit_and_into_two_else()
    {
        foreach ((int limit, bool oneRecord, int datagrams) in new[]
        {
            (ChangeCipherSpecLength + FinishedLength, false, 1), (ChangeCipherSpecLength + FinishedLength - 1, false, 2),
            (FinishedLength, false, 2), (1000, false, 1), (1000, true, 2),
        })
        {
            LastFlight flight = Make(0);
            for (int time = 0; time < 2; time++)
            {
                flight.Restart();
                for (int i = 0; i < datagrams; i++)
                {
                    Assert.IsTrue(flight.IsSending);
                    int expected = datagrams == 1 ? ChangeCipherSpecLength + FinishedLength : i == 0 ? ChangeCipherSpecLength : FinishedLength;
                    Assert.AreEqual(expected, flight.Fill(_header, new byte[1000], limit, oneRecord, out int records), limit + ", " + oneRecord);
                    Assert.AreEqual(3 - datagrams, records);
                }

                Assert.IsFalse(flight.IsSending);
                Assert.AreEqual(0, flight.Fill(_header, new byte[1000], limit, oneRecord, out int none));
                Assert.AreEqual(0, none);
                Assert.AreEqual(2, flight.Count);
            }
        }
    }

    [TestMethod]
    [DataRow(1, 1000, 16384)]
    [DataRow(300, 1000, 16384)]
    [DataRow(300, 150, 16384)]
    [DataRow(300, 1000, 112)]
    [DataRow(300, 140, 64)]
    [DataRow(125, 150, 16384)]
    [DataRow(126, 150, 16384)]
    [DataRow(111, 150, 16384)]
    [DataRow(112, 150, 16384)]
    [DataRow(300, 392, 16384)]
    [DataRow(300, 391, 16384)]
    [DataRow(300, 339, 16384)]
    [DataRow(300, 338, 16384)]
    [DataRow(110, 1000, 112)]
    [DataRow(300, 400, 112)]
    public void A_ticket_goes_before_them_in_as_many_pieces_as_it_takes(int length, int limit, int writeLimit)
    {
        byte[] ticket = TestBed.Bytes(length, 7);
        Epoch plain = new Epoch(0, new Dtls12RecordCodec(), null) { WriteProtection = new NullProtection(), NextSequence = 3 };
        Epoch keys = MakeEpoch(0);
        keys.WriteLimit = writeLimit;
        Flight written = new Flight(2000, 4);
        Write(written, HandshakeType.NewSessionTicket, 4, plain, ticket);
        Write(written, ContentType.ChangeCipherSpec, 0, plain, 1);
        Write(written, HandshakeType.Finished, 5, keys, TestBed.Bytes(12, 0x51));
        LastFlight flight = new LastFlight();
        flight.Keep(written, _header, 1000);
        Assert.AreEqual(3, flight.Count);
        Assert.IsFalse(flight.IsShort);
        long number = 3;
        for (int time = 0; time < 2; time++)
        {
            byte[] come = new byte[length];
            List<int> lengths = new();
            List<int> expected = Expect(length, limit, writeLimit);
            int types = 0;
            while (flight.IsSending)
            {
                byte[] datagram = new byte[2000];
                int filled = flight.Fill(_header, datagram, limit, false, out int records);
                lengths.Add(filled);
                int read = 0;
                RecordHeader record = new RecordHeader();
                for (int at = 0; at < filled; at = record.End, read++)
                {
                    Assert.IsTrue(new Dtls12RecordCodec().Read(datagram, at, filled - at, record));
                    types = (types * 100) + record.Type;
                    if (record.Epoch == 0)
                    {
                        Assert.AreEqual(number++, record.Sequence);
                    }

                    if (record.Type == ContentType.Handshake && record.Epoch == 0)
                    {
                        types /= 100;
                        WireReader reader = new WireReader();
                        reader.Reset(datagram, record.FragmentOffset, record.FragmentLength);
                        MessageHeader message = new MessageHeader();
                        Assert.IsTrue(message.Read(reader));
                        Assert.AreEqual((HandshakeType.NewSessionTicket, length, 4), (message.Type, message.MessageLength, message.Sequence));
                        Assert.IsTrue(record.FragmentLength <= writeLimit);
                        Array.Copy(datagram, reader.Position, come, message.FragmentOffset, message.FragmentLength);
                    }
                }

                Assert.AreEqual(records, read);
            }

            CollectionAssert.AreEqual(expected, lengths, string.Join(", ", lengths));
            CollectionAssert.AreEqual(ticket, come);
            Assert.AreEqual(2022, types);
            flight.Restart();
        }
    }

    [TestMethod]
    public void Without_a_number_for_its_finished_it_counts_as_lost()
    {
        LastFlight flight = Make(Epoch.LastSequence + 1);
        flight.Restart();
        Assert.AreEqual(0, flight.Fill(_header, new byte[1000], 1000, false, out int records));
        Assert.AreEqual(0, records);
        Assert.IsFalse(flight.IsSending);
    }

    [TestMethod]
    public void A_repetition_of_the_peers_is_told_by_its_number_and_its_bytes_and_there_is_none_before_it_has_come()
    {
        LastFlight flight = new LastFlight();
        for (int round = 0; round < 2; round++)
        {
            for (int sequence = 0; sequence < 5; sequence++)
            {
                Assert.IsFalse(flight.IsPeers(Header(sequence, 12, 0, 12), new byte[12], 0), "Nobody has said anything.");
                Assert.IsFalse(flight.IsPeers(Header(sequence, 12, 4, 0), new byte[12], 0));
            }

            byte[] said = TestBed.Bytes(14, 0x71);
            flight.RememberPeers(1, said, 1);
            Assert.IsTrue(flight.IsPeers(Header(1, 12, 0, 12), said, 1));
            Assert.IsTrue(flight.IsPeers(Header(1, 12, 5, 4), said, 6));
            Assert.IsFalse(flight.IsPeers(Header(1, 12, 0, 12), said, 0));
            Assert.IsFalse(flight.IsPeers(Header(2, 12, 0, 12), said, 1));
            Assert.IsFalse(flight.IsPeers(Header(1, 13, 0, 12), said, 1));
            byte[] copy = new byte[13];
            flight.CopyPeers(copy, 1);
            CollectionAssert.AreEqual(said.Skip(1).Take(12).ToArray(), copy.Skip(1).ToArray());
            flight.Clear();
        }
    }

    [TestMethod]
    public void Ours_is_wiped_when_its_time_is_over_and_the_peers_with_the_session()
    {
        LastFlight flight = Make(0);
        flight.RememberPeers(1, TestBed.Bytes(12, 0x71), 0);
        Assert.IsTrue(flight.IsKept);
        Assert.IsTrue(flight.IsShort);
        Assert.AreEqual(601_000, flight.Expires);
        Assert.IsFalse(flight.VerifyData.Take(12).Any(b => b == 0));
        flight.Restart();
        flight.Forget();
        Assert.IsTrue(flight.VerifyData.Take(12).All(b => b == 0));
        CollectionAssert.AreEqual(TestBed.Bytes(12, 0x71), flight.VerifyData.Skip(12).ToArray());
        Assert.IsFalse(flight.IsKept);
        Assert.IsFalse(flight.IsShort);
        Assert.IsFalse(flight.IsSending);
        Assert.AreEqual(long.MaxValue, flight.Expires);
        flight.Clear();
        Assert.IsTrue(flight.VerifyData.All(b => b == 0));
    }

    private static MessageHeader Header(int sequence, int length, int offset, int count)
    {
        return new MessageHeader { Type = HandshakeType.Finished, Sequence = sequence, MessageLength = length, FragmentOffset = offset, FragmentLength = count };
    }

    /// <summary>The lengths of the datagrams, each as full as it can be, whose ticket's first piece is cut to what is left of it.</summary>
    private static List<int> Expect(int ticket, int limit, int writeLimit)
    {
        List<int> lengths = new();
        int sent = 0;
        for (int step = 0; step < 3;)
        {
            int length = 0;
            while (step < 3)
            {
                int need = step == 0 ? 25 + ticket - sent : step == 1 ? ChangeCipherSpecLength : FinishedLength;
                if (length > 0 && length + need > limit)
                {
                    break;
                }

                int piece = step > 0 ? need : 25 + Math.Min(ticket - sent, Math.Min(limit - length - 25, writeLimit - 12));
                length += piece;
                sent += step == 0 ? piece - 25 : 0;
                step += step > 0 || sent == ticket ? 1 : 0;
            }

            lengths.Add(length);
        }

        return lengths;
    }

    private static void Write(Flight flight, int type, int sequence, Epoch epoch, params byte[] content)
    {
        WireWriter writer = new WireWriter();
        flight.Begin(writer);
        writer.WriteBytes(content, 0, content.Length);
        Assert.IsTrue(flight.End(writer, type, sequence, DtlsVersion.Dtls12, epoch));
    }

    private static LastFlight Make(long number)
    {
        LastFlight flight = new LastFlight();
        flight.Keep(5, MakeEpoch(number), new Dtls12(), TestBed.Bytes(12, 0x51), 0, 3, 1000);
        return flight;
    }

    private static Epoch MakeEpoch(long number)
    {
        CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(4));
        byte[] keys = TestBed.Bytes(20, 1);
        Epoch epoch = new Epoch(1, new Dtls12RecordCodec(), new ReplayWindow(64)) { NextSequence = number };
        epoch.WriteProtection = new AeadProtection(crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, keys, 0, 8), keys, 16, 4);
        return epoch;
    }
}

using System;
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

    private static LastFlight Make(long number)
    {
        CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(4));
        byte[] keys = TestBed.Bytes(20, 1);
        Epoch epoch = new Epoch(1, new Dtls12RecordCodec(), new ReplayWindow(64)) { NextSequence = number };
        epoch.WriteProtection = new AeadProtection(crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, keys, 0, 8), keys, 16, 4);
        LastFlight flight = new LastFlight();
        flight.Keep(5, epoch, new Dtls12(), TestBed.Bytes(12, 0x51), 0, 3, 1000);
        return flight;
    }
}

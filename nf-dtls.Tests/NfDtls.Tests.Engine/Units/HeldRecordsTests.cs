using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class HeldRecordsTests
{
    private readonly DtlsOptions _options = TestBed.Options(1);
    private readonly DtlsClientEngine _endpoint;
    private readonly HeldRecords _held;

    public HeldRecordsTests()
    {
        _options.HeldRecords = 3;
        _options.PoolPackets = 16;
        _endpoint = new DtlsClientEngine(_options);
        _held = new HeldRecords(_endpoint);
    }

    [TestMethod]
    public void Records_wait_for_two_timeouts_from_the_first_on_and_are_dropped_and_counted_together()
    {
        Assert.AreEqual(long.MaxValue, _held.Expires);
        Assert.IsTrue(Add(40, 20, 1000));
        long expires = 1000 + (2 * _options.RetransmitTimeout);
        Assert.AreEqual(expires, _held.Expires);
        Assert.IsTrue(Add(0, 30, 1500));
        Assert.AreEqual(expires, _held.Expires);
        Assert.IsTrue(Add(0, 30, 1600));
        Assert.IsFalse(Add(0, 30, 1700));
        Assert.AreEqual(3, _held.Count);
        Assert.AreEqual(13, _endpoint.Pool.Available);
        _held.HandleTimeout(expires - 1);
        Assert.AreEqual(3, _held.Count);
        _held.MayGo = true;
        _held.HandleTimeout(expires);
        Assert.AreEqual(0, _held.Count);
        Assert.IsFalse(_held.MayGo);
        Assert.AreEqual(3, _endpoint.Statistics.Dropped(DropReason.Epoch));
        Assert.AreEqual(16, _endpoint.Pool.Available);
        Assert.AreEqual(long.MaxValue, _held.Expires);
        _held.HandleTimeout(long.MaxValue - 1);
        Assert.AreEqual(3, _endpoint.Statistics.Dropped(DropReason.Epoch));
    }

    [TestMethod]
    public void A_record_as_long_as_a_packet_is_held_and_a_longer_one_is_not()
    {
        int most = _endpoint.Pool.PayloadSize + PacketPool.Headroom + PacketPool.Tailroom;
        Assert.IsTrue(Add(0, most, 0));
        Assert.IsTrue(Add(100, most, 0));
        Assert.IsFalse(Add(0, most + 1, 0));
        Assert.AreEqual(2, _held.Count);
    }

    [TestMethod]
    public void The_oldest_gives_way_and_the_others_keep_their_time()
    {
        Add(0, 20, 1000);
        Add(0, 20, 1100);
        _held.DropOldest();
        Assert.AreEqual(1, _held.Count);
        Assert.AreEqual(1, _endpoint.Statistics.Dropped(DropReason.NoBuffer));
        Assert.AreEqual(1000 + (2 * _options.RetransmitTimeout), _held.Expires);
        _held.DropOldest();
        Assert.AreEqual(long.MaxValue, _held.Expires);
        Assert.AreEqual(16, _endpoint.Pool.Available);
    }

    [TestMethod]
    public void What_waited_is_handed_over_once_in_its_order_as_it_came_and_what_is_held_again_waits_on()
    {
        Host host = new Host(_endpoint, _held);
        _endpoint.Connect(0);
        Packet hello = _endpoint.PollDatagram(0);
        hello.Return();
        host.Handshake = _endpoint.Association.Handshake;
        for (int i = 0; i < 3; i++)
        {
            Assert.IsTrue(Add(7 * i, 20 + i, 0, (byte)(10 * i)));
        }

        _held.MayGo = true;
        host.HoldsAgain = 1;
        _held.Release(host, 5);
        Assert.IsFalse(_held.MayGo);
        CollectionAssert.AreEqual(new[] { 20, 21, 22 }, host.Lengths.ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 10, 20 }, host.Firsts.ToArray());
        Assert.AreEqual(1, _held.Count);
        Assert.AreEqual(15, _endpoint.Pool.Available);
        _held.Release(host, 6);
        Assert.AreEqual(0, _held.Count);
        Assert.AreEqual(16, _endpoint.Pool.Available);
    }

    private bool Add(int offset, int length, long now, byte first = 0)
    {
        byte[] buffer = new byte[offset + length + 30];
        new Dtls12RecordCodec().Write(buffer, offset, ContentType.ApplicationData, DtlsVersion.Dtls12, 1, 0, length - 13);
        if (length > 13)
        {
            buffer[offset + 13] = first;
        }

        _endpoint.Header.Offset = offset;
        _endpoint.Header.End = offset + length;
        return _held.Add(buffer, 0, now);
    }

    [TestMethod]
    public void A_handshake_that_ends_with_one_of_them_has_the_rest_handled_and_what_is_held_then_forgotten()
    {
        Host host = new Host(_endpoint, _held) { ClearsAt = 0, HoldsAgain = 2 };
        for (int i = 0; i < 3; i++)
        {
            Add(0, 20 + i, 0);
        }

        _held.Release(host, 5);
        CollectionAssert.AreEqual(new[] { 20, 21, 22 }, host.Lengths.ToArray());
        Assert.AreEqual(0, _held.Count);
        Assert.AreEqual(16, _endpoint.Pool.Available);
    }

    [TestMethod]
    public void One_that_gives_way_while_another_is_handed_over_is_not_handed_over()
    {
        Host host = new Host(_endpoint, _held) { DropsAt = 0 };
        for (int i = 0; i < 3; i++)
        {
            Add(0, 20 + i, 0);
        }

        _held.Release(host, 5);
        CollectionAssert.AreEqual(new[] { 20, 22 }, host.Lengths.ToArray());
        Assert.AreEqual(0, _held.Count);
        Assert.AreEqual(16, _endpoint.Pool.Available);
    }

    [TestMethod]
    public void What_was_given_back_may_be_held_again()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.IsTrue(Add(0, 20, i), i.ToString());
            _held.Clear();
        }
    }

    /// <summary>Hears of the records, holds the first of them again, and may end its handshake meanwhile.</summary>
    private sealed class Host : HandshakeHost
    {
        private readonly DtlsClientEngine _endpoint;
        private readonly HeldRecords _held;

        internal Host(DtlsClientEngine endpoint, HeldRecords held)
        {
            _endpoint = endpoint;
            _held = held;
        }

        internal int HoldsAgain { get; set; }

        internal int ClearsAt { get; set; } = -1;

        internal int DropsAt { get; set; } = -1;

        internal List<int> Lengths { get; } = new();

        internal List<byte> Firsts { get; } = new();

        public override int PathMtu { get; set; }

        internal override void HandleRecord(byte[] buffer, long now)
        {
            RecordHeader header = _endpoint.Header;
            if (Lengths.Count == ClearsAt)
            {
                _held.Clear();
            }

            if (Lengths.Count == DropsAt)
            {
                _held.DropOldest();
            }

            Lengths.Add(header.End - header.Offset);
            Firsts.Add(buffer[header.FragmentOffset]);
            if (HoldsAgain > 0)
            {
                HoldsAgain--;
                Assert.IsTrue(_held.Add(buffer, 0, now));
            }
        }

        internal override void LowerPathMtu(int size)
        {
        }

        internal override Epoch AddEpoch(CipherSuite suite)
        {
            throw new NotSupportedException();
        }

        internal override void ChangeWriteEpoch()
        {
        }

        internal override void SendFlight()
        {
        }

        internal override void KeepLastFlight(Flight flight, long now)
        {
        }

        internal override void RememberFinished(int sequence, byte[] verifyData)
        {
        }

        internal override DtlsError OnMessage(int type)
        {
            return DtlsError.None;
        }

        internal override void OnPending()
        {
        }

        internal override void Complete(long now)
        {
        }

        internal override void Fail(DtlsError error)
        {
        }

        internal override void FailWithAlert(int alert)
        {
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class UnreadRecordsTests
{
    private readonly DtlsServerEngine _engine;

    public UnreadRecordsTests()
    {
        DtlsOptions options = TestBed.Options(1);
        options.PoolPackets = 64;
        options.HeldRecords = 8;
        _engine = new DtlsServerEngine(options);
    }

    [TestMethod]
    public void Who_has_kept_some_longest_gives_up_its_oldest_and_is_asked_last_the_next_time()
    {
        UnreadRecords unread = new UnreadRecords();
        Assert.IsFalse(unread.GiveUpOne(_engine));
        Inbox[] inboxes = Enumerable.Range(0, 3).Select(_ => new Inbox()).ToArray();
        for (int i = 0; i < 3; i++)
        {
            Fill(inboxes[i], i == 1 ? 1 : 3);
            unread.Add(inboxes[i]);
        }

        // Once more says nothing new.
        Array.ForEach(inboxes, unread.Add);

        List<int> order = new();
        int before = _engine.Pool.Available;
        for (int[] counts = Counts(inboxes); unread.GiveUpOne(_engine); counts = Counts(inboxes))
        {
            int[] after = Counts(inboxes);
            int gave = Array.FindIndex(counts.Zip(after, (a, b) => a - b).ToArray(), lost => lost > 0);
            Assert.AreEqual(counts.Sum() - 1, after.Sum());
            order.Add(gave);
        }

        CollectionAssert.AreEqual(new[] { 0, 1, 2, 0, 2, 0, 2 }, order);
        Assert.AreEqual(7, _engine.Statistics.Dropped(DropReason.NoBuffer));
        Assert.AreEqual(before + 7, _engine.Pool.Available);
        Assert.IsFalse(unread.GiveUpOne(_engine));
        Assert.AreEqual(7, _engine.Statistics.Dropped(DropReason.NoBuffer));

        // All begins anew.
        Fill(inboxes[2], 1);
        unread.Add(inboxes[2]);
        Assert.IsTrue(unread.GiveUpOne(_engine));
        Assert.AreEqual(0, inboxes[2].Count);
    }

    [TestMethod]
    public void Who_was_read_meanwhile_is_passed_over()
    {
        UnreadRecords unread = new UnreadRecords();
        Inbox[] inboxes = Enumerable.Range(0, 4).Select(_ => new Inbox()).ToArray();
        foreach (Inbox inbox in inboxes)
        {
            Fill(inbox, 1);
            unread.Add(inbox);
        }

        inboxes[0].Take().Return();
        inboxes[1].Take().Return();
        inboxes[3].Take().Return();
        Assert.IsTrue(unread.GiveUpOne(_engine));
        Assert.AreEqual(0, inboxes[2].Count);
        Assert.IsFalse(unread.GiveUpOne(_engine));
        Assert.AreEqual(1, _engine.Statistics.Dropped(DropReason.NoBuffer));
        Fill(inboxes[3], 1);
        unread.Add(inboxes[3]);
        Fill(inboxes[0], 1);
        unread.Add(inboxes[0]);
        Assert.IsTrue(unread.GiveUpOne(_engine));
        Assert.AreEqual(0, inboxes[3].Count);
        Assert.AreEqual(1, inboxes[0].Count);
    }

    [TestMethod]
    public void Records_that_nobody_may_see_yet_are_the_last_to_go()
    {
        foreach ((int count, int hidden, int left) in new[] { (3, 0, 0), (3, 1, 1), (3, 2, 2), (3, 3, 2), (1, 1, 0) })
        {
            UnreadRecords unread = new UnreadRecords();
            Inbox inbox = new Inbox();
            Fill(inbox, count);
            inbox.Hidden = hidden;
            unread.Add(inbox);
            Assert.IsTrue(unread.GiveUpOne(_engine));
            Assert.AreEqual(left, inbox.Hidden);
            Assert.AreEqual(count - 1, inbox.Count);
            while (inbox.Count > 0)
            {
                inbox.Take().Return();
            }
        }
    }

    [TestMethod]
    public void Who_holds_more_than_another_would_gives_it_one_and_who_holds_none_is_forgotten()
    {
        SharedHeld share = (SharedHeld)_engine.HeldShare;
        HeldRecords[] holders = Enumerable.Range(0, 4).Select(_ => new HeldRecords(_engine)).ToArray();
        List<Packet> taken = new();
        for (int i = 0; i < 3; i++)
        {
            Hold(holders[0]);
            Hold(holders[1]);
        }

        Hold(holders[2]);
        Hold(holders[2]);
        for (Packet packet = _engine.Pool.Rent(); packet != null; packet = _engine.Pool.Rent())
        {
            taken.Add(packet);
        }

        // Of those with most the first; who would have as many as the largest then gets nothing.
        Hold(holders[3]);
        CollectionAssert.AreEqual(new[] { 2, 3, 2, 1 }, holders.Select(holder => holder.Count).ToArray());
        Hold(holders[3]);
        CollectionAssert.AreEqual(new[] { 2, 2, 2, 2 }, holders.Select(holder => holder.Count).ToArray());
        Assert.IsNull(share.RentFor(holders[3], 2));
        CollectionAssert.AreEqual(new[] { 2, 2, 2, 2 }, holders.Select(holder => holder.Count).ToArray());

        // What passes through takes the oldest of who has held longest; who has none is gone then.
        for (int i = 0; i < 8; i++)
        {
            Packet packet = share.Rent();
            Assert.IsNotNull(packet);
            taken.Add(packet);
            Assert.AreEqual(7 - i, holders.Sum(holder => holder.Count));
            Assert.AreEqual(Math.Max(0, 1 - i), holders[0].Count);
        }

        Assert.IsNull(share.Rent());
        taken.ForEach(packet => packet.Return());
        Hold(holders[1]);
        Hold(holders[0]);
        Assert.AreEqual(1, holders[0].Count);
        Assert.AreEqual(1, holders[1].Count);
        holders[0].Clear();
        holders[1].Clear();
        Assert.AreEqual(_engine.Pool.Count, _engine.Pool.Available);
    }

    private void Hold(HeldRecords holder)
    {
        _engine.Header.Offset = 0;
        _engine.Header.End = 20;
        Assert.IsTrue(holder.Add(new byte[20], 0, 0));
    }

    private void Fill(Inbox inbox, int count)
    {
        for (int i = 0; i < count; i++)
        {
            inbox.Add(_engine.Pool.Rent());
        }
    }

    private static int[] Counts(Inbox[] inboxes)
    {
        return inboxes.Select(inbox => inbox.Count).ToArray();
    }
}

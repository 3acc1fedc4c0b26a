using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class HandshakeSlotsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(12)]
    public void The_slots_agree_with_lists_whatever_begins_ends_and_waits_for_its_work(int size)
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxSessions = 20;
        options.MaxHandshakes = size;
        HandshakeSlots slots = new DtlsServerEngine(options).Slots;
        Random random = new Random(size);
        List<ServerHandshake> byAge = new();
        List<ServerHandshake> ofSessions = new();
        List<ServerHandshake> pending = new();
        for (int step = 0; step < 4000; step++)
        {
            Assert.AreEqual(byAge.Count + ofSessions.Count, slots.Running);
            Assert.AreEqual(slots.Running < size, slots.HasFree);
            bool mayTake = slots.HasFree && ofSessions.Count < Math.Max(1, size / 2);
            Assert.AreEqual(mayTake, slots.HasFreeForSession);
            List<ServerHandshake> running = new(byAge);
            running.AddRange(ofSessions);
            switch (random.Next(5))
            {
                case 0 when slots.HasFree:
                    byAge.Add(slots.Take());
                    break;
                case 1 when mayTake:
                    ofSessions.Add(slots.TakeForSession());
                    Assert.IsTrue(ofSessions[^1].IsForSession);
                    break;
                case 2 when running.Count > 0:
                    ServerHandshake over = running[random.Next(running.Count)];
                    slots.Return(over);
                    Assert.IsFalse(over.IsForSession);
                    byAge.Remove(over);
                    ofSessions.Remove(over);
                    pending.Remove(over);
                    break;
                case 3 when running.Count > 0:
                    ServerHandshake waits = running[random.Next(running.Count)];
                    slots.SetPending(waits, true);
                    if (!pending.Contains(waits))
                    {
                        pending.Add(waits);
                    }

                    break;
                case 4 when running.Count > 0:
                    ServerHandshake done = running[random.Next(running.Count)];
                    slots.SetPending(done, false);
                    pending.Remove(done);
                    break;
                default:
                    break;
            }

            VerifyPending(slots, pending);
            for (int i = 0; i < byAge.Count; i++)
            {
                Assert.AreSame(i == 0 ? null : byAge[i - 1], byAge[i].Elder);
                Assert.AreSame(i == byAge.Count - 1 ? null : byAge[i + 1], byAge[i].Newer);
                Assert.IsFalse(byAge[i].IsForSession);
            }
        }
    }

    private static void VerifyPending(HandshakeSlots slots, List<ServerHandshake> pending)
    {
        Assert.AreEqual(pending.Count, slots.PendingCount);
        ServerHandshake at = slots.FirstPending;
        foreach (ServerHandshake expected in pending)
        {
            Assert.AreSame(expected, at);
            at = at.NextPending;
        }

        Assert.IsNull(at);
    }
}

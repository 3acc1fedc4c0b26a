using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>The server's tables against lists that do the same in the plainest way.</summary>
[TestClass]
public class ServerTableTests
{
    [TestMethod]
    public void The_heap_agrees_with_a_list_of_times()
    {
        foreach (int size in new[] { 1, 2, 3, 17, 64 })
        {
            Random random = new Random(size);
            DeadlineHeap heap = new DeadlineHeap(size);
            long[] times = Enumerable.Repeat(long.MaxValue, size).ToArray();
            for (int step = 0; step < 5000; step++)
            {
                int index = random.Next(size);
                times[index] = random.Next(4) == 0 ? long.MaxValue : random.Next(100);
                heap.Set(index, times[index]);
                Assert.AreEqual(times.Min(), heap.NextTime);
                Assert.AreEqual(times.Count(time => time != long.MaxValue), heap.Count);
                if (heap.Count > 0)
                {
                    Assert.AreEqual(times.Min(), times[heap.First]);
                }
            }

            heap.Clear();
            Assert.AreEqual(long.MaxValue, heap.NextTime);
        }
    }

    [TestMethod]
    public void A_time_changes_in_as_many_moves_as_the_heap_is_deep()
    {
        DeadlineHeap heap = new DeadlineHeap(10_000);
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            heap.Set(i, random.Next(1_000_000));
        }

        for (int i = 0; i < 10_000; i++)
        {
            int before = heap.Moves;
            heap.Set(random.Next(10_000), random.Next(10) == 0 ? long.MaxValue : random.Next(1_000_000));
            Assert.IsTrue(heap.Moves - before <= 17, (heap.Moves - before) + " moves");
        }

        // The same time again is no move at all.
        heap.Set(5, 77);
        int moves = heap.Moves;
        heap.Set(5, 77);
        Assert.AreEqual(moves, heap.Moves);
    }

    [TestMethod]
    public void The_list_of_uses_agrees_with_a_list()
    {
        const int Size = 20;
        Random random = new Random(1);
        UseList uses = new UseList(Size);
        List<int> plain = new();
        for (int step = 0; step < 5000; step++)
        {
            int index = random.Next(Size);
            if (!plain.Contains(index))
            {
                uses.Add(index);
                plain.Add(index);
            }
            else if (random.Next(3) > 0)
            {
                uses.Touch(index);
                plain.Remove(index);
                plain.Add(index);
            }
            else
            {
                uses.Remove(index);
                plain.Remove(index);
            }

            Assert.AreEqual(plain.Count == 0 ? -1 : plain[0], uses.First);
        }

        while (plain.Count > 0)
        {
            Assert.AreEqual(plain[0], uses.First);
            uses.Remove(plain[0]);
            plain.RemoveAt(0);
        }
    }

    [TestMethod]
    public void The_hosts_agree_with_a_list_whatever_comes_and_goes()
    {
        const int Size = 24;
        DtlsServerEngine engine = new DtlsServerEngine(TestBed.Options(1));
        Association[] all = Enumerable.Range(0, Size).Select(i => new Association(engine) { Index = i, AddressLength = 7 }).ToArray();
        foreach (uint seed in new uint[] { 1, 12345 })
        {
            Random random = new Random((int)seed);
            HostTable hosts = new HostTable(new HostRule(3, 64), all, seed);
            int[] standings = new int[Size];
            for (int step = 0; step < 5000; step++)
            {
                int index = random.Next(Size);
                switch (standings[index])
                {
                    case 0:
                        CrowdTests.Address(random.Next(9), random.Next(1000)).CopyTo(all[index].Address, 0);
                        hosts.Add(index);
                        standings[index] = 1;
                        break;
                    case 1:
                        hosts.Complete(index);
                        standings[index] = 2;
                        break;
                    default:
                        hosts.Remove(index);
                        standings[index] = 0;
                        break;
                }

                for (int host = 0; host < 9; host++)
                {
                    int found = hosts.Find(CrowdTests.Address(host, 7), 7);
                    int[] there = Enumerable.Range(0, Size).Where(i => standings[i] > 0 && all[i].Address[6] == host).ToArray();
                    Assert.AreEqual(there.Length, hosts.CountOf(found));
                    Assert.AreEqual(there.Count(i => standings[i] == 1), hosts.HalfOpenOf(found));
                    List<int> listed = new();
                    for (int i = found < 0 ? -1 : hosts.FirstOf(found); i >= 0; i = hosts.NextOf(i))
                    {
                        listed.Add(i);
                        Assert.AreEqual(found, hosts.HostOf(i));
                    }

                    CollectionAssert.AreEquivalent(there, listed);
                }
            }

            hosts.Clear();
            Assert.AreEqual(-1, hosts.Find(CrowdTests.Address(1, 7), 7));
        }
    }

    [TestMethod]
    public void A_host_is_found_past_the_holes_that_others_leave()
    {
        // As many hosts as there is room for, so that many stand behind each other.
        const int Size = 31;
        DtlsServerEngine engine = new DtlsServerEngine(TestBed.Options(1));
        Association[] all = Enumerable.Range(0, Size).Select(i => new Association(engine) { Index = i, AddressLength = 7 }).ToArray();
        for (uint seed = 1; seed <= 6; seed++)
        {
            Random random = new Random((int)seed);
            HostTable hosts = new HostTable(new HostRule(3, 64), all, seed);
            int[] who = Enumerable.Repeat(-1, Size).ToArray();
            for (int step = 0; step < 600; step++)
            {
                int index = random.Next(Size);
                if (who[index] < 0)
                {
                    who[index] = index + (Size * random.Next(8));
                    CrowdTests.Address(who[index], 5).CopyTo(all[index].Address, 0);
                    hosts.Add(index);
                }
                else if (random.Next(3) == 0)
                {
                    hosts.Complete(index);
                    hosts.Remove(index);
                    who[index] = -1;
                }

                for (int i = 0; i < Size; i++)
                {
                    int found = who[i] < 0 ? -2 : hosts.Find(CrowdTests.Address(who[i], 9), 7);
                    Assert.IsTrue(found == -2 || (found >= 0 && found == hosts.HostOf(i) && hosts.CountOf(found) == 1), seed + ", " + step);
                }
            }
        }
    }

    [TestMethod]
    public void An_address_of_any_length_is_told_from_those_that_differ_in_one_byte()
    {
        DtlsServerEngine engine = new DtlsServerEngine(TestBed.Options(1));
        for (int length = 1; length <= Packet.MaxAddressLength; length++)
        {
            // All fall into one of few slots, and so are compared.
            byte[] address = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
            Association own = new Association(engine) { AddressLength = length };
            address.CopyTo(own.Address, 0);
            AddressMap map = new AddressMap(1, 7);
            map.Set(own);
            Assert.AreSame(own, map.Find(address, length), length.ToString());
            for (int i = 0; i < length; i++)
            {
                byte[] other = (byte[])address.Clone();
                other[i] ^= 0x80;
                map.Set(own);
                Assert.IsNull(map.Find(other, length), length + " " + i);
                Assert.AreSame(own, map.Find(address, length), length + " " + i);
            }

            map.Set(own);
            Assert.IsNull(map.Find(address.Concat(new byte[] { 0 }).ToArray(), length + 1));
            map.Set(own);
            Assert.IsNull(map.Find(address, length - 1));
        }
    }

    [TestMethod]
    public void An_address_may_begin_a_few_times_at_once_and_then_once_in_five_seconds()
    {
        BeginRate rate = new BeginRate(16, 7);
        byte[] address = CrowdTests.Address(1, 1);
        foreach (long begin in new long[] { 0, -1_000_000, 5_000_000, long.MaxValue - 1_000_000 })
        {
            rate.Clear();
            int begun = 0;
            for (long now = begin; now < begin + 100_000; now += 100)
            {
                if (rate.MayBegin(rate.Who(address, 7), now))
                {
                    rate.Began(rate.Who(address, 7), now);
                    begun++;
                }
            }

            Assert.AreEqual(4 + 19, begun);
            rate.Completed(rate.Who(address, 7));
            Assert.IsTrue(rate.MayBegin(rate.Who(address, 7), begin + 100_000));
        }
    }
}

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class RangeSetTests
{
    [TestMethod]
    public void Ranges_that_touch_or_overlap_become_one()
    {
        RangeSet set = new RangeSet(30);
        set.Add(0, 10);
        set.Add(20, 30);
        Assert.IsFalse(set.IsWhole(30));
        set.Add(10, 15);
        set.Add(12, 22);
        Assert.IsTrue(set.IsWhole(30));
    }

    [TestMethod]
    public void A_sum_of_lengths_does_not_make_a_message_whole()
    {
        RangeSet set = new RangeSet(30);
        set.Add(0, 10);
        set.Add(0, 10);
        set.Add(5, 10);
        Assert.IsFalse(set.IsWhole(20));
        Assert.IsFalse(set.IsWhole(9));
        Assert.IsFalse(set.Contains(9, 11));
    }

    [TestMethod]
    public void There_may_be_as_many_separate_ranges_as_bytes_allow()
    {
        RangeSet set = new RangeSet(100);
        for (int i = 0; i < 100; i += 2)
        {
            set.Add(i, i + 1);
            Assert.IsTrue(set.Contains(i, i + 1));
            Assert.IsFalse(set.Contains(i, i + 2));
        }

        Assert.IsFalse(set.IsWhole(100));
        for (int i = 99; i > 0; i -= 2)
        {
            Assert.IsFalse(set.IsWhole(100));
            set.Add(i, i + 1);
        }

        Assert.IsTrue(set.IsWhole(100));
        set.Clear();
        Assert.IsFalse(set.Contains(99, 100));
        Assert.IsTrue(set.IsWhole(0));
    }

    [TestMethod]
    public void Random_ranges_agree_with_an_array_of_bits()
    {
        SeededRandom random = new SeededRandom(1);
        for (int run = 0; run < 300; run++)
        {
            RangeSet set = new RangeSet(40);
            bool[] bits = new bool[40];
            for (int i = 0; i < 20; i++)
            {
                int begin = random.Next(40);
                int end = begin + random.Next(1, 41 - begin);
                set.Add(begin, end);
                for (int at = begin; at < end; at++)
                {
                    bits[at] = true;
                }

                bool whole = true;
                for (int at = 0; at < 40; at++)
                {
                    whole &= bits[at];
                    Assert.AreEqual(bits[at], set.Contains(at, at + 1));
                }

                begin = random.Next(40);
                end = begin + random.Next(1, 41 - begin);
                bool all = true;
                for (int at = begin; at < end; at++)
                {
                    all &= bits[at];
                }

                Assert.AreEqual(all, set.Contains(begin, end));

                Assert.AreEqual(whole, set.IsWhole(40));
            }
        }
    }
}

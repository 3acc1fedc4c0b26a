using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class RangeSetTests
{
    [TestMethod]
    public void Ranges_that_touch_or_overlap_become_one()
    {
        RangeSet set = new RangeSet();
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
        RangeSet set = new RangeSet();
        set.Add(0, 10);
        set.Add(0, 10);
        set.Add(5, 10);
        Assert.IsFalse(set.IsWhole(20));
        Assert.IsFalse(set.IsWhole(9));
        Assert.IsFalse(set.Contains(9, 11));
    }

    [TestMethod]
    public void More_ranges_than_it_has_room_for_are_refused_and_change_nothing()
    {
        RangeSet set = new RangeSet();
        for (int i = 0; i < 8; i++)
        {
            Assert.IsTrue(set.Add(i * 10, (i * 10) + 2));
        }

        Assert.IsFalse(set.Add(85, 86));
        Assert.IsFalse(set.Contains(85, 86));
        Assert.IsTrue(set.Add(2, 10));
        Assert.IsTrue(set.Add(85, 86));
    }

    [TestMethod]
    public void Random_ranges_agree_with_an_array_of_bits()
    {
        SeededRandom random = new SeededRandom(1);
        for (int run = 0; run < 300; run++)
        {
            RangeSet set = new RangeSet();
            bool[] bits = new bool[40];
            for (int i = 0; i < 20; i++)
            {
                int begin = random.Next(40);
                int end = begin + random.Next(1, 41 - begin);
                if (set.Add(begin, end))
                {
                    for (int at = begin; at < end; at++)
                    {
                        bits[at] = true;
                    }
                }

                bool whole = true;
                for (int at = 0; at < 40; at++)
                {
                    whole &= bits[at];
                    Assert.AreEqual(bits[at], set.Contains(at, at + 1));
                }

                Assert.AreEqual(whole, set.IsWhole(40));
            }
        }
    }
}

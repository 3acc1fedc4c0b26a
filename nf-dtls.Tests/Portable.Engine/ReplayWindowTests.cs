using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class ReplayWindowTests
{
    [TestMethod]
    public void A_number_is_new_once()
    {
        ReplayWindow window = new ReplayWindow(64);
        Assert.IsTrue(window.IsNew(0));
        window.Accept(0);
        Assert.IsFalse(window.IsNew(0));
        Assert.IsTrue(window.IsNew(1));
    }

    [TestMethod]
    public void Asking_does_not_move_the_window()
    {
        ReplayWindow window = new ReplayWindow(64);
        window.Accept(5);
        Assert.IsTrue(window.IsNew(Epoch.LastSequence));
        Assert.AreEqual(5, window.Highest);
        Assert.IsTrue(window.IsNew(4));
    }

    [TestMethod]
    public void Numbers_older_than_the_window_are_replays()
    {
        ReplayWindow window = new ReplayWindow(64);
        window.Accept(100);
        Assert.IsTrue(window.IsNew(37));
        Assert.IsFalse(window.IsNew(36));
        Assert.IsFalse(window.IsNew(0));
    }

    [TestMethod]
    public void The_last_sequence_number_works()
    {
        ReplayWindow window = new ReplayWindow(32);
        window.Accept(Epoch.LastSequence);
        Assert.IsFalse(window.IsNew(Epoch.LastSequence));
        Assert.IsTrue(window.IsNew(Epoch.LastSequence - 31));
        Assert.IsFalse(window.IsNew(Epoch.LastSequence - 32));
    }

    [TestMethod]
    public void A_window_that_begins_behind_a_number_takes_it_and_all_before_it_for_replays()
    {
        for (int size = 32; size <= 96; size += 32)
        {
            ReplayWindow window = new ReplayWindow(size);
            Assert.AreEqual(-1, window.Highest);
            window.BeginAfter(200);
            Assert.AreEqual(200, window.Highest);
            for (int sequence = 0; sequence <= 200; sequence++)
            {
                Assert.IsFalse(window.IsNew(sequence), "size " + size + " number " + sequence);
            }

            Assert.IsTrue(window.IsNew(201));
            window.Accept(230);
            Assert.IsTrue(window.IsNew(201));
            Assert.IsTrue(window.IsNew(229));
            Assert.IsFalse(window.IsNew(200));
            window.Reset();
            Assert.AreEqual(-1, window.Highest);
            for (int sequence = 0; sequence < size; sequence++)
            {
                Assert.IsTrue(window.IsNew(sequence));
            }

            window.Accept(size - 1);
            Assert.IsTrue(window.IsNew(0));
        }
    }

    [TestMethod]
    public void Windows_of_every_size_agree_with_a_set()
    {
        for (int size = 32; size <= 1024; size *= 2)
        {
            SeededRandom random = new SeededRandom(size);
            ReplayWindow window = new ReplayWindow(size);
            bool[] seen = new bool[4096];
            int highest = -1;
            for (int i = 0; i < 1500; i++)
            {
                int sequence = highest + random.Next(-size - 5, random.Next(40) == 0 ? 3 * size : 6);
                sequence = sequence < 0 ? 0 : sequence;
                if (sequence >= seen.Length)
                {
                    break;
                }

                bool isNew = sequence > highest || (highest - sequence < size && !seen[sequence]);
                Assert.AreEqual(isNew, window.IsNew(sequence), "size " + size + " number " + sequence + " highest " + highest);
                if (isNew && random.Next(3) > 0)
                {
                    window.Accept(sequence);
                    seen[sequence] = true;
                    highest = sequence > highest ? sequence : highest;
                }
            }
        }
    }
}

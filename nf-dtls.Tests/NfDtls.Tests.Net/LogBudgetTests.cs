using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Hosting;

namespace NfDtls.Tests.Net;

/// <summary>How many lines of a log strangers can have written.</summary>
[TestClass]
public sealed class LogBudgetTests
{
    [TestMethod]
    public void A_flood_writes_twenty_lines_and_then_one_a_second_and_every_line_left_out_is_counted()
    {
        Clock clock = new();
        LogBudget budget = new(clock);
        int written = 0;
        const int Seconds = 100;
        for (int i = 0; i < Seconds * 1000; i++)
        {
            written += budget.MayWrite(out _) ? 1 : 0;
            clock.Milliseconds++;
        }

        Assert.IsTrue(written is >= LogBudget.AtOnce + Seconds - 2 and <= LogBudget.AtOnce + Seconds, written.ToString());
    }

    [TestMethod]
    public void What_was_left_out_is_told_once_with_the_next_line()
    {
        Clock clock = new();
        LogBudget budget = new(clock);
        for (int i = 0; i < LogBudget.AtOnce; i++)
        {
            Assert.IsTrue(budget.MayWrite(out long none));
            Assert.AreEqual(0, none);
        }

        for (int i = 0; i < 7; i++)
        {
            Assert.IsFalse(budget.MayWrite(out _));
        }

        clock.Milliseconds += 1000;
        Assert.IsTrue(budget.MayWrite(out long leftOut));
        Assert.AreEqual(7, leftOut);
        clock.Milliseconds += 3_600_000;
        for (int i = 0; i < LogBudget.AtOnce; i++)
        {
            Assert.IsTrue(budget.MayWrite(out leftOut), "An hour later all of it is there again, and no more.");
            Assert.AreEqual(0, leftOut);
        }

        Assert.IsFalse(budget.MayWrite(out _));
    }

    private sealed class Clock : TimeProvider
    {
        internal long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp()
        {
            return Milliseconds;
        }
    }
}

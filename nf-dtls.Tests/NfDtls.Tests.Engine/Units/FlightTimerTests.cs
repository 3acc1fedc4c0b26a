using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class FlightTimerTests
{
    // 1, 2, 4 and 8 seconds behind the first sending and three retries.
    private const long AllRetries = 15_000;

    [TestMethod]
    public void Without_a_repetition_the_time_doubles_and_the_retries_are_all_used()
    {
        FlightTimer timer = Timer();
        long now = 100;
        foreach (int wait in new[] { 1000, 2000, 4000 })
        {
            timer.Sent(now);
            Assert.AreEqual(now + wait, timer.At);
            now = timer.At;
            Assert.IsTrue(timer.Retry());
        }

        timer.Sent(now);
        Assert.AreEqual(100 + AllRetries, timer.At);
        Assert.IsFalse(timer.Retry());
    }

    [TestMethod]
    public void A_repetition_puts_the_end_off_by_nothing_however_late_it_comes()
    {
        foreach (int pace in new[] { 150, 400, 900, 1900 })
        {
            FlightTimer timer = Timer();
            timer.Sent(0);
            long now = 0;
            int sendings = 1;
            bool isOver = false;
            while (!isOver)
            {
                now += pace;
                if (timer.At <= now)
                {
                    now = timer.At;
                    isOver = !timer.Retry();
                }
                else if (!timer.Answer(now))
                {
                    continue;
                }

                if (!isOver)
                {
                    sendings++;
                    timer.Sent(now);
                    Assert.IsTrue(timer.At > now && timer.At <= AllRetries, pace + ": " + timer.At + " at " + now);
                }
            }

            Assert.IsTrue(now <= AllRetries, pace + ": " + now);
            Assert.IsTrue(sendings <= 1 + 32 + 3, pace + ": " + sendings);
        }
    }

    [TestMethod]
    public void At_the_end_of_all_retries_there_is_none_left_although_answers_used_up_their_time()
    {
        FlightTimer timer = Timer();
        timer.Sent(0);
        Assert.IsTrue(timer.Answer(900));
        timer.Sent(900);
        Assert.AreEqual(1900, timer.At);
        Assert.IsTrue(timer.Retry());
        timer.Sent(1900);
        Assert.IsTrue(timer.Retry());
        timer.Sent(3900);
        Assert.AreEqual(7900, timer.At);
        Assert.IsTrue(timer.Answer(7800));
        timer.Sent(7800);
        Assert.AreEqual(11_800, timer.At);
        Assert.IsTrue(timer.Answer(11_700));
        timer.Sent(11_700);
        Assert.AreEqual(AllRetries, timer.At, "An answer begins the wait anew, but not beyond the end.");
        Assert.IsFalse(timer.Retry(), "A retry is left by its count, but not by its time: it would go out at once, and again.");
    }

    private static FlightTimer Timer()
    {
        DtlsOptions options = TestBed.Options(1);
        options.RetransmitTimeout = 1000;
        options.MaxRetransmits = 3;
        FlightTimer timer = new FlightTimer(options);
        timer.Begin(true);
        return timer;
    }
}

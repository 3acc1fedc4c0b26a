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

    [TestMethod]
    public void A_clock_that_is_called_late_costs_no_retry()
    {
        FlightTimer timer = Timer();
        long now = 0;
        for (int retry = 0; retry < 3; retry++)
        {
            Assert.IsFalse(timer.IsLastRetry);
            timer.Sent(now);
            now = timer.At + 100_000;
            Assert.IsTrue(timer.Retry());
            Assert.AreEqual(long.MaxValue, timer.At);
        }

        Assert.IsTrue(timer.IsLastRetry);
        timer.Sent(now);
        Assert.IsFalse(timer.Retry());
        Assert.IsTrue(timer.IsLastRetry);
    }

    [TestMethod]
    public void A_flight_that_nobody_answers_has_no_time_and_is_not_repeated()
    {
        FlightTimer timer = Timer();
        timer.Sent(0);
        timer.Begin(false);
        timer.Sent(1000);
        Assert.AreEqual(long.MaxValue, timer.At);
        timer.Hasten();
        Assert.AreEqual(long.MaxValue, timer.At);
        Assert.IsFalse(timer.Answer(10_000));
        timer.Begin(true);
        timer.Sent(20_000);
        Assert.AreEqual(21_000, timer.At);
        timer.Stop();
        Assert.AreEqual(long.MaxValue, timer.At);
        Assert.IsFalse(timer.Answer(30_000));
        timer.Sent(30_000);
        Assert.AreEqual(long.MaxValue, timer.At);
    }

    [TestMethod]
    public void A_repetition_is_answered_from_the_end_of_the_gap_on_and_thirty_two_times_a_flight()
    {
        FlightTimer timer = Timer();
        timer.Sent(0);
        for (int flight = 0; flight < 2; flight++)
        {
            long now = 0;
            for (int i = 0; i < 40; i++)
            {
                Assert.IsFalse(timer.Answer(now + FlightTimer.AnswerGap - 1));
                Assert.AreEqual(i < 32, timer.Answer(now + FlightTimer.AnswerGap));
                now += FlightTimer.AnswerGap;
                timer.Sent(now);
            }

            timer.Begin(true);
            Assert.AreEqual(long.MaxValue, timer.At);
            timer.Sent(0);
            Assert.AreEqual(1000, timer.At);
        }
    }

    [TestMethod]
    public void What_the_peer_lacks_goes_out_as_soon_as_an_answer_would_and_never_later_than_due()
    {
        FlightTimer timer = Timer();
        timer.Sent(500);
        timer.Hasten();
        Assert.AreEqual(500 + FlightTimer.AnswerGap, timer.At);
        timer.Hasten();
        Assert.AreEqual(500 + FlightTimer.AnswerGap, timer.At);
        DtlsOptions options = TestBed.Options(1);
        options.RetransmitTimeout = 100;
        timer = new FlightTimer(options);
        timer.Begin(true);
        timer.Sent(500);
        timer.Hasten();
        Assert.AreEqual(600, timer.At);
    }

    [TestMethod]
    public void The_end_is_where_all_retries_would_be_over_though_their_time_grows_no_more()
    {
        DtlsOptions options = TestBed.Options(1);
        options.RetransmitTimeout = 1000;
        options.MaxRetransmitTimeout = 3000;
        options.MaxRetransmits = 5;
        FlightTimer timer = new FlightTimer(options);
        timer.Begin(true);
        timer.Sent(0);
        Assert.IsTrue(timer.Answer(1000));

        // 1 and 2 seconds, and four times 3.
        timer.Sent(14_001);
        Assert.AreEqual(15_000, timer.At);
        timer.Sent(13_999);
        Assert.AreEqual(14_999, timer.At);
        Assert.IsTrue(timer.Retry());
        timer.Sent(13_000);
        Assert.AreEqual(15_000, timer.At);
        Assert.IsFalse(timer.Retry());
        Assert.AreEqual(2000, FlightTimer.Doubled(options, 1000));
        Assert.AreEqual(3000, FlightTimer.Doubled(options, 1500));
        Assert.AreEqual(3000, FlightTimer.Doubled(options, 1501));
        Assert.AreEqual(3000, FlightTimer.Doubled(options, 3000));
    }

    [TestMethod]
    public void How_often_a_flight_can_still_go_out_is_what_retries_and_deadline_leave()
    {
        FlightTimer timer = Timer();
        for (int retry = 1; retry <= 3; retry++)
        {
            Assert.IsTrue(timer.Retry());
            Assert.AreEqual(4 - retry, timer.SendingsLeft(0, long.MaxValue));
            Assert.AreEqual(1, timer.SendingsLeft(0, 0));
        }

        // The next one is due in two seconds, and its answer would take one.
        timer.Begin(true);
        timer.Retry();
        Assert.AreEqual(1, timer.SendingsLeft(100, 3099));
        Assert.AreEqual(2, timer.SendingsLeft(100, 3100));
        Assert.AreEqual(2, timer.SendingsLeft(100, 7099));
        Assert.AreEqual(3, timer.SendingsLeft(100, 7100));
        Assert.AreEqual(3, timer.SendingsLeft(100, 1_000_000));
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

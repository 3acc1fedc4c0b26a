extern alias element;

using System;
using System.Collections.Generic;
using System.Linq;
using element::NfDtls.Samples.CertificateClient;
using element::NfDtls.Samples.SecureElementKey;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Samples;

/// <summary>When CertificateClient asks whom for the time, in a time that passes only while somebody waits.</summary>
[TestClass]
public sealed class TimeKeeperTests
{
    private const int FirstPause = 15_000;
    private const int LongestPause = 1_024_000;
    private const long Day = 24L * 3600 * 1000;
    private const long Today = 1_780_000_000_000;

    private readonly PlayedPace _pace = new();

    [TestMethod]
    public void Nobody_who_gives_a_time_is_waited_for_however_long_it_takes()
    {
        PlayedSource first = new(_pace) { IsLeftAlone = true };
        PlayedSource second = new(_pace) { IsLeftAlone = true };
        TimeKeeper keeper = Keeper(first, second);
        long allowed = 0;
        _pace.Waits = waited =>
        {
            // Both have denied, until one of their names leads somewhere else.
            allowed += waited;
            second.Time = allowed > 3 * Day ? Today : -1;
            second.IsLeftAlone = second.Time < 0;
        };
        keeper.WaitForTime();
        Assert.AreEqual(Today / 1000, keeper.Clock.UtcSeconds);
        Assert.AreEqual(LongestPause, _pace.Waited[^1]);
        CollectionAssert.AreEqual(second.Asked, first.Asked, "Who is left alone costs the next one no pause.");
    }

    [TestMethod]
    public void A_renewal_that_nobody_answers_is_tried_ever_more_seldom()
    {
        PlayedSource source = new(_pace) { Time = Today };
        TimeKeeper keeper = Keeper(source);
        keeper.WaitForTime();
        source.Time = -1;
        source.Asked.Clear();
        _pace.Wait((int)Day);
        for (long end = _pace.Now + Day; _pace.Now < end; _pace.Wait(1000))
        {
            keeper.WaitForTime();
        }

        long[] pauses = [.. source.Asked.Skip(1).Zip(source.Asked, (later, earlier) => later - earlier)];
        Assert.AreEqual(FirstPause, pauses[0]);
        Assert.AreEqual(2 * FirstPause, pauses[1]);
        Assert.IsTrue(pauses.Skip(8).All(pause => pause == LongestPause), string.Join(' ', pauses));
        Assert.AreEqual((Today + _pace.Now - PlayedPace.Start) / 1000, keeper.Clock.UtcSeconds, "That of yesterday does.");

        // Once somebody answers, the next day is as this one was.
        source.Time = Today + (2 * Day);
        _pace.Wait(LongestPause);
        keeper.WaitForTime();
        source.Time = -1;
        source.Asked.Clear();
        keeper.WaitForTime();
        Assert.IsEmpty(source.Asked);
        _pace.Wait((int)Day + 1);
        keeper.WaitForTime();
        _pace.Wait(FirstPause);
        keeper.WaitForTime();
        Assert.HasCount(2, source.Asked);
    }

    [TestMethod]
    public void A_time_that_is_doubted_again_and_again_is_asked_for_ever_more_seldom()
    {
        PlayedSource source = new(_pace) { Time = Today };
        TimeKeeper keeper = Keeper(source);
        for (int i = 0; i < 12; i++)
        {
            keeper.WaitForTime();
            keeper.Doubt();
            Assert.AreEqual(-1, keeper.Clock.UtcSeconds);
        }

        int[] pauses = [FirstPause, 30_000, 60_000, 120_000, 240_000, 480_000, 960_000, LongestPause, LongestPause, LongestPause];
        CollectionAssert.AreEqual(pauses, _pace.Waited);
        keeper.WaitForTime();
        _pace.Waited.Clear();
        keeper.Confirm();
        keeper.Doubt();
        keeper.WaitForTime();
        Assert.IsEmpty(_pace.Waited, "After certificates that were good, the next doubt is a first one.");
    }

    [TestMethod]
    public void Where_there_is_nobody_to_ask_it_says_so()
    {
        TimeKeeper keeper = Keeper();
        _pace.Waits = _ =>
        {
            if (_pace.Waited.Count == 5)
            {
                throw new OperationCanceledException();
            }
        };
        Assert.ThrowsExactly<OperationCanceledException>(keeper.WaitForTime);
    }

    [TestMethod]
    [DataRow("DENY")]
    [DataRow("RSTR")]
    public void An_address_that_denies_is_left_alone_for_a_day(string kiss)
    {
        int asked = 0;
        using TimeServer server = new(request =>
        {
            asked++;
            return [TimeServer.Kiss(request, kiss)];
        });
        SntpClient client = new(new HostProvider(), "127.0.0.1", server.Port, _pace);
        Assert.AreEqual(-1, client.Ask(120_000));
        Assert.AreEqual("it refuses (" + kiss + ")", client.Failure);
        Assert.IsFalse(client.IsLeftAlone);
        server.Turn(TimeServer.Now);
        _pace.Wait((int)Day - 1);
        Assert.AreEqual(-1, client.Ask(120_000));
        Assert.IsTrue(client.IsLeftAlone);
        Assert.Contains("left alone", client.Failure);
        Assert.AreEqual(1, asked);
        _pace.Wait(1);
        Assert.IsGreaterThan(0, client.Ask(120_000));
        Assert.IsFalse(client.IsLeftAlone);
        Assert.IsNull(client.Failure);
    }

    [TestMethod]
    public void A_denial_is_one_addresss_and_no_others()
    {
        Denials denials = new();
        denials.Add("10.0.0.1", 5);
        Assert.IsTrue(denials.Hold("10.0.0.1", 5));
        Assert.IsFalse(denials.Hold("10.0.0.2", 5));
        for (int i = 2; i < 5; i++)
        {
            denials.Add("10.0.0." + i, 5);
        }

        Assert.IsTrue(denials.Hold("10.0.0.1", Day + 4));
        Assert.IsTrue(denials.Hold("10.0.0.4", Day + 4));
        Assert.IsFalse(denials.Hold("10.0.0.4", Day + 5));
    }

    [TestMethod]
    public void A_chip_that_does_not_answer_when_the_board_starts_is_waited_for()
    {
        using Chip chip = new([]);
        LateBus bus = new(chip);
        List<int> waited = [];
        _pace.Waits = milliseconds =>
        {
            waited.Add(milliseconds);
            bus.IsThere = waited.Count == 3;
        };
        ElementKey key = ElementStart.WaitForKey(new SecureElement(bus), 0, _pace);
        Assert.IsNotNull(key.Public);
        CollectionAssert.AreEqual(new[] { 5000, 10_000, 20_000 }, waited);
    }

    private TimeKeeper Keeper(params PlayedSource[] sources)
    {
        return new TimeKeeper(sources, 1_700_000_000, FirstPause, _pace);
    }

    private sealed class PlayedPace : Pace
    {
        internal const long Start = 1000;
        private long _now = Start;

        internal Action<int> Waits { get; set; } = _ => { };

        internal List<int> Waited { get; } = [];

        internal override long Now
        {
            get { return _now; }
        }

        internal override void Wait(int milliseconds)
        {
            _now += milliseconds;
            Waited.Add(milliseconds);
            Waits(milliseconds);
        }
    }

    private sealed class PlayedSource(Pace pace) : TimeSource
    {
        internal long Time { get; set; } = -1;

        /// <summary>When it was asked.</summary>
        internal List<long> Asked { get; } = [];

        internal override string Host
        {
            get { return "played"; }
        }

        internal override long Ask(int timeout)
        {
            Asked.Add(pace.Now);
            Failure = Time < 0 ? "it does not answer" : null;
            return Time;
        }
    }

    /// <summary>A chip's bus that nobody answers on at first.</summary>
    private sealed class LateBus(Chip chip) : ElementBus
    {
        internal bool IsThere { get; set; }

        internal override void Wake()
        {
            chip.Transfer(UdpBus.Waking, []);
        }

        internal override bool Write(byte[] bytes, int count)
        {
            return IsThere && chip.Transfer(UdpBus.Writing, bytes[..count]) != null;
        }

        internal override bool Read(byte[] bytes, int count)
        {
            byte[]? read = IsThere ? chip.Transfer(UdpBus.Reading, [(byte)count]) : null;
            read?.CopyTo(bytes, 0);
            return read != null;
        }
    }
}

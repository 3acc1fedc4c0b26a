using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class PlainAnswerTests
{
    private readonly Steps _steps = new Steps();
    private readonly DtlsServerEngine _engine;
    private readonly PlainAnswers _answers;

    public PlainAnswerTests()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Trace = _steps;
        _engine = new DtlsServerEngine(options);
        _answers = new PlainAnswers(_engine);
        At(0);
    }

    [TestMethod]
    public void A_crowd_is_refused_fifty_times_at_once_and_then_once_in_twenty_milliseconds()
    {
        foreach (long begin in new[] { -50_000L, 0, 1_000_000 })
        {
            Assert.AreEqual(50, Refusals(begin, 200));
            Assert.AreEqual(0, Refusals(begin + 19, 5));
            Assert.AreEqual(1, Refusals(begin + 20, 5));
            Assert.AreEqual(0, Refusals(begin + 39, 5));
            Assert.AreEqual(3, Refusals(begin + 80, 5));
            Assert.AreEqual(50, Refusals(begin + 2000, 200));
        }
    }

    [TestMethod]
    public void A_refusal_is_a_fatal_alert_with_the_number_of_its_hello_and_is_counted_and_told()
    {
        At(0x010203040506);
        _answers.SendAlert(Alert.UserCanceled);
        CollectionAssert.AreEqual(new byte[] { 21, 0xFE, 0xFF, 0, 0, 1, 2, 3, 4, 5, 6, 0, 2, 2, 90 }, Poll(0));
        Assert.IsNull(Poll(0));
        Assert.AreEqual(1, _engine.Statistics.RecordsSent);
        Assert.AreEqual(1, _engine.Statistics.DatagramsSent);
        Assert.AreEqual(0, _engine.Statistics.CookiesSent);
        CollectionAssert.Contains(_steps.All, ("alert sent", Alert.UserCanceled, 2));
    }

    [TestMethod]
    public void A_versions_own_question_goes_out_in_one_fragment_with_the_numbers_of_its_hello()
    {
        At(7);
        _engine.MessageHeader.Sequence = 2;
        _answers.SendMessage(HandshakeType.ServerHello, TestBed.Bytes(9, 1), 5);
        CollectionAssert.AreEqual(
            new byte[] { 22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 7, 0, 17, 2, 0, 0, 5, 0, 2, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5 },
            Poll(0));
        Assert.AreEqual(1, _engine.Statistics.CookiesSent);
        Assert.AreEqual(1, _engine.Statistics.RecordsSent);
    }

    [TestMethod]
    public void Without_a_packet_nothing_is_answered_and_that_is_counted()
    {
        List<Packet> taken = new();
        for (Packet packet = _engine.Pool.Rent(); packet != null; packet = _engine.Pool.Rent())
        {
            taken.Add(packet);
        }

        ScriptedClient client = new ScriptedClient(_engine, TestBed.Address);
        client.SendHello();
        Assert.AreEqual(0, client.Answers);
        Assert.AreEqual(1, _engine.Statistics.Dropped(DropReason.NoBuffer));
        At(0);
        _answers.SendAlert(Alert.UserCanceled);
        _answers.SendMessage(HandshakeType.ServerHello, new byte[5], 5);
        Assert.IsNull(Poll(0));
        Assert.AreEqual(3, _engine.Statistics.Dropped(DropReason.NoBuffer));
        Assert.AreEqual(0, _engine.Statistics.CookiesSent);
        Assert.AreEqual(0, _engine.Statistics.RecordsSent);
        CollectionAssert.DoesNotContain(_steps.All, ("alert sent", Alert.UserCanceled, 2));
        taken.ForEach(packet => packet.Return());
        client.SendHello();
        Assert.AreEqual(1, client.Answers);
        Assert.AreEqual(1, _engine.Statistics.CookiesSent);
        Assert.AreEqual(1, _engine.Statistics.RecordsSent);
    }

    /// <summary>A hello in a record with a number is at hand.</summary>
    private void At(long number)
    {
        _engine.PeerAddress = TestBed.Address;
        _engine.PeerAddressLength = TestBed.Address.Length;
        _engine.Codec = new Dtls12RecordCodec();
        _engine.Header.Sequence = number;
    }

    private int Refusals(long now, int asked)
    {
        int refused = 0;
        for (int i = 0; i < asked; i++)
        {
            _answers.SendRefusal(now);
            while (Poll(now) != null)
            {
                refused++;
            }
        }

        return refused;
    }

    private byte[]? Poll(long now)
    {
        Packet packet = _engine.PollDatagram(now);
        if (packet == null)
        {
            return null;
        }

        byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        return bytes;
    }

    private sealed class Steps : TraceSink
    {
        internal List<(string What, int A, int B)> All { get; } = new();

        public override void Write(string what, int a, int b)
        {
            All.Add((what, a, b));
        }
    }
}

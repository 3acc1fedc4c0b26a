extern alias element;

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using element::NfDtls.Samples.CertificateClient;

namespace NfDtls.Tests.Samples;

/// <summary>What CertificateClient believes of an answer of SNTP.</summary>
[TestClass]
public sealed class SntpMessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow(0, 0xE4, "its own clock is not set", DisplayName = "leap indicator 3")]
    [DataRow(1, 16, "its own clock is not set", DisplayName = "stratum 16")]
    [DataRow(9, 16, "its own clock is not set", DisplayName = "a dispersion of 16 s")]
    [DataRow(1, 0, "it refuses (????)", DisplayName = "stratum 0")]
    [DataRow(1, 15, null, DisplayName = "stratum 15")]
    [DataRow(9, 15, null, DisplayName = "a dispersion of 15 s")]
    public void A_server_that_has_no_time_is_not_believed(int index, int value, string fault)
    {
        SntpMessage message = Receive(stamp => TimeServer.With(TimeServer.Answer(stamp, Now), index, (byte)value), out byte[] stamp);
        Assert.IsTrue(message.Answers(stamp, SntpMessage.Length));
        Assert.AreEqual(fault, message.Fault);
    }

    [TestMethod]
    [DataRow("DENY", true)]
    [DataRow("RSTR", true)]
    [DataRow("RATE", false)]
    public void A_kiss_tells_whether_it_is_for_good(string code, bool isDenial)
    {
        SntpMessage message = Receive(request => TimeServer.Kiss(request, code), out _);
        Assert.AreEqual(isDenial, message.IsDenial);
        Assert.AreEqual("it refuses (" + code + ")", message.Fault);
    }

    [TestMethod]
    public void An_answer_that_does_not_repeat_the_request_s_number_is_none()
    {
        for (int i = 24; i < 32; i++)
        {
            SntpMessage message = Receive(request => TimeServer.With(TimeServer.Answer(request, Now), i, (byte)(request[i + 16] ^ 0x10)), out byte[] stamp);
            Assert.IsFalse(message.Answers(stamp, SntpMessage.Length), "byte " + i);
        }
    }

    [TestMethod]
    public void A_request_or_a_part_of_an_answer_is_no_answer()
    {
        SntpMessage message = Receive(request => TimeServer.Answer(request, Now), out byte[] stamp);
        Assert.IsTrue(message.Answers(stamp, SntpMessage.Length));
        Assert.IsFalse(message.Answers(stamp, SntpMessage.Length - 1));
        message = Receive(request => TimeServer.With(TimeServer.Answer(request, Now), 0, 0x23), out stamp);
        Assert.IsFalse(message.Answers(stamp, SntpMessage.Length));
    }

    /// <summary>The 32 bits of seconds end on 2036-02-07 at 06:28:16.</summary>
    [TestMethod]
    [DataRow(2026, 1)]
    [DataRow(2036, 1)]
    [DataRow(2036, 3)]
    [DataRow(2100, 1)]
    public void The_seconds_of_NTP_begin_anew_in_2036(int year, int month)
    {
        DateTimeOffset time = new(year, month, 1, 0, 0, 0, TimeSpan.Zero);
        SntpMessage message = Receive(request => TimeServer.Answer(request, time), out _);
        Assert.AreEqual(time.ToUnixTimeMilliseconds() + 500, message.UtcMilliseconds);
    }

    private static SntpMessage Receive(Func<byte[], byte[]> answer, out byte[] stamp)
    {
        stamp = [1, 2, 3, 4, 5, 6, 7, 8];
        SntpMessage message = new();
        message.WriteRequest(stamp);
        answer((byte[])message.Bytes.Clone()).CopyTo(message.Bytes, 0);
        return message;
    }
}

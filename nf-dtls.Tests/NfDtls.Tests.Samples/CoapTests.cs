using System;
using System.Collections.Generic;
using System.Text;
using FleetGateway.Coap;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Samples;

/// <summary>The gateway's CoAP (RFC 7252), message by message.</summary>
[TestClass]
public sealed class CoapTests
{
    private readonly List<CoapMessage> _asked = [];
    private readonly CoapExchange _exchange;

    public CoapTests()
    {
        _exchange = new CoapExchange(request =>
        {
            _asked.Add(request);
            return new CoapMessage { Code = CoapCode.Content, ContentFormat = 50, Payload = Encoding.ASCII.GetBytes("{}") };
        });
    }

    [TestMethod]
    public void A_confirmable_request_is_answered_in_its_acknowledgement()
    {
        // GET /temperature of RFC 7252 appendix A, figure 16, with a token.
        Assert.AreEqual("614512340ac132ff7b7d", Take("410112340ABB74656D7065726174757265"));
        Assert.HasCount(1, _asked);
        CollectionAssert.AreEqual(new[] { "temperature" }, _asked[0].Path);
        Assert.AreEqual(CoapCode.Get, _asked[0].Code);
    }

    [TestMethod]
    public void One_that_comes_again_gets_the_same_answer_and_is_not_asked_again()
    {
        string? first = Take("40021234FF01");
        Assert.AreEqual(first, Take("40021234FF01"));
        Assert.HasCount(1, _asked);
        for (int i = 0; i < 20; i++)
        {
            Take("400256" + i.ToString("X2", System.Globalization.CultureInfo.InvariantCulture) + "FF01");
        }

        Assert.HasCount(21, _asked);
        Take("40021234FF01");
        Assert.HasCount(22, _asked);
    }

    [TestMethod]
    public void One_that_is_not_confirmable_gets_an_answer_of_its_own_once()
    {
        string? answer = Take("510112340A");
        Assert.IsNotNull(answer);
        StringAssert.StartsWith(answer, "5145");
        StringAssert.EndsWith(answer, "0ac132ff7b7d");
        Assert.IsNull(Take("510112340A"));
        Assert.HasCount(1, _asked);
    }

    [TestMethod]
    [DataRow("40001234", DisplayName = "a ping")]
    [DataRow("4000123401", DisplayName = "an empty message with something in it")]
    [DataRow("49011234000000000000000000", DisplayName = "a token of nine bytes")]
    [DataRow("42011234AA", DisplayName = "a token that is cut off")]
    [DataRow("40011234FF", DisplayName = "a marker and no payload")]
    [DataRow("40011234BB7465", DisplayName = "an option that is cut off")]
    [DataRow("40011234F0", DisplayName = "a delta of 15")]
    [DataRow("400112340F", DisplayName = "a length of 15")]
    [DataRow("40011234D0", DisplayName = "a delta whose byte is missing")]
    [DataRow("40011234E000", DisplayName = "a delta whose second byte is missing")]
    [DataRow("40011234B2C328", DisplayName = "a path that is no UTF-8")]
    [DataRow("40011234C3010203", DisplayName = "a format of three bytes")]
    [DataRow("40451234", DisplayName = "an answer in a confirmable message")]
    public void What_is_no_request_is_reset_where_it_is_confirmable_and_else_left_alone(string message)
    {
        Assert.AreEqual("70001234", Take(message));
        Assert.IsNull(Take("5" + message[1..]));
        Assert.IsNull(Take("6" + message[1..]));
        Assert.IsNull(Take("7" + message[1..]));
        Assert.IsEmpty(_asked);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("400112")]
    [DataRow("80011234")]
    [DataRow("00011234")]
    public void What_is_no_message_of_this_version_is_left_alone(string message)
    {
        Assert.IsNull(Take(message));
    }

    [TestMethod]
    public void An_option_that_must_be_understood_and_is_not_is_refused_and_one_that_need_not_is_left_out()
    {
        // If-None-Match (5) is critical, Size1 (60) is not.
        Assert.AreEqual("60821234", Take("4001123450"));
        Assert.IsNull(Take("5001123550"));
        Assert.IsEmpty(_asked);
        Assert.IsNotNull(Take("40011236D12F01"));
        Assert.HasCount(1, _asked);
    }

    [TestMethod]
    public void Options_of_every_length_are_read()
    {
        string name = new('n', 300);
        Assert.IsNotNull(Take("40031234" + "BE" + "001F" + Convert.ToHexString(Encoding.ASCII.GetBytes(name)) + "02" + "6869" + "10" + "51" + "32" + "FF" + "313233"));
        CollectionAssert.AreEqual(new[] { name, "hi" }, _asked[0].Path);
        Assert.AreEqual(0, _asked[0].ContentFormat);
        Assert.AreEqual(0x32, _asked[0].Accept);
        Assert.AreEqual("123", Encoding.ASCII.GetString(_asked[0].Payload));
    }

    [TestMethod]
    public void Any_bytes_are_taken_without_an_exception()
    {
        Random random = new(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
            {
                bytes[0] = (byte)(0x40 | (bytes[0] & 0x3F));
            }

            _exchange.Take(bytes, 1000);
        }

        Assert.IsNotEmpty(_asked);
    }

    [TestMethod]
    public void An_answer_that_has_no_room_is_an_error_of_the_servers_and_none_at_all_where_it_had_room_before()
    {
        Assert.AreEqual("61a01234aa", Take("41011234AA", 9));
        Assert.AreEqual("61451235aac132ff7b7d", Take("41011235AA", 10));
        Assert.IsNull(Take("41011235AA", 9));
        Assert.AreEqual("61451235aac132ff7b7d", Take("41011235AA", 10));
    }

    private string? Take(string message, int most = 1000)
    {
        byte[]? answer = _exchange.Take(Convert.FromHexString(message), most);
        return answer == null ? null : Convert.ToHexStringLower(answer);
    }
}

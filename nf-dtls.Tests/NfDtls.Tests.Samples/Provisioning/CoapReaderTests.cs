extern alias provisioning;

using System;
using System.Text;
using FleetGateway.Coap;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using provisioning::NfDtls.Samples;
using SampleMessage = provisioning::NfDtls.Samples.CoapMessage;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>The samples' CoAP, which the gateway's reads and writes by itself.</summary>
[TestClass]
public sealed class CoapReaderTests
{
    private readonly CoapReader _reader = new();

    [TestMethod]
    [DataRow("temperature", "22.0")]
    [DataRow("0/0/3", "x")]
    [DataRow("a-segment-that-has-more-than-12-bytes/b", "text")]
    public void What_a_sample_writes_the_gateway_reads(string path, string text)
    {
        SampleMessage message = new(200);
        message.Begin(SampleMessage.Confirmable, SampleMessage.Put, 0x1234, [7, 8, 9], 1, 2);
        message.AddPath(path);
        message.AddText(text);
        Assert.IsTrue(FleetGateway.Coap.CoapMessage.TryRead(message.Bytes.AsSpan(0, message.Length), out FleetGateway.Coap.CoapMessage? read));
        Assert.AreEqual(path, string.Join('/', read!.Path));
        Assert.AreEqual(0, read.ContentFormat);
        Assert.AreEqual(text, Encoding.UTF8.GetString(read.Payload));
        Assert.AreEqual(0x1234, read.Id);
        Assert.AreEqual("0809", Convert.ToHexString(read.Token));
    }

    [TestMethod]
    public void What_the_gateway_writes_a_sample_reads()
    {
        byte[] answer = new FleetGateway.Coap.CoapMessage
        {
            Type = 2,
            Code = CoapCode.Content,
            Id = 0xFEDC,
            Token = [1, 2],
            ContentFormat = 11542,
            Payload = [5],
        }.Write();
        Assert.IsTrue(_reader.Read(answer, answer.Length));
        Assert.AreEqual(SampleMessage.Acknowledgement, _reader.Type);
        Assert.AreEqual("2.05", SampleMessage.Describe(_reader.Code));
        Assert.AreEqual(0xFEDC, _reader.MessageId);
        Assert.IsTrue(_reader.HasToken(0x0102));
        Assert.AreEqual(11542, _reader.ContentFormat);
        Assert.AreEqual(1, _reader.PayloadLength);
        Assert.AreEqual(5, answer[_reader.PayloadOffset]);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("400112")]
    [DataRow("80011234", DisplayName = "another version")]
    [DataRow("49011234000000000000000000", DisplayName = "a token of nine bytes")]
    [DataRow("42011234AA", DisplayName = "a token that is cut off")]
    [DataRow("40011234FF", DisplayName = "a marker and no payload")]
    [DataRow("40011234BB7465", DisplayName = "an option that is cut off")]
    [DataRow("40011234F0", DisplayName = "a delta of 15")]
    [DataRow("400112340F", DisplayName = "a length of 15")]
    [DataRow("40011234D0", DisplayName = "a delta whose byte is missing")]
    [DataRow("40011234E000", DisplayName = "a delta whose second byte is missing")]
    public void What_is_malformed_is_no_message(string bytes)
    {
        Assert.IsFalse(_reader.Read(Convert.FromHexString(bytes), bytes.Length / 2));
    }

    [TestMethod]
    [DataRow("4003123450", true, "", DisplayName = "If-None-Match")]
    [DataRow("40031234D12F01", false, "", DisplayName = "Size1")]
    [DataRow("40031234C3010203", true, "", DisplayName = "a format of three bytes")]
    [DataRow("40031234B1300130", false, "0/0", DisplayName = "a path")]
    [DataRow("40031234B3302F30", false, null, DisplayName = "a slash in a segment")]
    [DataRow("40031234B100", false, null, DisplayName = "no plain text")]
    [DataRow("40031234B1300001300130", false, "0//0/0", DisplayName = "an empty segment")]
    public void Options_are_known_or_need_not_be_or_are_refused(string bytes, bool hasUnknown, string? path)
    {
        Assert.IsTrue(_reader.Read(Convert.FromHexString(bytes), bytes.Length / 2));
        Assert.AreEqual(hasUnknown, _reader.HasUnknownOption);
        Assert.AreEqual(path, _reader.Path);
    }

    [TestMethod]
    public void A_path_that_is_longer_than_any_is_none_and_stays_none()
    {
        byte[] message = Convert.FromHexString("40031234" + "BD" + "14" + string.Concat(System.Linq.Enumerable.Repeat("61", 33)) + "0130");
        Assert.IsTrue(_reader.Read(message, message.Length));
        Assert.IsNull(_reader.Path);
    }

    [TestMethod]
    public void Any_bytes_are_read_without_an_exception_and_within_themselves()
    {
        Random random = new(41);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
            {
                bytes[0] = (byte)(0x40 | (bytes[0] & 0x3F));
            }

            if (_reader.Read(bytes, bytes.Length))
            {
                Assert.IsTrue(_reader.PayloadOffset + _reader.PayloadLength <= bytes.Length && _reader.TokenOffset + _reader.TokenLength <= bytes.Length);
            }
        }
    }

    [TestMethod]
    public void What_has_no_room_is_refused_and_not_cut()
    {
        SampleMessage message = new(10);
        message.Begin(SampleMessage.Confirmable, SampleMessage.Put, 1, [], 0, 0);
        Assert.ThrowsExactly<ArgumentException>(() => message.AddPath("temperature"));
    }
}

extern alias provisioning;

using System;
using System.Linq;
using System.Reflection;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using provisioning::NfDtls.Samples;
using provisioning::NfDtls.Samples.Provisioning;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>What a bootstrap server writes, right and wrong.</summary>
[TestClass]
public sealed class BootstrapWritesTests
{
    private readonly BootstrapWrites _writes = new();
    private int _id;

    [TestMethod]
    public void A_key_that_another_takes_the_place_of_is_zeroed()
    {
        FieldInfo field = typeof(BootstrapWrites).GetField("_key", BindingFlags.Instance | BindingFlags.NonPublic)!;
        BootstrapWrites writes = new();
        byte[] first = Taken("first");
        byte[] second = Taken("second");
        Assert.IsTrue(first.All(one => one == 0));
        writes.Forget();
        Assert.IsTrue(second.All(one => one == 0));

        byte[] Taken(string key)
        {
            CoapMessage message = new(100);
            message.Begin(CoapMessage.Confirmable, CoapMessage.Put, key.Length, [], 0, 0);
            message.AddPath("0/0/5");
            message.AddPayload(Encoding.ASCII.GetBytes(key));
            Assert.IsTrue(writes.Take(message.Bytes, message.Length));
            return (byte[])field.GetValue(writes)!;
        }
    }

    [TestMethod]
    public void A_server_address_an_identity_and_a_key_make_credentials_when_it_has_finished()
    {
        Assert.AreEqual("2.02", Ask(CoapMessage.Delete, "0"));
        Assert.AreEqual("2.04", Ask(CoapMessage.Put, "0/0/0", 0, "coaps://10.0.0.1:5684"));
        Assert.AreEqual("2.04", Ask(CoapMessage.Put, "0/0/1", 0, "0"));
        Assert.AreEqual("2.04", Ask(CoapMessage.Put, "0/0/2", 0, "0"));
        Assert.AreEqual("2.04", Ask(CoapMessage.Put, "0/0/3", 42, "sensor-1"));
        Assert.AreEqual("2.04", Ask(CoapMessage.Put, "0/0/5", 42, "a key"));
        Assert.AreEqual("2.04", Ask(CoapMessage.Put, "0/0/10", 0, "123"));
        Assert.IsNull(_writes.Result);
        Assert.AreEqual("2.04", Ask(CoapMessage.Post, "bs"));
        Assert.AreEqual("10.0.0.1", _writes.Result.Host);
        Assert.AreEqual(5684, _writes.Result.Port);
        Assert.AreEqual("sensor-1", Encoding.ASCII.GetString(_writes.Result.Identity));
        Assert.AreEqual("a key", Encoding.ASCII.GetString(_writes.Result.Key));
    }

    [TestMethod]
    [DataRow("0/0/0")]
    [DataRow("0/0/3")]
    [DataRow("0/0/5")]
    public void A_finish_without_one_of_them_is_not_acceptable(string missing)
    {
        WriteAll(missing);
        Assert.AreEqual("4.06", Ask(CoapMessage.Post, "bs"));
        Assert.IsNull(_writes.Result);
        WriteAll("");
        Assert.AreEqual("2.04", Ask(CoapMessage.Post, "bs"));
        Assert.IsNotNull(_writes.Result);
    }

    [TestMethod]
    [DataRow("0/0/0", 0, "coap://10.0.0.1", "4.00", DisplayName = "an address without DTLS")]
    [DataRow("0/0/0", 0, "coaps://10.0.0.1:0", "4.00", DisplayName = "no port")]
    [DataRow("0/0/0", 0, "256 letters", "4.13", DisplayName = "an address that is too long")]
    [DataRow("0/0/0", 42, "coaps://10.0.0.1", "4.15", DisplayName = "an address in bytes")]
    [DataRow("0/0/1", 0, "1", "4.00", DisplayName = "a bootstrap server")]
    [DataRow("0/0/2", 0, "2", "4.00", DisplayName = "certificates")]
    [DataRow("0/0/2", 0, "00", "4.00", DisplayName = "no mode")]
    [DataRow("0/0/3", 42, "129 letters", "4.13", DisplayName = "an identity that is too long")]
    [DataRow("0/0/3", 0, "sensor-1", "4.15", DisplayName = "an identity as base64")]
    [DataRow("0/0/5", 42, "65 letters", "4.13", DisplayName = "a key that is too long")]
    [DataRow("0/0/5", 11542, "key", "4.15", DisplayName = "a key in TLV")]
    [DataRow("0/0/5", 42, "", "4.00", DisplayName = "no key")]
    [DataRow("0/0/4", 42, "key", "4.04", DisplayName = "another resource")]
    [DataRow("1/0/0", 0, "1", "4.04", DisplayName = "another object")]
    [DataRow("0/1/0", 0, "coaps://10.0.0.1", "4.04", DisplayName = "another instance")]
    [DataRow("rd", 0, "x", "4.04", DisplayName = "something else")]
    public void A_wrong_write_is_refused_by_its_code_and_is_not_taken(string path, int format, string value, string code)
    {
        if (value.EndsWith(" letters", StringComparison.Ordinal))
        {
            value = new string('l', int.Parse(value.Split(' ')[0]));
        }

        WriteAll(path);
        Assert.AreEqual(code, Ask(CoapMessage.Put, path, format, value));
        bool isNeeded = path is "0/0/0" or "0/0/3" or "0/0/5";
        Assert.AreEqual(isNeeded ? "4.06" : "2.04", Ask(CoapMessage.Post, "bs"));
        Assert.AreEqual(isNeeded, _writes.Result == null);
    }

    [TestMethod]
    public void What_was_written_well_is_gone_where_it_is_written_wrong()
    {
        WriteAll("");
        Assert.AreEqual("4.13", Ask(CoapMessage.Put, "0/0/5", 42, new string('k', 65)));
        Assert.AreEqual("4.06", Ask(CoapMessage.Post, "bs"));
        WriteAll("");
        Assert.AreEqual("4.00", Ask(CoapMessage.Put, "0/0/0", 0, "coaps://"));
        Assert.AreEqual("4.06", Ask(CoapMessage.Post, "bs"));
    }

    [TestMethod]
    [DataRow("0")]
    [DataRow("0/0")]
    [DataRow(null)]
    public void A_delete_forgets_what_was_written(string? path)
    {
        WriteAll("");
        Assert.AreEqual("2.02", Ask(CoapMessage.Delete, path));
        Assert.AreEqual("4.06", Ask(CoapMessage.Post, "bs"));
    }

    [TestMethod]
    [DataRow(1, "0/0/5", DisplayName = "reading the key")]
    [DataRow(1, "0")]
    [DataRow(1, "bs")]
    [DataRow(CoapMessage.Post, "0/0/0")]
    [DataRow(CoapMessage.Delete, "0/0/5")]
    [DataRow(CoapMessage.Put, "bs")]
    [DataRow(CoapMessage.Put, "0/0")]
    public void Other_methods_are_not_allowed(int method, string path)
    {
        Assert.AreEqual("4.05", Ask(method, path));
    }

    [TestMethod]
    public void One_that_comes_again_gets_the_same_answer_and_is_done_once()
    {
        WriteAll("");
        Assert.AreEqual("2.04", Ask(CoapMessage.Post, "bs"));
        string answer = Answer();
        _id--;
        Assert.AreEqual("2.04", Ask(CoapMessage.Post, "bs"));
        Assert.AreEqual(answer, Answer());
        Assert.AreEqual("4.05", Ask(CoapMessage.Post, "bs"), "It has finished.");
        Assert.AreEqual("4.05", Ask(CoapMessage.Put, "0/0/5", 42, "another"));
        Assert.AreEqual("key", Encoding.ASCII.GetString(_writes.Result.Key));
    }

    [TestMethod]
    public void What_is_not_confirmable_is_left_alone_and_a_ping_is_answered()
    {
        Assert.IsFalse(_writes.Take(Convert.FromHexString("50021234B26273"), 7));
        Assert.IsFalse(_writes.Take(Convert.FromHexString("60441234"), 4));
        Assert.IsFalse(_writes.Take(Convert.FromHexString("70001234"), 4));
        Assert.IsTrue(_writes.Take(Convert.FromHexString("40001234"), 4));
        Assert.AreEqual("70001234", Answer());
    }

    [TestMethod]
    public void An_option_that_must_be_understood_is_refused()
    {
        // Block1 (27), of which the first block would be taken for all.
        byte[] message = Convert.FromHexString("41031234AA" + "B130" + "0130" + "0135" + "112A" + "D10208" + "FF" + "6B");
        Assert.IsTrue(_writes.Take(message, message.Length));
        Assert.AreEqual("61821234AA", Answer());
    }

    [TestMethod]
    public void Any_bytes_are_taken_without_an_exception_and_make_no_credentials()
    {
        Random random = new(43);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[random.Next(30)];
            random.NextBytes(bytes);
            if (bytes.Length > 8)
            {
                byte[] start = [0x40, (byte)random.Next(1, 5), bytes[2], bytes[3], 0xB1, (byte)'0', 0x01, (byte)'0', 0x01];
                start.AsSpan(0, random.Next(10)).CopyTo(bytes);
            }

            _writes.Take(bytes, bytes.Length);
        }

        Assert.IsNull(_writes.Result);
    }

    private void WriteAll(string without)
    {
        (string Path, int Format, string Value)[] all = [("0/0/0", 0, "coaps://10.0.0.1"), ("0/0/3", 42, "sensor-1"), ("0/0/5", 42, "key")];
        foreach ((string path, int format, string value) in all.Where(one => one.Path != without))
        {
            Assert.AreEqual("2.04", Ask(CoapMessage.Put, path, format, value));
        }
    }

    private string Ask(int method, string? path, int format = -1, string value = "")
    {
        CoapMessage message = new(400);
        _id++;
        message.Begin(CoapMessage.Confirmable, method, _id, [1, 2, 3, 4, 5, 6, 7, 8], 0, 8);
        if (path != null)
        {
            message.AddPath(path);
        }

        if (format >= 0)
        {
            message.AddOption(CoapMessage.ContentFormat, format == 0 ? [] : format < 256 ? [(byte)format] : [(byte)(format >> 8), (byte)format]);
        }

        if (value.Length > 0)
        {
            message.AddPayload(Encoding.ASCII.GetBytes(value));
        }

        Assert.IsTrue(_writes.Take(message.Bytes, message.Length));
        Assert.AreEqual("68", Answer()[..2]);
        Assert.AreEqual(_id.ToString("X4") + "0102030405060708", Answer()[4..]);
        return CoapMessage.Describe(Convert.FromHexString(Answer())[1]);
    }

    private string Answer()
    {
        return Convert.ToHexString(_writes.Answer.Bytes, 0, _writes.Answer.Length);
    }
}

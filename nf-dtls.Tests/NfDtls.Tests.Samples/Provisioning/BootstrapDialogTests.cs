extern alias provisioning;

using System;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using provisioning::NfDtls.Samples;
using provisioning::NfDtls.Samples.Provisioning;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>A device asks a bootstrap server, which a test plays.</summary>
[TestClass]
public sealed class BootstrapDialogTests
{
    private readonly ScriptedChannel _channel = new();
    private int _id = 100;
    private int _step;

    [TestMethod]
    public void A_device_asks_by_its_name_and_takes_what_the_server_writes()
    {
        _channel.Takes = Play;
        Credentials? credentials = new BootstrapDialog(_channel).Run("device-1");
        Assert.IsNotNull(credentials);
        Assert.AreEqual("server.example", credentials.Host);
        Assert.AreEqual("sensor-1", Encoding.ASCII.GetString(credentials.Identity));
        Assert.AreEqual("key", Encoding.ASCII.GetString(credentials.Key));

        // POST /bs?ep=device-1, confirmable.
        byte[] first = _channel.Sent[0];
        Assert.AreEqual("4202", Convert.ToHexString(first, 0, 2));
        Assert.AreEqual("B26273" + "4B" + Convert.ToHexString(Encoding.ASCII.GetBytes("ep=device-1")), Convert.ToHexString(first, 6, first.Length - 6));
    }

    [TestMethod]
    public void A_server_that_says_nothing_is_asked_five_times_and_then_no_more()
    {
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.HasCount(5, _channel.Sent);
        Assert.AreEqual(1000 + (2000 * 31), _channel.Now);
    }

    [TestMethod]
    [DataRow(CoapMessage.BadRequest)]
    [DataRow(CoapMessage.NotFound)]
    [DataRow(CoapMessage.Created)]
    public void A_server_that_refuses_gives_nothing(int code)
    {
        _channel.Takes = message => Acknowledge(message, code);
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.HasCount(1, _channel.Sent);
    }

    [TestMethod]
    public void An_acknowledgement_of_something_else_is_none()
    {
        _channel.Takes = message =>
        {
            byte[] other = message[..6];
            other[0] = 0x62;
            other[1] = CoapMessage.Changed;
            other[3]++;
            _channel.Say(other);
            other = other.AsSpan().ToArray();
            other[3]--;
            other[5]++;
            _channel.Say(other);
        };
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.HasCount(5, _channel.Sent);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void A_server_that_falls_silent_gives_nothing(int steps)
    {
        _channel.Takes = message =>
        {
            if (_step < steps)
            {
                Play(message);
            }
        };
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.IsTrue(_channel.Now is >= 45_000 and < 60_000, _channel.Now.ToString());
    }

    [TestMethod]
    public void A_server_that_never_finishes_is_left_after_three_minutes()
    {
        _channel.Takes = message =>
        {
            if (_channel.Sent.Count == 1)
            {
                Acknowledge(message, CoapMessage.Changed);
            }
        };
        _channel.Idles = () =>
        {
            if (_channel.Sent.Count > 0 && _channel.Now < 10_000_000)
            {
                Write(CoapMessage.Put, "0/0/10", 0, "1");
            }
        };
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.IsTrue(_channel.Now is >= 180_000 and < 190_000, _channel.Now.ToString());
    }

    [TestMethod]
    public void A_finish_whose_answer_is_lost_is_answered_again()
    {
        _channel.Takes = message =>
        {
            Play(message);
            if (_step == 5)
            {
                _step++;
                _id--;
                Write(CoapMessage.Post, "bs", -1, "");
            }
        };
        Assert.IsNotNull(new BootstrapDialog(_channel).Run("device-1"));
        CollectionAssert.AreEqual(_channel.Sent[^2], _channel.Sent[^1]);
    }

    [TestMethod]
    public void A_session_that_ends_behind_the_finish_has_done_its_work_and_before_it_has_not()
    {
        _channel.Takes = Play;
        _channel.Idles = () => throw new DtlsException(DtlsError.SessionClosed, "The server has closed.");
        Assert.IsNotNull(new BootstrapDialog(_channel).Run("device-1"));
        _step = 0;
        _channel.Takes = message =>
        {
            if (_step < 3)
            {
                Play(message);
            }
        };
        Assert.ThrowsExactly<DtlsException>(() => new BootstrapDialog(_channel).Run("device-1"));
    }

    [TestMethod]
    [DataRow(9, false, DisplayName = "finished")]
    [DataRow(3, false, DisplayName = "silent")]
    [DataRow(3, true, DisplayName = "closed")]
    public void No_array_that_messages_came_into_keeps_a_key(int steps, bool isClosed)
    {
        // A server in haste writes before it acknowledges, too.
        Write(CoapMessage.Put, "0/0/5", 42, "key");
        _channel.Takes = message =>
        {
            if (_step < steps)
            {
                Play(message);
            }
        };
        _channel.Idles = () =>
        {
            if (isClosed)
            {
                throw new DtlsException(DtlsError.SessionClosed, "The server has closed.");
            }
        };
        Credentials? credentials = null;
        try
        {
            credentials = new BootstrapDialog(_channel).Run("device-1");
        }
        catch (DtlsException)
        {
            Assert.IsTrue(isClosed);
        }

        Assert.AreEqual(steps == 9, credentials != null);
        Assert.HasCount(2, _channel.Buffers);
        Assert.IsTrue(_channel.Buffers.All(buffer => buffer.All(one => one == 0)));
        Assert.IsTrue(credentials == null || Encoding.ASCII.GetString(credentials.Key) == "key");
    }

    /// <summary>RFC 7252 section 4.2: a reset ends the request, which would be reset again.</summary>
    [TestMethod]
    public void A_request_that_is_reset_is_not_sent_again()
    {
        _channel.Takes = message => _channel.Say([0x70, 0, message[2], message[3]]);
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.HasCount(1, _channel.Sent);
        Assert.IsLessThan(2000, _channel.Now);
    }

    [TestMethod]
    public void A_reset_of_something_else_is_left_alone()
    {
        _channel.Takes = message =>
        {
            _channel.Say([0x70, 0, message[2], (byte)(message[3] ^ 1)]);
            _channel.Say([0x60, 0, message[2], message[3]]);
        };
        Assert.IsNull(new BootstrapDialog(_channel).Run("device-1"));
        Assert.HasCount(5, _channel.Sent);
    }

    /// <summary>The server's part: acknowledges, then writes what comes next for each answer.</summary>
    private void Play(byte[] message)
    {
        if (_step == 0)
        {
            Acknowledge(message, CoapMessage.Changed);
        }
        else
        {
            Assert.IsTrue(message[1] is CoapMessage.Changed, Convert.ToHexString(message));
        }

        _step++;
        switch (_step)
        {
            case 1: Write(CoapMessage.Put, "0/0/0", 0, "coaps://server.example"); break;
            case 2: Write(CoapMessage.Put, "0/0/3", 42, "sensor-1"); break;
            case 3: Write(CoapMessage.Put, "0/0/5", 42, "key"); break;
            case 4: Write(CoapMessage.Post, "bs", -1, ""); break;
        }
    }

    private void Acknowledge(byte[] request, int code)
    {
        byte[] answer = request[..6];
        answer[0] = 0x62;
        answer[1] = (byte)code;
        _channel.Say(answer);
    }

    private void Write(int method, string path, int format, string value)
    {
        CoapMessage message = new(200);
        message.Begin(CoapMessage.Confirmable, method, _id++, [], 0, 0);
        message.AddPath(path);
        if (format >= 0)
        {
            message.AddOption(CoapMessage.ContentFormat, format == 0 ? [] : [(byte)format]);
            message.AddPayload(Encoding.ASCII.GetBytes(value));
        }

        _channel.Say([.. message.Bytes.Take(message.Length)]);
    }
}

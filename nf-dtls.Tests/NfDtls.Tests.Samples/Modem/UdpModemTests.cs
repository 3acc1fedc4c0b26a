extern alias modem;

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using modem::NfDtls.Samples.ModemTransport;

namespace NfDtls.Tests.Samples.Modem;

/// <summary>One UDP socket of a modem, whatever becomes of it.</summary>
[TestClass]
public sealed class UdpModemTests
{
    private readonly ScriptedLine _line = new();
    private readonly UdpModem _modem;
    private string _open = "\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n";
    private string _send = "\r\nOK\r\n\r\nSEND OK\r\n";
    private string _read = "\r\n+QIRD: 0\r\n\r\nOK\r\n";
    private string _registered = "\r\n+CEREG: 0,1\r\n\r\nOK\r\n";

    public UdpModemTests()
    {
        _line.Answers = Answer;
        _modem = new UdpModem(_line, true, "10.0.0.1", 5684);
    }

    [TestMethod]
    public void It_is_set_up_and_its_socket_opened_with_the_first_datagram()
    {
        Send();
        string[] expected =
        [
            "AT", "ATE0", "AT+CMEE=1", "AT+QICFG=\"dataformat\",1,1", "AT+CEREG?", "AT+QIACT=1", "AT+QICLOSE=0",
            "AT+QIOPEN=1,0,\"UDP\",\"10.0.0.1\",5684,0,0", "AT+QISEND=0,2,0102",
        ];
        CollectionAssert.AreEqual(expected, Commands());
        Assert.AreEqual(0, _modem.Lost);
        Assert.IsNull(_modem.Fault);
    }

    [TestMethod]
    [DataRow("+QIURC: \"closed\",0", "AT+QICLOSE=0", DisplayName = "the socket was closed")]
    [DataRow("+QIURC: \"pdpdeact\",1", "AT+CEREG?", DisplayName = "the network took the address back")]
    [DataRow("RDY", "AT", DisplayName = "it began anew")]
    [DataRow("APP RDY", "AT", DisplayName = "its programs began anew")]
    public void What_it_lost_is_brought_back_from_there_on_with_the_next_datagram(string news, string first)
    {
        Send();
        _line.Commands.Clear();
        _line.Say("\r\n" + news + "\r\n");
        Send();
        Assert.AreEqual(first, Commands()[0]);
        Assert.AreEqual("AT+QISEND=0,2,0102", Commands()[^1]);
        Assert.AreEqual(2, _modem.Openings);
        Assert.AreEqual(0, _line.Wakings);
        Assert.AreEqual(0, _modem.Lost);
    }

    [TestMethod]
    [DataRow("+QNBIOTEVENT: \"ENTER PSM\"")]
    [DataRow("+QNBIOTEVENT: \"ENTER DEEPSLEEP\"")]
    [DataRow("PSM POWER DOWN")]
    [DataRow("NORMAL POWER DOWN")]
    public void One_that_saves_power_is_woken_by_the_next_datagram(string news)
    {
        Send();
        _line.Say("\r\n" + news + "\r\n");
        Assert.AreEqual(-1, _modem.Receive(new byte[10], 1000));
        Assert.AreEqual(0, _line.Wakings);
        Send();
        Assert.AreEqual(1, _line.Wakings);
        Assert.AreEqual(2, _modem.Openings);
    }

    [TestMethod]
    public void News_of_other_sockets_change_nothing()
    {
        Send();
        _line.Commands.Clear();
        _line.Say("\r\n+QIURC: \"closed\",1\r\n\r\n+QIURC: \"recv\",1\r\n\r\n+QIURC: \"dnsgip\",0,1\r\n");
        Send();
        CollectionAssert.AreEqual(new[] { "AT+QISEND=0,2,0102" }, Commands());
    }

    [TestMethod]
    public void A_datagram_that_is_refused_is_lost_and_the_second_in_a_row_costs_the_socket()
    {
        _send = "\r\nSEND FAIL\r\n";
        Send();
        Send();
        Assert.AreEqual(2, _modem.Lost);
        Assert.AreEqual(1, _modem.Openings);
        _send = "\r\nOK\r\n\r\nSEND OK\r\n";
        Send();
        Assert.AreEqual(2, _modem.Openings);
        Assert.AreEqual(2, _modem.Lost);
    }

    [TestMethod]
    public void A_modem_that_does_not_answer_any_more_is_begun_with_anew()
    {
        Send();
        _send = "";
        Send();
        Send();
        _send = "\r\nOK\r\n\r\nSEND OK\r\n";
        _line.Commands.Clear();
        Send();
        Assert.AreEqual("AT", Commands()[0]);
        Assert.AreEqual("ATE0", Commands()[1]);
        Assert.AreEqual(2, _modem.Openings);
    }

    [TestMethod]
    public void It_reads_until_there_is_nothing_more()
    {
        Send();
        _line.Say("\r\n+QIURC: \"recv\",0\r\n");
        _read = "\r\n+QIRD: 3\r\n0A0B0C\r\n\r\nOK\r\n";
        byte[] buffer = new byte[10];
        Assert.AreEqual(3, _modem.Receive(buffer, 1000));
        CollectionAssert.AreEqual(new byte[] { 10, 11, 12 }, buffer[..3]);
        Assert.AreEqual(3, _modem.Receive(buffer, 1000), "It is told of several once.");
        _read = "\r\n+QIRD: 0\r\n\r\nOK\r\n";
        Assert.AreEqual(-1, _modem.Receive(buffer, 1000));
        _line.Commands.Clear();
        Assert.AreEqual(-1, _modem.Receive(buffer, 1000));
        Assert.IsEmpty(_line.Commands);
    }

    [TestMethod]
    public void A_datagram_that_is_longer_than_the_buffer_says_so_by_its_length()
    {
        Send();
        _line.Say("\r\n+QIURC: \"recv\",0\r\n");
        _read = "\r\n+QIRD: 3\r\n0A0B0C\r\n\r\nOK\r\n";
        Assert.AreEqual(3, _modem.Receive(new byte[2], 1000));
    }

    [TestMethod]
    public void What_came_broken_is_lost_and_the_next_one_is_read()
    {
        Send();
        _line.Say("\r\n+QIURC: \"recv\",0\r\n");
        _read = "\r\n+QIRD: 3\r\n0A\r\n\r\nOK\r\n";
        byte[] buffer = new byte[10];
        Assert.AreEqual(-1, _modem.Receive(buffer, 1000));
        Assert.AreEqual(1, _modem.Lost);
        _read = "\r\n+QIRD: 1\r\n0D\r\n\r\nOK\r\n";
        Assert.AreEqual(1, _modem.Receive(buffer, 1000));
    }

    [TestMethod]
    public void A_socket_that_is_not_to_be_had_is_told_in_words_and_tried_again()
    {
        _open = "\r\nOK\r\n\r\n+QIOPEN: 0,566\r\n";
        Send();
        Assert.Contains("566", _modem.Fault);
        Assert.AreEqual(1, _modem.Lost);
        _open = "\r\n+CME ERROR: 561\r\n";
        Send();
        Assert.Contains("+CME ERROR: 561", _modem.Fault);
        _open = "\r\n+QIOPEN: 0,0\r\n\r\nOK\r\n";
        Send();
        Assert.IsNull(_modem.Fault, "It may say so before its answer's end.");
        Assert.AreEqual(2, _modem.Lost);
    }

    [TestMethod]
    public void Without_a_network_it_says_so_after_its_time()
    {
        _registered = "\r\n+CEREG: 0,2\r\n\r\nOK\r\n";
        long before = _line.Now;
        Send();
        Assert.AreEqual("There is no network.", _modem.Fault);
        Assert.IsTrue(_line.Now - before is >= 150_000 and < 160_000);
    }

    [TestMethod]
    public void A_modem_that_is_not_there_is_told()
    {
        _line.Answers = _ => null;
        Send();
        Assert.AreEqual("The modem does not answer.", _modem.Fault);
        Assert.AreEqual(1, _modem.Lost);
    }

    [TestMethod]
    [DataRow("\r\n+CME ERROR: 50\r\n", DisplayName = "refused")]
    [DataRow("", DisplayName = "not answered")]
    [DataRow("\r\nOK\r\n", DisplayName = "OK alone")]
    [DataRow("\r\n+QIRD: 3\r\n0A\r\n\r\nOK\r\n", DisplayName = "broken")]
    [DataRow("\r\n+QIURC: \"closed\",0\r\n\r\n+QIRD: 1\r\n0A\r\n\r\nOK\r\n", DisplayName = "closed in the midst of a datagram")]
    [DataRow("\r\n+QIURC: \"pdpdeact\",1\r\n\r\n+QIRD: 1\r\n0A\r\n\r\nOK\r\n", DisplayName = "the address gone in the midst of a datagram")]
    public void Without_a_socket_that_gives_datagrams_it_listens_until_the_time_is_over(string answer)
    {
        Send();
        _line.Say("\r\n+QIURC: \"recv\",0\r\n");
        _read = answer;
        byte[] buffer = new byte[10];
        _modem.Receive(buffer, 1000);
        _modem.Receive(buffer, 1000);
        _line.Commands.Clear();
        long before = _line.Now;
        Assert.AreEqual(-1, _modem.Receive(buffer, 7000));
        Assert.AreEqual(7000, _line.Now - before);
        Assert.IsEmpty(_line.Commands);

        // And hears what the modem says meanwhile.
        _line.Say("\r\nPSM POWER DOWN\r\n", 100);
        Assert.AreEqual(-1, _modem.Receive(buffer, 7000));
        Assert.AreEqual(7100, _line.Now - before);
        Send();
        Assert.AreEqual(1, _line.Wakings);
        Assert.AreEqual(2, _modem.Openings);
    }

    [TestMethod]
    [DataRow("AT+CEREG?")]
    [DataRow("AT+QIACT=1")]
    [DataRow("AT+QICLOSE=0")]
    [DataRow("AT+QIOPEN=1,0,\"UDP\",\"10.0.0.1\",5684,0,0")]
    [DataRow("AT")]
    public void A_socket_takes_no_longer_than_its_time_and_the_next_call_goes_on(string unanswered)
    {
        _line.Answers = command => command == unanswered ? null : Answer(command);
        long before = _line.Now;
        Assert.IsFalse(_modem.Open(4000));
        Assert.IsTrue(_line.Now - before is > 3000 and <= 7000, (_line.Now - before).ToString());
        Assert.IsNotNull(_modem.Fault);
        _line.Answers = Answer;
        Assert.IsTrue(_modem.Open(4000));
        Assert.IsNull(_modem.Fault);
    }

    private void Send()
    {
        _modem.Send([9, 1, 2, 9], 1, 2, UdpModem.OpenTime);
    }

    /// <summary>The commands, without the end of data that may have been waited for.</summary>
    private string[] Commands()
    {
        return [.. _line.Commands.Where(command => command != "\u001B")];
    }

    private string? Answer(string command)
    {
        return command switch
        {
            "\u001B" => null,
            "AT+CEREG?" => _registered,
            _ when command.StartsWith("AT+QIOPEN", StringComparison.Ordinal) => _open,
            _ when command.StartsWith("AT+QISEND", StringComparison.Ordinal) => _send,
            _ when command.StartsWith("AT+QIRD", StringComparison.Ordinal) => _read,
            _ => "\r\nOK\r\n",
        };
    }
}

extern alias modem;

using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using modem::NfDtls.Samples.ModemTransport;

namespace NfDtls.Tests.Samples.Modem;

/// <summary>Commands and their answers, with what a modem says in their midst.</summary>
[TestClass]
public sealed class AtChannelTests
{
    private readonly News _news = new();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    [DataRow(64)]
    public void An_answer_is_found_among_what_the_modem_says_of_itself(int piece)
    {
        ScriptedLine line = new(piece)
        {
            Answers = command => command + "\r\r\n+QIURC: \"recv\",0\r\n\r\n+CEREG: 0,5\r\n\r\n+QIND: \"csq\",20,99\r\n\r\nOK\r\n\r\n+QIURC: \"closed\",0\r\n",
        };
        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Ok, channel.Execute("AT+CEREG?", "+CEREG:", 1000));
        Assert.AreEqual("+CEREG: 0,5", channel.Answer);
        Assert.AreEqual(5, AtChannel.Number(channel.Answer, 1));
        Assert.IsTrue(channel.Listen(0), "All that is there is taken, in whatever pieces.");
        Assert.IsFalse(channel.Listen(0));
        CollectionAssert.AreEqual(new[] { "AT+CEREG?", "+QIURC: \"recv\",0", "+QIND: \"csq\",20,99", "+QIURC: \"closed\",0" }, _news.Lines);
    }

    [TestMethod]
    [DataRow("ERROR")]
    [DataRow("+CME ERROR: 50")]
    [DataRow("+CMS ERROR: 3")]
    [DataRow("SEND FAIL")]
    public void A_refusal_is_told_in_the_modems_words_and_the_next_command_is_answered(string refusal)
    {
        ScriptedLine line = new() { Answers = command => command == "AT" ? "\r\nOK\r\n" : "\r\n" + refusal + "\r\n" };
        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Error, channel.Execute("AT+QIACT=1", 1000));
        Assert.AreEqual(refusal, channel.Reason);
        Assert.AreEqual(AtChannel.Ok, channel.Execute("AT", 1000));
        Assert.IsNull(channel.Reason);
    }

    [TestMethod]
    public void Silence_lasts_as_long_as_it_may_and_no_longer()
    {
        ScriptedLine line = new();
        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Timeout, channel.Execute("AT+QIACT=1", 1500));
        Assert.AreEqual(2500, line.Now);
    }

    [TestMethod]
    public void An_answer_that_comes_too_late_is_not_taken_for_the_next_commands()
    {
        ScriptedLine line = new();
        line.Answers = command => command switch
        {
            "AT" => "\r\nOK\r\n",
            "AT+CEREG?" => "\r\n+CEREG: 0,1\r\n\r\nOK\r\n",
            _ => null,
        };
        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Timeout, channel.Execute("AT+QIACT=1", 1000));
        line.Say("\r\nERROR\r\n");
        Assert.AreEqual(AtChannel.Ok, channel.Execute("AT+CEREG?", "+CEREG:", 1000));
        Assert.AreEqual("+CEREG: 0,1", channel.Answer);
    }

    [TestMethod]
    public void A_modem_that_never_stops_talking_keeps_nobody()
    {
        ScriptedLine line = new();
        for (int i = 0; i < 100_000; i++)
        {
            line.Say("\r\nRING\r\n", i);
        }

        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Timeout, channel.Execute("AT", 1000));
        Assert.IsTrue(line.Now is >= 2000 and < 2100, line.Now.ToString());
        Assert.AreEqual(AtChannel.Timeout, channel.Execute("AT", 1000));
        Assert.IsTrue(line.Now is >= 3000 and < 7000, line.Now.ToString());
    }

    [TestMethod]
    public void Where_it_answers_and_does_not_stop_talking_it_is_in_step_all_the_same()
    {
        ScriptedLine line = new();
        AtChannel channel = new(line, _news);
        line.Say("\r\nOK\r\n");
        for (int i = 0; i < 100_000; i++)
        {
            line.Say("\r\nRING\r\n", i);
        }

        Assert.IsTrue(channel.Synchronise(1));
        Assert.IsTrue(line.Now < 4000, line.Now.ToString());
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(64, false)]
    [DataRow(1, true)]
    [DataRow(64, true)]
    public void A_block_is_read_as_it_was_sent(int piece, bool isHex)
    {
        byte[] data = [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 7))];
        string block = isHex ? System.Convert.ToHexString(data) : Encoding.Latin1.GetString(data);
        ScriptedLine line = new(piece) { Answers = _ => "\r\n+QIURC: \"recv\",0\r\n\r\n+QIRD: 256\r\n" + block + "\r\n\r\nOK\r\n" };
        AtChannel channel = new(line, _news);
        byte[] buffer = new byte[300];
        Assert.AreEqual(AtChannel.Ok, channel.ReadBlock("AT+QIRD=0,1500", "+QIRD:", buffer, isHex, 1000));
        Assert.AreEqual(256, channel.BlockLength);
        CollectionAssert.AreEqual(data, buffer[..256]);
        CollectionAssert.AreEqual(new[] { "+QIURC: \"recv\",0" }, _news.Lines);
    }

    [TestMethod]
    [DataRow("\r\n+QIRD: 3\r\n0102\r\n\r\nOK\r\n", DisplayName = "fewer digits than it said")]
    [DataRow("\r\n+QIRD: 3\r\n01x203\r\n\r\nOK\r\n", DisplayName = "no digits")]
    [DataRow("\r\n+QIRD: many\r\n\r\nOK\r\n", DisplayName = "no number")]
    [DataRow("\r\nOK\r\n", DisplayName = "no block")]
    public void A_block_that_is_none_is_not_taken_for_one(string answer)
    {
        AtChannel channel = new(new ScriptedLine() { Answers = _ => answer }, _news);
        Assert.AreEqual(AtChannel.Ok, channel.ReadBlock("AT+QIRD=0,1500", "+QIRD:", new byte[10], true, 1000));
        Assert.AreEqual(-1, channel.BlockLength);
    }

    [TestMethod]
    public void A_block_whose_end_does_not_come_ends_by_time_and_the_next_command_goes_on()
    {
        ScriptedLine line = new() { Answers = command => command == "AT" ? "\r\nOK\r\n" : "\r\n+QIRD: 999999\r\nabc" };
        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Timeout, channel.ReadBlock("AT+QIRD=0,1500", "+QIRD:", new byte[10], false, 1000));
        Assert.AreEqual(-1, channel.BlockLength);
        Assert.AreEqual(AtChannel.Ok, channel.Execute("AT", 1000));
    }

    [TestMethod]
    public void Data_go_behind_the_prompt_and_as_digits_in_the_command()
    {
        byte[] data = [0x00, 0x0D, 0x1A, 0xFF];
        ScriptedLine line = new() { Answers = command => command.StartsWith("AT+QISEND=0,4,") ? "\r\nOK\r\n\r\nSEND OK\r\n" : command == "AT+QISEND=0,4" ? "\r\n> " : null };
        AtChannel channel = new(line, _news);
        line.Say("\r\n+QIND: \"csq\",20,99\r\n");
        line.Say("\r\nSEND OK\r\n", 5);
        Assert.AreEqual(AtChannel.Timeout, channel.WriteBlock("AT+QISEND=0,9", data, 0, 4, false, 1000));
        Assert.AreEqual("AT+QISEND=0,9\r", Encoding.Latin1.GetString([.. line.Written]), "No data without a prompt.");
        line.Written.Clear();
        line.Answers = command => command == "AT" ? "\r\nOK\r\n" : command == "AT+QISEND=0,4" ? "\r\n> " : null;
        Assert.IsTrue(channel.Synchronise(1));
        line.Written.Clear();
        line.Say("\r\n> \r\nSEND OK\r\n");
        line.Answers = _ => null;
        Assert.AreEqual(AtChannel.Ok, channel.WriteBlock("AT+QISEND=0,4", data, 0, 4, false, 1000));
        Assert.AreEqual("AT+QISEND=0,4\r\0\r\u001A\u00FF", Encoding.Latin1.GetString([.. line.Written]));
        line.Written.Clear();
        line.Answers = _ => "\r\nOK\r\n\r\nSEND OK\r\n";
        Assert.AreEqual(AtChannel.Ok, channel.WriteBlock("AT+QISEND=0,4", data, 0, 4, true, 1000));
        Assert.AreEqual("AT+QISEND=0,4,000D1AFF\r", Encoding.Latin1.GetString([.. line.Written]));
    }

    [TestMethod]
    public void Data_are_not_written_where_the_command_is_refused()
    {
        ScriptedLine line = new() { Answers = _ => "\r\n+CME ERROR: 552\r\n" };
        AtChannel channel = new(line, _news);
        Assert.AreEqual(AtChannel.Error, channel.WriteBlock("AT+QISEND=0,4", [1, 2, 3, 4], 0, 4, false, 1000));
        Assert.AreEqual("AT+QISEND=0,4\r", Encoding.Latin1.GetString([.. line.Written]));
    }

    [TestMethod]
    [DataRow("+QIURC: \"recv\",0", 1, 0)]
    [DataRow("+QIRD: 1024", 0, 1024)]
    [DataRow("+QIRD:7,3", 1, 3)]
    [DataRow("+QIRD:", 0, -1)]
    [DataRow("+QIRD: 5", 3, -1)]
    [DataRow("+QIRD: 99999999999999999999", 0, 9999999)]
    [DataRow("", 0, -1)]
    public void A_parameter_is_a_number_or_none(string text, int index, int number)
    {
        Assert.AreEqual(number, AtChannel.Number(text, index));
    }
}

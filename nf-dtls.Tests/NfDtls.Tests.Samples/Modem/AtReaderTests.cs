extern alias modem;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using modem::NfDtls.Samples.ModemTransport;

namespace NfDtls.Tests.Samples.Modem;

/// <summary>What a modem's bytes are taken for. They come one by one here, so in the smallest pieces.</summary>
[TestClass]
public sealed class AtReaderTests
{
    private readonly AtReader _reader = new();

    [TestMethod]
    [DataRow("\r\nOK\r\n", "OK")]
    [DataRow("OK\n", "OK")]
    [DataRow("AT+CEREG?\r\r\n+CEREG: 0,1\r\n\r\nOK\r\n", "AT+CEREG? | +CEREG: 0,1 | OK")]
    [DataRow("\r\n\r\n\n\r", "")]
    [DataRow("\r\n> \r\n", "> ")]
    public void Lines_are_what_stands_before_line_feeds(string said, string lines)
    {
        Assert.AreEqual(lines, string.Join(" | ", Items(said)));
    }

    [TestMethod]
    public void What_is_no_printable_ASCII_is_a_question_mark_and_ends_no_text()
    {
        Assert.AreEqual("??O?K?", string.Join(" | ", Items("\0\u00FFO\u0080K\u007F\r\n")));
    }

    [TestMethod]
    public void A_line_that_is_too_long_is_left_out_and_the_next_one_is_read()
    {
        string longest = new('l', AtReader.MaxLine);
        Assert.AreEqual(longest + " | OK", string.Join(" | ", Items(longest + "\r\n" + longest + "x\r\n" + new string('y', 100_000) + "\r\nOK\r\n")));
        Assert.AreEqual(2, _reader.TooLong);
    }

    [TestMethod]
    public void A_prompt_is_one_only_where_it_is_expected_and_once()
    {
        _reader.ExpectsPrompt = true;
        Assert.AreEqual("2 | OK", string.Join(" | ", Items("\r\n> \r\nOK\r\n")));
        Assert.AreEqual("> ", string.Join(" | ", Items("> \r\n")));
    }

    [TestMethod]
    public void Data_may_look_like_anything()
    {
        const string Data = "\r\nOK\r\n> \0\u00FF";
        byte[] block = new byte[Data.Length];
        _reader.ExpectBlock(block, block.Length, false);
        Assert.AreEqual("3 | OK", string.Join(" | ", Items(Data + "\r\n\r\nOK\r\n")));
        Assert.AreEqual(Data, Encoding.Latin1.GetString(block));
        Assert.IsTrue(_reader.IsWhole);
    }

    [TestMethod]
    public void Of_data_that_are_longer_than_the_buffer_the_rest_is_left_out()
    {
        byte[] block = new byte[4];
        _reader.ExpectBlock(block, 10, false);
        Assert.AreEqual("3 | OK", string.Join(" | ", Items("0123456789\r\nOK\r\n")));
        Assert.AreEqual("0123", Encoding.ASCII.GetString(block));
    }

    [TestMethod]
    [DataRow("16fEff00", true, DisplayName = "small and capital letters")]
    [DataRow("16fEfg00", false, DisplayName = "a letter that is no digit")]
    [DataRow("16fE", false, DisplayName = "too few")]
    [DataRow("16fEf", false, DisplayName = "half a byte")]
    public void Hexadecimal_data_are_whole_or_told(string digits, bool isWhole)
    {
        byte[] block = new byte[4];
        _reader.ExpectBlock(block, 4, true);
        Assert.AreEqual("3 | OK", string.Join(" | ", Items(digits + "\r\nOK\r\n")));
        Assert.AreEqual(isWhole, _reader.IsWhole);
        Assert.AreEqual(0x16, block[0]);
    }

    [TestMethod]
    public void What_was_abandoned_is_no_part_of_what_comes()
    {
        _reader.ExpectBlock(new byte[4], 1000, false);
        Items("half");
        _reader.Abandon();
        Items("of a line");
        _reader.Abandon();
        Assert.AreEqual("OK", string.Join(" | ", Items("OK\r\n")));
    }

    [TestMethod]
    public void Any_bytes_are_taken_and_give_lines_of_bounded_length()
    {
        Random random = new(29);
        byte[] block = new byte[20];
        for (int i = 0; i < 200_000; i++)
        {
            if (random.Next(500) == 0)
            {
                _reader.ExpectBlock(block, random.Next(1, 100), random.Next(2) == 0);
            }

            _reader.ExpectsPrompt |= random.Next(500) == 0;
            byte value = random.Next(8) == 0 ? (byte)"\r\n> A0"[random.Next(6)] : (byte)random.Next(256);
            if (_reader.Take(value) == AtReader.IsLine)
            {
                Assert.IsTrue(_reader.Line.Length is > 0 and <= AtReader.MaxLine && _reader.Line.All(letter => letter is >= ' ' and <= '~'), _reader.Line);
            }
        }
    }

    /// <summary>The lines, and other items by their numbers.</summary>
    private string[] Items(string said)
    {
        List<string> items = [];
        foreach (byte one in Encoding.Latin1.GetBytes(said))
        {
            int item = _reader.Take(one);
            if (item != AtReader.Nothing)
            {
                items.Add(item == AtReader.IsLine ? _reader.Line : item.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return [.. items];
    }
}

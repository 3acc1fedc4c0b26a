using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Names;

/// <summary>Each character that values of names may have: what it is prepared to (RFC 4518), and how its bytes are read.</summary>
[TestClass]
public class PreparedTextTests
{
    private const int Utf8 = 0x0C;
    private const int Universal = 0x1C;
    private const int Bmp = 0x1E;

    private static readonly (int First, int Last)[] Spaces =
        [(9, 13), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)];

    private static readonly (int First, int Last)[] LeftOut = [(0, 8), (14, 31), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x200B, 0x200F), (0xFEFF, 0xFEFF)];

    // Pairs that fit into one character each: Latin, Greek without its hole, Cyrillic.
    private static readonly (int First, int Last)[] Folded =
        [('A', 'Z'), (0xC0, 0xDE), (0x100, 0x12F), (0x132, 0x137), (0x139, 0x148), (0x14A, 0x177), (0x179, 0x17E), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x400, 0x42F)];

    private static readonly (int First, int Last)[] Certain = [(0, 0x24F), (0x370, 0x4FF), (0x3041, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3)];

    [TestMethod]
    public void EachCharacterEqualsWhatItIsPreparedToAndNothingElse()
    {
        for (int value = 0; value < 0x10000; value++)
        {
            if (value == 0x3A2)
            {
                continue;   // it is none
            }

            int[] prepared = Prepared(value);
            Assert.IsTrue(AreEqual(['x', value, 'y'], ['x', .. prepared, 'y']), value.ToString("x"));
            foreach (int other in new[] { value ^ 1, value + 2, value + 32, value ^ 0x40, value + 80 })
            {
                if (other != 0x3A2)
                {
                    Assert.AreEqual(prepared.SequenceEqual(Prepared(other)), AreEqual(['x', value, 'y'], ['x', other, 'y']), value.ToString("x") + " and " + other.ToString("x"));
                }
            }
        }
    }

    [TestMethod]
    public void WhatMayBeWrittenInOtherWaysIsInDoubt()
    {
        for (int value = 0; value < 0x11000; value++)
        {
            int turns = 10;
            byte[] text = Written(['x', value, 'y']);
            Assert.AreEqual(!IsIn(value, Certain), PreparedText.IsDoubtful(Universal, text, 0, text.Length, ref turns), value.ToString("x"));
            Assert.IsTrue(turns is 6 or 8, "a turn for each character that is looked at");
        }

        int left = 10;
        Assert.IsTrue(PreparedText.IsDoubtful(Utf8, [0x61, 0x80], 0, 2, ref left), "what cannot be read");
        Assert.IsFalse(PreparedText.IsDoubtful(Utf8, [0x61, 0x80], 0, 1, ref left));
    }

    [TestMethod]
    [DataRow(" x", "x", true)]
    [DataRow("x ", "x", true)]
    [DataRow("  x \t y  ", "X Y", true)]
    [DataRow(" ", "", true)]
    [DataRow("   ", "", true)]
    [DataRow("\u00adx\u00ad", "x", true)]
    [DataRow(" \u00ad x", "x", true)]
    [DataRow("x\u00ad \u00ad y", "x y", true)]
    [DataRow("x y", "xy", false)]
    [DataRow("x", "xx", false)]
    [DataRow("", "x", false)]
    [DataRow("x y", "x  z", false)]
    public void SpacesCountOnceAndBetween(string one, string other, bool isSame)
    {
        Assert.AreEqual(isSame, AreEqual(one.Select(value => (int)value), other.Select(value => (int)value)));
        Assert.AreEqual(isSame, AreEqual(other.Select(value => (int)value), one.Select(value => (int)value)));
    }

    [TestMethod]
    public void BytesOfUtf8AreTheCharactersThatDotNetReads()
    {
        // Mostly what is nearly right: leading and following bytes at the ends of their ranges.
        byte[] edges = [0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF5, 0xF8, 0xFF];
        Gen<byte> each = Gen.Frequency((3, Gen.OneOfConst(edges)), (1, Gen.Byte.Where(value => value is not 0xED and not 0xF4)));
        Law.Holds(Gen.OneOf(each.Array[0, 6], Gen.Char.Array[0, 4].Select(text => Encoding.UTF8.GetBytes(text))), 3000, bytes =>
        {
            int at = 0;
            while (at < bytes.Length)
            {
                int before = at;
                OperationStatus status = Rune.DecodeFromUtf8(bytes.AsSpan(at), out Rune rune, out int length);
                int value = PreparedText.Decode(Utf8, bytes, ref at, bytes.Length);
                Assert.AreEqual(status == OperationStatus.Done ? rune.Value : PreparedText.Malformed, value, Convert.ToHexString(bytes));
                Assert.AreEqual(status == OperationStatus.Done ? before + length : before + 1, at);
            }

            Assert.AreEqual(PreparedText.End, PreparedText.Decode(Utf8, bytes, ref at, bytes.Length));
        });
    }

    [TestMethod]
    [DataRow(Bmp, "0041", 0x41)]
    [DataRow(Bmp, "FFFE", 0xFFFE)]
    [DataRow(Bmp, "41", PreparedText.Malformed)]
    [DataRow(Universal, "0001F600", 0x1F600)]
    [DataRow(Universal, "7FFFFFFF", 0x7FFFFFFF)]
    [DataRow(Universal, "80000000", PreparedText.Malformed)]
    [DataRow(Universal, "000041", PreparedText.Malformed)]
    [DataRow(0x14, "FC", 0xFC)]
    [DataRow(0x13, "41", 0x41)]
    [DataRow(0x13, "", PreparedText.End)]
    public void OtherTypesHaveCharactersOfTheirSize(int tag, string hex, int expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        int at = 0;
        Assert.AreEqual(expected, PreparedText.Decode(tag, bytes, ref at, bytes.Length));
        Assert.AreEqual(bytes.Length, at);
    }

    [TestMethod]
    public void TextHasTheTagOfAString()
    {
        int[] tags = [Utf8, 0x12, 0x13, 0x14, 0x16, 0x1A, Universal, Bmp];
        for (int tag = 0; tag < 256; tag++)
        {
            Assert.AreEqual(tags.Contains(tag), PreparedText.IsText(tag), tag.ToString("x"));
        }
    }

    private static bool IsIn(int value, (int First, int Last)[] ranges)
    {
        return Array.Exists(ranges, range => value >= range.First && value <= range.Last);
    }

    private static int[] Prepared(int value)
    {
        return IsIn(value, Spaces) ? [' ']
            : IsIn(value, LeftOut) ? []
            : value < 0x10000 && IsIn(value, Folded) ? [char.ToLowerInvariant((char)value)] : [value];
    }

    private static bool AreEqual(IEnumerable<int> one, IEnumerable<int> other)
    {
        byte[] a = Written(one);
        byte[] b = Written(other);
        int turns = 1000;
        return PreparedText.AreEqual(Universal, a, 0, a.Length, Universal, b, 0, b.Length, ref turns);
    }

    private static byte[] Written(IEnumerable<int> text)
    {
        return [.. text.SelectMany(value => new[] { (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value })];
    }
}

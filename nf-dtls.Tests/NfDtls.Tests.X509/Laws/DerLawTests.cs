using System;
using System.Formats.Asn1;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.X509;

/// <summary>DER that .NET writes is read as it was meant, and PEM as what it encodes, whatever stands in them; and cut short they are none.</summary>
[TestClass]
public sealed class DerLawTests
{
    private static readonly DateTimeOffset s_zero = DateTimeOffset.UnixEpoch;

    private readonly DerReader _reader = new();

    [TestMethod]
    public void A_tree_of_elements_is_read_as_it_was_written_and_none_is_left_out()
    {
        Gen<Element> trees = Gen.Recursive<Element>((depth, more) => depth == 5 ? Leaf() : Gen.Frequency((2, Leaf()), (1, Node(more))));
        Law.Holds(trees, 400, tree =>
        {
            AsnWriter writer = new(AsnEncodingRules.DER);
            tree.Write(writer);
            byte[] bytes = writer.Encode();
            Read(bytes, bytes.Length, tree);
            Assert.IsTrue(_reader.IsAtEnd && !_reader.Failed);
            Assert.AreEqual(bytes.Length, DerReader.EndOf(bytes, 0));
            for (int length = 0; length < bytes.Length; length += 1 + (length / 40))
            {
                _reader.Reset(bytes, 0, length);
                Assert.IsFalse(_reader.ReadAny(), "cut at " + length);
                Assert.IsTrue(_reader.Failed);
            }
        });
    }

    [TestMethod]
    public void An_integer_has_its_bytes_and_its_value()
    {
        Gen<BigInteger> numbers = Gen.Byte.Array[0, 20].Select(bytes => new BigInteger(bytes));
        Law.Holds(Gen.OneOf(numbers, Gen.Int[-300, 70_000].Select(value => new BigInteger(value))), 1500, value =>
        {
            byte[] bytes = Written(writer => writer.WriteInteger(value));
            Start(bytes);
            Assert.IsTrue(_reader.ReadInteger());
            CollectionAssert.AreEqual(value.ToByteArray(false, true), bytes.AsSpan(_reader.Offset, _reader.Length).ToArray());
            Start(bytes);
            Assert.AreEqual(value.Sign > 0, _reader.ReadPositive());
            if (value.Sign > 0)
            {
                CollectionAssert.AreEqual(value.ToByteArray(true, true), bytes.AsSpan(_reader.Offset, _reader.Length).ToArray());
            }

            Start(bytes);
            Assert.AreEqual(value.Sign < 0 ? -1 : (int)BigInteger.Min(value, 0xFFFF), _reader.ReadSmall());

            // The same number in a longer form is none.
            byte[] longer = [bytes[0], (byte)(bytes[1] + 1), (byte)(value.Sign < 0 ? 0xFF : 0), .. bytes[2..]];
            Start(longer);
            Assert.IsFalse(_reader.ReadInteger());
        });
    }

    [TestMethod]
    public void A_time_is_the_second_that_was_written()
    {
        long first = new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        long last = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeSeconds();
        Law.Holds(Gen.OneOf(Gen.Long[first, last], Gen.Long[-631_152_000, 2_524_607_999]), 1500, seconds =>
        {
            DateTimeOffset time = s_zero.AddSeconds(seconds);
            Start(Written(writer => writer.WriteGeneralizedTime(time, true)));
            Assert.AreEqual(seconds, DerTime.Read(_reader));
            Assert.IsTrue(_reader.IsAtEnd && !_reader.Failed);
            if (time.Year is >= 1950 and < 2050)
            {
                Start(Written(writer => writer.WriteUtcTime(time, 2049)));
                Assert.AreEqual(seconds, DerTime.Read(_reader));
                Assert.IsTrue(_reader.IsAtEnd && !_reader.Failed);
            }
        });
    }

    [TestMethod]
    public void A_time_with_any_digit_changed_is_another_one_or_none()
    {
        Gen<(long, int, int)> cases = Gen.Select(Gen.Long[-631_152_000, 2_524_607_999], Gen.Int[0, 14], Gen.Int[0, 255]);
        Law.Holds(cases, 1500, each =>
        {
            (long seconds, int at, int value) = each;
            byte[] bytes = Written(writer => writer.WriteGeneralizedTime(s_zero.AddSeconds(seconds), true));
            bytes[2 + at] = (byte)value;
            bool mayBe = DateTimeOffset.TryParseExact(Encoding.Latin1.GetString(bytes, 2, 15), "yyyyMMddHHmmssZ", null, System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
            Start(bytes);
            long read = DerTime.Read(_reader);
            Assert.AreEqual(!mayBe, _reader.Failed && !bytes.AsSpan(2, 4).SequenceEqual("0000"u8), Encoding.Latin1.GetString(bytes, 2, 15));
            Assert.IsTrue(!mayBe || read == time.ToUnixTimeSeconds());
        });
    }

    [TestMethod]
    public void PEM_is_the_bytes_that_it_encodes_however_its_lines_are_broken()
    {
        Gen<(byte[][], int, int, bool)> cases = Gen.Select(Gen.Byte.Array[0, 200].Array[1, 3], Gen.Int[1, 80], Gen.Int[0, 3], Gen.Bool);
        string[] ends = ["\n", "\r\n", " \n", "\n\t"];
        Law.Holds(cases, 400, each =>
        {
            (byte[][] blocks, int width, int end, bool isUsual) = each;
            string text = string.Concat(blocks.Select(block => "about it\n" + (isUsual ? PemEncoding.WriteString("CERTIFICATE", block) : Broken(block, width, ends[end])) + "\n"));
            Pem pem = new(Pem.BytesOf(text));
            foreach (byte[] block in blocks)
            {
                Assert.IsTrue(pem.Next());
                Assert.IsTrue(pem.Is("CERTIFICATE"));
                Assert.IsFalse(pem.IsEncrypted());
                CollectionAssert.AreEqual(block, pem.Decode());
            }

            Assert.IsFalse(pem.Next());
        });
    }

    private static Gen<Element> Leaf()
    {
        return Gen.Select(Gen.OneOfConst(0x02, 0x04, 0x0C, 0x13, 0x80, 0x81), Gen.OneOf(Gen.Byte.Array[1, 20], Gen.Byte.Array[100, 300]), (tag, bytes) => new Element(tag, bytes, []));
    }

    private static Gen<Element> Node(Gen<Element> inner)
    {
        return Gen.Select(Gen.OneOfConst(0x30, 0xA0, 0xA3), inner.Array[0, 4], (tag, all) => new Element(tag, [], all));
    }

    private static string Broken(byte[] block, int width, string end)
    {
        string digits = string.Join(end, Convert.ToBase64String(block).Chunk(width).Select(line => new string(line)));
        return "-----BEGIN CERTIFICATE-----" + end + digits + end + "-----END CERTIFICATE-----";
    }

    private static byte[] Written(Action<AsnWriter> write)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    private void Start(byte[] bytes)
    {
        _reader.Reset(bytes, 0, bytes.Length);
    }

    private void Read(byte[] bytes, int length, Element tree)
    {
        _reader.Reset(bytes, 0, length);
        Walk(bytes, tree);
    }

    private void Walk(byte[] bytes, Element element)
    {
        Assert.AreEqual(element.Tag, _reader.Tag);
        if (!element.IsNode)
        {
            Assert.IsTrue(_reader.Read(element.Tag));
            CollectionAssert.AreEqual(element.Content, bytes.AsSpan(_reader.Offset, _reader.Length).ToArray());
            return;
        }

        Assert.IsTrue(_reader.Enter(element.Tag));
        Array.ForEach(element.Inner, inner => Walk(bytes, inner));
        Assert.IsTrue(_reader.IsAtEnd);
        Assert.AreEqual(-1, _reader.Tag);
        Assert.IsTrue(_reader.Leave());
    }

    /// <summary>An element with its content, or with elements in it.</summary>
    private sealed record Element(int Tag, byte[] Content, Element[] Inner)
    {
        internal bool IsNode => (Tag & 0x20) != 0;

        internal void Write(AsnWriter writer)
        {
            Asn1Tag tag = new((TagClass)(Tag & 0xC0), Tag & 0x1F, IsNode);
            if (!IsNode)
            {
                byte[] head = Content.Length < 0x80 ? [(byte)Tag, (byte)Content.Length]
                    : Content.Length < 0x100 ? [(byte)Tag, 0x81, (byte)Content.Length] : [(byte)Tag, 0x82, (byte)(Content.Length >> 8), (byte)Content.Length];
                writer.WriteEncodedValue([.. head, .. Content]);
                return;
            }

            using (writer.PushSequence(tag))
            {
                Array.ForEach(Inner, inner => inner.Write(writer));
            }
        }
    }
}

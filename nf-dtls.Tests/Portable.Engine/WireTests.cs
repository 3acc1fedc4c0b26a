using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class WireTests
{
    private static readonly WireReader s_reader = new WireReader();
    private static readonly WireWriter s_writer = new WireWriter();

    [TestMethod]
    public void What_was_written_is_read_again()
    {
        byte[] buffer = new byte[40];
        s_writer.Reset(buffer, 3, 30);
        s_writer.WriteUInt8(0xAB);
        s_writer.WriteUInt16(0xCDEF);
        s_writer.WriteUInt24(0x123456);
        s_writer.WriteUInt48(0xFEDCBA987654);
        int vector = s_writer.BeginVector(2);
        s_writer.WriteBytes(Check.Bytes(5, 9), 1, 3);
        s_writer.EndVector(vector, 2);
        Assert.IsFalse(s_writer.Failed);
        Assert.AreEqual(17, s_writer.Length);

        s_reader.Reset(buffer, 3, s_writer.Length);
        Assert.AreEqual(0xAB, s_reader.ReadUInt8());
        Assert.AreEqual(0xCDEF, s_reader.ReadUInt16());
        Assert.AreEqual(0x123456, s_reader.ReadUInt24());
        Assert.AreEqual(0xFEDCBA987654, s_reader.ReadUInt48());
        int outer = s_reader.Enter(s_reader.ReadUInt16());
        int at = s_reader.Skip(3);
        Assert.AreEqual(10, buffer[at]);
        s_reader.Leave(outer);
        Assert.IsTrue(s_reader.IsAtEnd);
    }

    [TestMethod]
    public void A_read_beyond_the_end_gives_zero_and_fails_for_good()
    {
        for (int size = 1; size <= 6; size++)
        {
            s_reader.Reset(Check.Bytes(20, 1), 2, size - 1);
            long value = size == 1 ? s_reader.ReadUInt8() : size == 2 ? s_reader.ReadUInt16() : size == 3 ? s_reader.ReadUInt24() : size == 6 ? s_reader.ReadUInt48() : s_reader.Skip(size) * 0;
            Assert.IsTrue(s_reader.Failed);
            Assert.IsFalse(s_reader.IsAtEnd);
            Assert.AreEqual(0, s_reader.Remaining);
            Assert.AreEqual(0, s_reader.ReadUInt8());
            if (size < 6)
            {
                Assert.AreEqual(0L, value);
            }
        }
    }

    [TestMethod]
    public void Negative_and_huge_lengths_fail()
    {
        foreach (int count in new[] { -1, int.MinValue, int.MaxValue, 11 })
        {
            s_reader.Reset(new byte[20], 5, 10);
            s_reader.Skip(count);
            Assert.IsTrue(s_reader.Failed);
            s_reader.Reset(new byte[20], 5, 10);
            s_reader.Enter(count);
            Assert.IsTrue(s_reader.Failed);
            s_writer.Reset(new byte[20], 5, 10);
            s_writer.Skip(count);
            Assert.IsTrue(s_writer.Failed);
        }
    }

    [TestMethod]
    public void A_vector_that_is_not_read_to_its_end_fails()
    {
        s_reader.Reset(new byte[10], 0, 10);
        int outer = s_reader.Enter(4);
        s_reader.ReadUInt24();
        s_reader.Leave(outer);
        Assert.IsTrue(s_reader.Failed);
    }

    [TestMethod]
    public void A_failure_inside_of_a_vector_outlives_it()
    {
        s_reader.Reset(new byte[10], 0, 10);
        int outer = s_reader.Enter(2);
        s_reader.ReadUInt24();
        s_reader.Leave(outer);
        Assert.IsTrue(s_reader.Failed);
        Assert.AreEqual(0, s_reader.Remaining);
    }

    [TestMethod]
    public void A_write_that_does_not_fit_writes_nothing_and_fails_for_good()
    {
        byte[] buffer = new byte[6];
        s_writer.Reset(buffer, 1, 3);
        s_writer.WriteUInt16(0x0102);
        s_writer.WriteUInt16(0x0304);
        s_writer.WriteUInt8(0x05);
        Assert.IsTrue(s_writer.Failed);
        Check.Equal(new byte[] { 0, 1, 2, 0, 0, 0 }, buffer);
    }

    [TestMethod]
    public void Ranges_are_equal_where_each_of_their_bytes_is_and_nothing_beside_them_counts()
    {
        for (int count = 0; count <= 26; count++)
        {
            byte[] a = Check.Bytes(count + 4, 0x70);
            byte[] b = new byte[count + 5];
            Array.Copy(a, 2, b, 3, count);
            Assert.IsTrue(ConstantTime.AreEqual(a, 2, b, 3, count), count.ToString());
            for (int i = 0; i < count; i++)
            {
                for (int bit = 1; bit < 256; bit <<= 1)
                {
                    b[3 + i] ^= (byte)bit;
                    Assert.IsFalse(ConstantTime.AreEqual(a, 2, b, 3, count), count + " " + i);
                    Assert.IsFalse(ConstantTime.AreEqual(b, 3, a, 2, count), count + " " + i);
                    b[3 + i] ^= (byte)bit;
                }
            }
        }
    }

    [TestMethod]
    public void A_vector_longer_than_its_length_field_fails()
    {
        byte[] buffer = new byte[400];
        s_writer.Reset(buffer, 0, 400);
        int vector = s_writer.BeginVector(1);
        s_writer.Skip(256);
        s_writer.EndVector(vector, 1);
        Assert.IsTrue(s_writer.Failed);
        int end = s_writer.Position;
        s_writer.WriteUInt8(1);
        Assert.AreEqual(end, s_writer.Position, "once and for all");

        s_writer.Reset(buffer, 0, 400);
        vector = s_writer.BeginVector(1);
        s_writer.Skip(255);
        s_writer.EndVector(vector, 1);
        Assert.IsFalse(s_writer.Failed);
        Assert.AreEqual(255, buffer[0]);
    }

    [TestMethod]
    public void Readers_never_leave_their_range_whatever_they_are_asked()
    {
        SeededRandom random = new SeededRandom(5);
        byte[] buffer = Check.Bytes(64);
        for (int run = 0; run < 1_000; run++)
        {
            int offset = random.Next(64);
            int count = random.Next(64 - offset);
            s_reader.Reset(buffer, offset, count);
            int outer = -1;
            for (int i = 0; i < 12; i++)
            {
                switch (random.Next(7))
                {
                    case 0: s_reader.ReadUInt8(); break;
                    case 1: s_reader.ReadUInt16(); break;
                    case 2: s_reader.ReadUInt24(); break;
                    case 3: s_reader.ReadUInt48(); break;
                    case 4: s_reader.Skip(random.Next(-2, 20)); break;
                    case 5 when outer < 0: outer = s_reader.Enter(random.Next(-2, 20)); break;
                    case 6 when outer >= 0: s_reader.Leave(outer); outer = -1; break;
                }

                Assert.IsTrue(s_reader.Position >= offset && s_reader.Position + s_reader.Remaining <= offset + count && s_reader.Remaining >= 0);
            }
        }
    }
}

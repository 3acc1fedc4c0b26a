using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class WireTests
{
    private readonly WireReader _reader = new WireReader();
    private readonly WireWriter _writer = new WireWriter();

    [TestMethod]
    public void What_was_written_is_read_again()
    {
        byte[] buffer = new byte[40];
        _writer.Reset(buffer, 3, 30);
        _writer.WriteUInt8(0xAB);
        _writer.WriteUInt16(0xCDEF);
        _writer.WriteUInt24(0x123456);
        _writer.WriteUInt48(0xFEDCBA987654);
        int vector = _writer.BeginVector(2);
        _writer.WriteBytes(TestBed.Bytes(5, 9), 1, 3);
        _writer.EndVector(vector, 2);
        Assert.IsFalse(_writer.Failed);
        Assert.AreEqual(17, _writer.Length);

        _reader.Reset(buffer, 3, _writer.Length);
        Assert.AreEqual(0xAB, _reader.ReadUInt8());
        Assert.AreEqual(0xCDEF, _reader.ReadUInt16());
        Assert.AreEqual(0x123456, _reader.ReadUInt24());
        Assert.AreEqual(0xFEDCBA987654, _reader.ReadUInt48());
        int outer = _reader.Enter(_reader.ReadUInt16());
        int at = _reader.Skip(3);
        Assert.AreEqual(10, buffer[at]);
        _reader.Leave(outer);
        Assert.IsTrue(_reader.IsAtEnd);
    }

    [TestMethod]
    public void A_read_beyond_the_end_gives_zero_and_fails_for_good()
    {
        for (int size = 1; size <= 6; size++)
        {
            _reader.Reset(TestBed.Bytes(20, 1), 2, size - 1);
            long value = size == 1 ? _reader.ReadUInt8() : size == 2 ? _reader.ReadUInt16() : size == 3 ? _reader.ReadUInt24() : size == 6 ? _reader.ReadUInt48() : _reader.Skip(size) * 0;
            Assert.IsTrue(_reader.Failed);
            Assert.IsFalse(_reader.IsAtEnd);
            Assert.AreEqual(0, _reader.Remaining);
            Assert.AreEqual(0, _reader.ReadUInt8());
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
            _reader.Reset(new byte[20], 5, 10);
            _reader.Skip(count);
            Assert.IsTrue(_reader.Failed);
            _reader.Reset(new byte[20], 5, 10);
            _reader.Enter(count);
            Assert.IsTrue(_reader.Failed);
            _writer.Reset(new byte[20], 5, 10);
            _writer.Skip(count);
            Assert.IsTrue(_writer.Failed);
        }
    }

    [TestMethod]
    public void A_vector_that_is_not_read_to_its_end_fails()
    {
        _reader.Reset(new byte[10], 0, 10);
        int outer = _reader.Enter(4);
        _reader.ReadUInt24();
        _reader.Leave(outer);
        Assert.IsTrue(_reader.Failed);
    }

    [TestMethod]
    public void A_failure_inside_of_a_vector_outlives_it()
    {
        _reader.Reset(new byte[10], 0, 10);
        int outer = _reader.Enter(2);
        _reader.ReadUInt24();
        _reader.Leave(outer);
        Assert.IsTrue(_reader.Failed);
        Assert.AreEqual(0, _reader.Remaining);
    }

    [TestMethod]
    public void A_write_that_does_not_fit_writes_nothing_and_fails_for_good()
    {
        byte[] buffer = new byte[6];
        _writer.Reset(buffer, 1, 3);
        _writer.WriteUInt16(0x0102);
        _writer.WriteUInt16(0x0304);
        _writer.WriteUInt8(0x05);
        Assert.IsTrue(_writer.Failed);
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 0, 0, 0 }, buffer);
    }

    [TestMethod]
    public void A_vector_longer_than_its_length_field_fails()
    {
        byte[] buffer = new byte[400];
        _writer.Reset(buffer, 0, 400);
        int vector = _writer.BeginVector(1);
        _writer.Skip(256);
        _writer.EndVector(vector, 1);
        Assert.IsTrue(_writer.Failed);

        _writer.Reset(buffer, 0, 400);
        vector = _writer.BeginVector(1);
        _writer.Skip(255);
        _writer.EndVector(vector, 1);
        Assert.IsFalse(_writer.Failed);
        Assert.AreEqual(255, buffer[0]);
    }

    [TestMethod]
    public void Readers_never_leave_their_range_whatever_they_are_asked()
    {
        Random random = new Random(5);
        byte[] buffer = TestBed.Bytes(64);
        for (int run = 0; run < 20_000; run++)
        {
            int offset = random.Next(64);
            int count = random.Next(64 - offset);
            _reader.Reset(buffer, offset, count);
            int outer = -1;
            for (int i = 0; i < 12; i++)
            {
                switch (random.Next(7))
                {
                    case 0: _reader.ReadUInt8(); break;
                    case 1: _reader.ReadUInt16(); break;
                    case 2: _reader.ReadUInt24(); break;
                    case 3: _reader.ReadUInt48(); break;
                    case 4: _reader.Skip(random.Next(-2, 20)); break;
                    case 5 when outer < 0: outer = _reader.Enter(random.Next(-2, 20)); break;
                    case 6 when outer >= 0: _reader.Leave(outer); outer = -1; break;
                }

                Assert.IsTrue(_reader.Position >= offset && _reader.Position + _reader.Remaining <= offset + count && _reader.Remaining >= 0);
            }
        }
    }
}

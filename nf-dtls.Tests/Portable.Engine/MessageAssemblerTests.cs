using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class MessageAssemblerTests
{
    private static readonly byte[] s_body = Check.Bytes(100);

    [TestMethod]
    public void Fragments_in_any_order_make_the_message()
    {
        int[][] orders = { new[] { 0, 1, 2 }, new[] { 0, 2, 1 }, new[] { 1, 0, 2 }, new[] { 1, 2, 0 }, new[] { 2, 0, 1 }, new[] { 2, 1, 0 } };
        foreach (int[] order in orders)
        {
            MessageAssembler assembler = new MessageAssembler(128, 2, 64);
            foreach (int part in order)
            {
                Assert.IsNull(assembler.Ready);
                Assert.AreEqual(-1, Add(assembler, 1, 100, 0, part * 40, part == 2 ? 20 : 40));
            }

            Check.Equal(s_body, Check.Part(assembler.Ready.Buffer, 0, 100));
        }
    }

    [TestMethod]
    public void A_fragment_that_disagrees_with_the_first_one_is_dropped()
    {
        MessageAssembler assembler = new MessageAssembler(128, 2, 64);
        Assert.AreEqual(-1, Add(assembler, 1, 100, 0, 0, 50));
        Assert.AreEqual(DropReason.Fragment, Add(assembler, 2, 100, 0, 50, 50));
        Assert.AreEqual(DropReason.Fragment, Add(assembler, 1, 99, 0, 50, 49));
        Assert.AreEqual(DropReason.Fragment, Add(assembler, 1, 101, 0, 50, 51));
        Assert.IsNull(assembler.Ready);
        Assert.AreEqual(-1, Add(assembler, 1, 100, 0, 50, 50));
        Assert.IsNotNull(assembler.Ready);
    }

    [TestMethod]
    public void A_whole_message_takes_the_place_of_pieces_that_it_disagrees_with_but_not_of_a_whole_one()
    {
        MessageAssembler assembler = new MessageAssembler(128, 1, 64);
        for (int sequence = 1; sequence >= 0; sequence--)
        {
            Add(assembler, 2, 50, sequence, 3, 20);
            Assert.AreEqual(-1, Add(assembler, 1, 60, sequence, 0, 60));
            Assert.AreEqual(DropReason.Fragment, Add(assembler, 3, 40, sequence, 0, 40));
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.AreEqual(1, assembler.Ready.Type);
            Check.Equal(Check.Part(s_body, 0, 60), Check.Part(assembler.Ready.Buffer, 0, assembler.Ready.Length));
            assembler.Advance();
        }
    }

    [TestMethod]
    public void A_whole_message_is_whole_although_pieces_of_a_longer_one_reached_beyond_it()
    {
        MessageAssembler assembler = new MessageAssembler(128, 1, 64);
        for (int sequence = 1; sequence >= 0; sequence--)
        {
            Add(assembler, 2, 60, sequence, 40, 20);
            Assert.AreEqual(-1, Add(assembler, 1, 30, sequence, 0, 30));
        }

        for (int i = 0; i < 2; i++)
        {
            Check.Equal(Check.Part(s_body, 0, 30), Check.Part(assembler.Ready.Buffer, 0, assembler.Ready.Length));
            assembler.Advance();
        }

        Assert.IsNull(assembler.Ready);
    }

    [TestMethod]
    public void What_was_begun_can_be_forgotten_in_its_slots()
    {
        MessageAssembler assembler = new MessageAssembler(128, 2, 64);
        Add(assembler, 1, 100, 0, 0, 50);
        Add(assembler, 2, 50, 1, 0, 50);
        Add(assembler, 2, 50, 2, 0, 20);
        assembler.ForgetParts();
        Assert.AreEqual(0, assembler.NextSequence);
        Assert.IsFalse(assembler.IsBegun);
        Assert.AreEqual(-1, Add(assembler, 3, 10, 0, 5, 5), "A piece of another message begins that.");
        Assert.IsTrue(assembler.IsBegun);
        Assert.AreEqual(-1, Add(assembler, 3, 10, 0, 0, 5));
        assembler.Advance();
        Assert.IsNull(assembler.Ready);
        Assert.AreEqual(-1, Add(assembler, 4, 11, 1, 0, 11));
        Assert.AreEqual(4, assembler.Ready.Type);
    }

    [TestMethod]
    public void The_first_number_can_be_skipped_while_nothing_of_it_has_come_and_no_other_one_can()
    {
        MessageAssembler assembler = new MessageAssembler(128, 1, 64);
        Assert.AreEqual(128, assembler.MaxMessage);
        assembler.SkipFirst();
        Assert.AreEqual(1, assembler.NextSequence);
        assembler.SkipFirst();
        Assert.AreEqual(1, assembler.NextSequence);
        assembler.Reset(0);
        Add(assembler, 1, 10, 0, 0, 5);
        assembler.SkipFirst();
        Assert.AreEqual(0, assembler.NextSequence);
    }

    [TestMethod]
    public void A_place_for_a_later_message_is_free_again_when_its_turn_has_come()
    {
        MessageAssembler assembler = new MessageAssembler(128, 1, 64);
        for (int sequence = 1; sequence < 6; sequence++)
        {
            Assert.AreEqual(-1, Add(assembler, 10 + sequence, 60, sequence, 30, 30));
            assembler.Advance();
            Assert.AreEqual(DropReason.Duplicate, Add(assembler, 10 + sequence, 60, sequence, 40, 10), "What had come has come along.");
            Assert.IsNull(assembler.Ready);
        }
    }

    [TestMethod]
    public void Bytes_that_are_there_stay_as_they_came_first()
    {
        MessageAssembler assembler = new MessageAssembler(128, 2, 64);
        Add(assembler, 1, 100, 0, 0, 60);
        byte[] other = new byte[100];
        Assert.AreEqual(DropReason.Duplicate, assembler.Add(Header(1, 100, 0, 10, 20), other, 10));
        Check.Equal(Check.Part(s_body, 0, 60), assembler.Ready == null ? Current(assembler, 60) : null);
    }

    [TestMethod]
    public void Overlapping_fragments_do_not_count_twice()
    {
        MessageAssembler assembler = new MessageAssembler(128, 2, 64);
        Add(assembler, 1, 100, 0, 0, 60);
        Add(assembler, 1, 100, 0, 30, 60);
        Assert.IsNull(assembler.Ready);
        Add(assembler, 1, 100, 0, 80, 20);
        Check.Equal(s_body, Check.Part(assembler.Ready.Buffer, 0, 100));
    }

    [TestMethod]
    public void A_message_longer_than_its_buffer_is_refused()
    {
        MessageAssembler assembler = new MessageAssembler(128, 2, 64);
        Assert.AreEqual(DropReason.NoBuffer, Add(assembler, 1, 129, 0, 0, 1));
        Assert.AreEqual(DropReason.NoBuffer, Add(assembler, 1, 0xFFFFFF, 0, 0, 1));
        Assert.AreEqual(DropReason.NoBuffer, Add(assembler, 1, 65, 1, 0, 1));
        Assert.IsFalse(assembler.IsBegun);
    }

    [TestMethod]
    public void Only_the_next_few_messages_are_kept_and_all_of_them_come_in_their_turn()
    {
        MessageAssembler assembler = new MessageAssembler(128, 3, 64);
        Assert.AreEqual(DropReason.MessageSequence, Add(assembler, 1, 10, 4, 0, 10));
        Assert.AreEqual(-1, Add(assembler, 13, 10, 3, 0, 10));
        Assert.AreEqual(-1, Add(assembler, 12, 10, 2, 0, 10));
        Assert.AreEqual(-1, Add(assembler, 11, 10, 1, 0, 10));
        Assert.IsNull(assembler.Ready);
        Assert.AreEqual(-1, Add(assembler, 10, 10, 0, 0, 10));
        for (int i = 0; i < 4; i++)
        {
            Assert.AreEqual(10 + i, assembler.Ready.Type);
            assembler.Advance();
        }

        Assert.IsNull(assembler.Ready);
        Assert.AreEqual(DropReason.Duplicate, Add(assembler, 11, 10, 1, 0, 10));
    }

    [TestMethod]
    public void A_later_message_half_there_goes_on_in_its_turn()
    {
        MessageAssembler assembler = new MessageAssembler(128, 1, 64);
        Add(assembler, 11, 60, 1, 30, 30);
        Add(assembler, 10, 0, 0, 0, 0);
        Assert.IsNotNull(assembler.Ready);
        assembler.Advance();
        Assert.IsNull(assembler.Ready);
        Add(assembler, 11, 60, 1, 0, 30);
        Check.Equal(Check.Part(s_body, 0, 60), Check.Part(assembler.Ready.Buffer, 0, 60));
    }

    [TestMethod]
    public void Buffers_for_later_messages_that_are_larger_than_the_current_ones_do_no_harm()
    {
        MessageAssembler assembler = new MessageAssembler(32, 1, 64);
        Add(assembler, 11, 60, 1, 0, 60);
        Add(assembler, 10, 4, 0, 0, 4);
        assembler.Advance();
        Assert.IsTrue(assembler.Ready == null || assembler.Ready.Length <= 32);
    }

    [TestMethod]
    public void What_came_whole_is_not_taken_again_in_any_piece()
    {
        foreach (int first in new[] { 0, 50 })
        {
            MessageAssembler assembler = new MessageAssembler(128, 1, 128);
            for (int sequence = 1; sequence >= 0; sequence--)
            {
                if (first > 0)
                {
                    Add(assembler, 1, 100, sequence, 10, first);
                }

                Assert.AreEqual(-1, Add(assembler, 1, 100, sequence, 0, 100));
                for (int from = 0; from < 100; from += 7)
                {
                    Assert.AreEqual(DropReason.Duplicate, Add(assembler, 1, 100, sequence, from, 100 - from));
                }
            }

            for (int i = 0; i < 2; i++)
            {
                Check.Equal(s_body, Check.Part(assembler.Ready.Buffer, 0, assembler.Ready.Length));
                Assert.AreEqual(DropReason.Duplicate, Add(assembler, 1, 100, i, 20, 30));
                assembler.Advance();
            }

            Assert.AreEqual(-1, Add(assembler, 1, 100, 2, 20, 30));
            Assert.IsNull(assembler.Ready);
        }
    }

    [TestMethod]
    public void Without_slots_nothing_is_kept_before_its_turn()
    {
        MessageAssembler assembler = new MessageAssembler(128, 0, 64);
        Assert.AreEqual(DropReason.MessageSequence, Add(assembler, 1, 10, 1, 0, 10));
        Assert.AreEqual(-1, Add(assembler, 1, 10, 0, 0, 10));
    }

    [TestMethod]
    public void Fragments_of_one_byte_each_from_behind_are_all_kept()
    {
        MessageAssembler assembler = new MessageAssembler(128, 0, 64);
        for (int i = 99; i >= 0; i -= 2)
        {
            Assert.AreEqual(-1, Add(assembler, 1, 100, 0, i, 1));
        }

        for (int i = 98; i >= 0; i -= 2)
        {
            Assert.IsNull(assembler.Ready);
            Assert.AreEqual(-1, Add(assembler, 1, 100, 0, i, 1));
        }

        Check.Equal(s_body, Check.Part(assembler.Ready.Buffer, 0, 100));
    }

    [TestMethod]
    public void A_header_that_contradicts_itself_is_refused()
    {
        Assert.IsTrue(Reads(1, 10, 0, 0, 10, 10));
        Assert.IsTrue(Reads(1, 0, 0, 0, 0, 0));
        Assert.IsFalse(Reads(1, 10, 0, 0, 10, 9), "cut short");
        Assert.IsFalse(Reads(1, 10, 0, 1, 10, 10), "beyond the message");
        Assert.IsFalse(Reads(1, 10, 0, 0xFFFFFF, 10, 10), "far beyond the message");
        Assert.IsFalse(Reads(1, 10, 0, 5, 0, 0), "empty fragment of a message that is not");
        Assert.IsFalse(Reads(1, 10, 0, 10, 0, 0), "empty fragment at the end");
        Assert.IsFalse(Reads(1, 0, 0, 1, 0, 0), "empty message with an offset");
    }

    [TestMethod]
    public void A_header_that_is_cut_short_is_refused()
    {
        byte[] bytes = new byte[MessageHeader.Length];
        for (int length = 0; length < MessageHeader.Length; length++)
        {
            WireReader reader = new WireReader();
            reader.Reset(bytes, 0, length);
            Assert.IsFalse(new MessageHeader().Read(reader));
        }
    }

    private static bool Reads(int type, int length, int sequence, int offset, int count, int there)
    {
        byte[] bytes = new byte[MessageHeader.Length + there];
        MessageHeader.Write(bytes, 0, type, length, sequence, offset, count);
        WireReader reader = new WireReader();
        reader.Reset(bytes, 0, bytes.Length);
        return new MessageHeader().Read(reader);
    }

    private static MessageHeader Header(int type, int length, int sequence, int offset, int count)
    {
        return new MessageHeader { Type = type, MessageLength = length, Sequence = sequence, FragmentOffset = offset, FragmentLength = count };
    }

    private byte[] Current(MessageAssembler assembler, int count)
    {
        Add(assembler, 1, 100, 0, 60, 40);
        return Check.Part(assembler.Ready.Buffer, 0, count);
    }

    private int Add(MessageAssembler assembler, int type, int length, int sequence, int offset, int count)
    {
        return assembler.Add(Header(type, length, sequence, offset, count), s_body, offset);
    }
}

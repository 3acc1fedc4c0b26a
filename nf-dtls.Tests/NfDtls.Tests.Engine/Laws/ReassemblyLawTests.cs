using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>Messages come out of their pieces as they went in, however they were cut, in whatever order and how often the pieces come.</summary>
[TestClass]
public sealed class ReassemblyLawTests
{
    private const int MaxMessage = 120;
    private const int LaterSlots = 2;
    private const int LaterBytes = 60;

    private static readonly Gen<Talk> s_talks = Gen.Select(
        Gen.Int[0, MaxMessage].Array[1, 5], Gen.Int[1, 40].Array[6], Gen.Int[0, int.MaxValue - 1], (lengths, cuts, order) => new Talk(lengths, cuts, order));

    /// <summary>Every row of four pieces that a message of five bytes can have, in every order, with every overlap.</summary>
    [TestMethod]
    public void Every_four_pieces_of_a_message_of_five_bytes_make_it_if_and_only_if_each_byte_came()
    {
        const int Length = 5;
        const int Whole = (1 << Length) - 1;
        byte[] body = TestBed.Bytes(Length, 1);
        (int From, int To)[] pieces = Enumerable.Range(0, Length).SelectMany(from => Enumerable.Range(from + 1, Length - from).Select(to => (from, to))).ToArray();
        int rows = pieces.Length * pieces.Length * pieces.Length * pieces.Length;
        for (int row = 0; row < rows; row++)
        {
            MessageAssembler assembler = new(8, 0, 8);
            int rest = row;
            int came = 0;
            for (int i = 0; i < 4; i++, rest /= pieces.Length)
            {
                (int from, int to) = pieces[rest % pieces.Length];
                int bits = ((1 << to) - 1) & ~((1 << from) - 1);
                int expected = (came & bits) == bits ? DropReason.Duplicate : -1;
                came |= bits;
                if (assembler.Add(Header(11, Length, 0, from, to - from), body, from) != expected || (assembler.Ready != null) != (came == Whole))
                {
                    Assert.Fail("row " + row + ", piece " + i);
                }
            }

            if (came == Whole && !assembler.Ready!.Buffer.AsSpan(0, Length).SequenceEqual(body))
            {
                Assert.Fail("row " + row + ": " + Convert.ToHexString(assembler.Ready!.Buffer));
            }
        }
    }

    [TestMethod]
    public void Random_messages_in_random_pieces_come_out_whole_once_and_in_their_turn()
    {
        Law.Holds(s_talks, 1500, Play);
    }

    /// <summary>Sends all pieces in random order, again and again, to an assembler and to a model of sets, until all messages are out.</summary>
    private static void Play(Talk talk)
    {
        MessageAssembler assembler = new(MaxMessage, LaterSlots, LaterBytes);
        HashSet<int>[] model = talk.Messages.Select(_ => new HashSet<int>()).ToArray();
        bool[] isEmptyThere = new bool[model.Length];
        Random random = new(talk.Order);
        int next = 0;
        for (int round = 0; next < talk.Messages.Length; round++)
        {
            Assert.IsLessThan(20, round, "It does not come to an end.");
            Piece[] pieces = talk.Pieces(random);
            random.Shuffle(pieces);
            foreach (Piece piece in pieces)
            {
                byte[] message = talk.Messages[piece.Sequence];
                int expected = Expected(model, isEmptyThere, piece, message.Length, next);
                Assert.AreEqual(expected, assembler.Add(Header(20 + piece.Sequence, message.Length, piece.Sequence, piece.Offset, piece.Length), message, piece.Offset));
                if (expected < 0)
                {
                    model[piece.Sequence].UnionWith(Enumerable.Range(piece.Offset, piece.Length));
                    isEmptyThere[piece.Sequence] |= message.Length == 0;
                }

                for (; next < model.Length && IsWhole(model[next], isEmptyThere[next], talk.Messages[next].Length); next++)
                {
                    MessageSlot ready = assembler.Ready;
                    Assert.IsNotNull(ready);
                    Assert.AreEqual(20 + next, ready.Type);
                    CollectionAssert.AreEqual(talk.Messages[next], ready.Buffer[..ready.Length]);
                    assembler.Advance();
                }

                Assert.IsNull(assembler.Ready);
                Assert.AreEqual(next, assembler.NextSequence);
            }
        }
    }

    private static int Expected(HashSet<int>[] model, bool[] isEmptyThere, Piece piece, int length, int next)
    {
        if (piece.Sequence < next)
        {
            return DropReason.Duplicate;
        }

        if (piece.Sequence > next + LaterSlots)
        {
            return DropReason.MessageSequence;
        }

        if (piece.Sequence > next && length > LaterBytes)
        {
            return DropReason.NoBuffer;
        }

        bool isThere = length == 0 ? isEmptyThere[piece.Sequence] : Enumerable.Range(piece.Offset, piece.Length).All(model[piece.Sequence].Contains);
        return isThere ? DropReason.Duplicate : -1;
    }

    private static bool IsWhole(HashSet<int> came, bool isEmptyThere, int length)
    {
        return length == 0 ? isEmptyThere : came.Count == length;
    }

    private static MessageHeader Header(int type, int length, int sequence, int offset, int count)
    {
        return new MessageHeader { Type = type, MessageLength = length, Sequence = sequence, FragmentOffset = offset, FragmentLength = count };
    }

    private sealed record Piece(int Sequence, int Offset, int Length);

    /// <summary>Messages, and how they are cut: by pieces of some lengths in turn, and beside these at random, so that they overlap.</summary>
    private sealed record Talk(int[] Lengths, int[] Cuts, int Order)
    {
        internal byte[][] Messages { get; } = Lengths.Select((length, i) => TestBed.Bytes(length, 7 * i)).ToArray();

        internal Piece[] Pieces(Random random)
        {
            List<Piece> pieces = [];
            for (int sequence = 0; sequence < Messages.Length; sequence++)
            {
                int length = Messages[sequence].Length;
                int cut = random.Next(Cuts.Length);
                for (int at = 0; at < length || at == 0; at += Cuts[cut % Cuts.Length], cut++)
                {
                    pieces.Add(new Piece(sequence, at, Math.Min(Cuts[cut % Cuts.Length], length - at)));
                }

                for (int more = random.Next(4); more > 0 && length > 0; more--)
                {
                    int from = random.Next(length);
                    pieces.Add(new Piece(sequence, from, random.Next(1, length - from + 1)));
                }
            }

            return [.. pieces];
        }

        public override string ToString() => "lengths " + string.Join(',', Lengths) + ", cuts " + string.Join(',', Cuts) + ", order " + Order;
    }
}

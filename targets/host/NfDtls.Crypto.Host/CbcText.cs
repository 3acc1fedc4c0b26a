using System;
using System.Numerics;

namespace NfDtls.Crypto.Host;

/// <summary>What a decrypted CBC record holds behind its text: padding and MAC, read in a time that does not tell what they are.</summary>
internal static class CbcText
{
    private const int BlockSize = 16;

    /// <summary>Puts padding behind the text, up to a whole block; the result is the length of both.</summary>
    internal static int Pad(byte[] data, int offset, int count)
    {
        int padding = BlockSize - 1 - count % BlockSize;
        data.AsSpan(offset + count, padding + 1).Fill((byte)padding);
        return count + padding + 1;
    }

    /// <summary>Bytes of padding with the byte that gives its length, or 0 if it is wrong, in a time that does not tell.</summary>
    internal static int PaddingLength(ReadOnlySpan<byte> text, int reserved)
    {
        int last = text.Length - 1;
        int padding = text[last];
        int possible = text.Length - reserved;
        int wrong = IsLess(possible - 1, padding);
        int checkedBytes = Math.Min(possible, 256);
        for (int i = 1; i < checkedBytes; i++)
        {
            wrong |= (text[last - i] ^ padding) & IsLess(i, padding + 1);
        }

        return (padding + 1) & IsZero(wrong);
    }

    /// <summary>Copies the MAC that begins at a secret place: every byte where it could be is read for each of its bytes.</summary>
    internal static void FindMac(ReadOnlySpan<byte> text, int range, int start, Span<byte> found)
    {
        Span<byte> masks = stackalloc byte[range + 1];
        for (int i = 0; i <= range; i++)
        {
            masks[i] = (byte)IsZero(i - start);
        }

        // A MAC byte is the sum, over all places where the MAC could begin, of the byte there under the place's mask.
        for (int i = 0; i < found.Length; i++)
        {
            Vector<byte> sum = Vector<byte>.Zero;
            int place = 0;
            for (; place + Vector<byte>.Count <= range + 1; place += Vector<byte>.Count)
            {
                sum |= new Vector<byte>(masks[place..]) & new Vector<byte>(text[(i + place)..]);
            }

            int value = Vector.Sum(sum);
            for (; place <= range; place++)
            {
                value |= masks[place] & text[i + place];
            }

            found[i] = (byte)value;
        }
    }

    /// <summary>Writes the length into the last two bytes of what the MAC covers first.</summary>
    internal static void WriteLength(Span<byte> header, int length)
    {
        header[^2] = (byte)(length >> 8);
        header[^1] = (byte)length;
    }

    /// <summary>-1 if the value is 0, else 0.</summary>
    private static int IsZero(int value)
    {
        return ~((value | -value) >> 31);
    }

    /// <summary>-1 if a is less than b, else 0; both at least 0.</summary>
    private static int IsLess(int a, int b)
    {
        return (a - b) >> 31;
    }
}

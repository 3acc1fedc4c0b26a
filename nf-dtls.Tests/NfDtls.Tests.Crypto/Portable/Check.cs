using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>What the tests ask more than once.</summary>
internal static class Check
{
    internal delegate void Act();

    internal static byte[] Bytes(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        for (int i = 0; i < hex.Length; i++)
        {
            int digit = hex[i] <= '9' ? hex[i] - '0' : (hex[i] | 0x20) - 'a' + 10;
            bytes[i / 2] = (byte)(bytes[i / 2] << 4 | digit);
        }

        return bytes;
    }

    internal static byte[] Ascii(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        return bytes;
    }

    /// <summary>Bytes that differ from their neighbours.</summary>
    internal static byte[] Pattern(int count, int seed)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(i * 31 + seed * 17 + (i >> 3));
        }

        return bytes;
    }

    internal static void Equal(string expectedHex, byte[] actual, string what)
    {
        Equal(Bytes(expectedHex), actual, what);
    }

    internal static void Equal(byte[] expected, byte[] actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what + ": length");
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] != actual[i])
            {
                Assert.Fail(what + ": byte " + i + " is " + actual[i] + " and not " + expected[i]);
            }
        }
    }

    internal static byte[] Part(byte[] bytes, int offset, int count)
    {
        byte[] part = new byte[count];
        Array.Copy(bytes, offset, part, 0, count);
        return part;
    }

    internal static bool IsZero(byte[] bytes, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (bytes[offset + i] != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Fails unless exactly this type of exception is thrown, and returns its text.</summary>
    internal static string Throws(Type type, Act act, string what)
    {
        try
        {
            act();
        }
        catch (Exception exception)
        {
            Assert.AreEqual(type.FullName, exception.GetType().FullName, what);
            return exception.Message;
        }

        Assert.Fail(what + ": nothing was thrown");
        return "";
    }
}

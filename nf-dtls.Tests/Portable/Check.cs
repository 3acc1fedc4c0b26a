using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests
{
    /// <summary>What portable tests ask more than once.</summary>
    internal static class Check
    {
        internal delegate void Act();

        /// <summary>Bytes that count up.</summary>
        internal static byte[] Bytes(int count, int first = 0)
        {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                bytes[i] = (byte)(first + i);
            }

            return bytes;
        }

        internal static byte[] Hex(string text)
        {
            byte[] bytes = new byte[text.Length / 2];
            for (int i = 0; i < text.Length; i++)
            {
                int digit = text[i] <= '9' ? text[i] - '0' : (text[i] | 0x20) - 'a' + 10;
                bytes[i / 2] = (byte)((bytes[i / 2] << 4) | digit);
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

        internal static byte[] Part(byte[] bytes, int offset, int count)
        {
            byte[] part = new byte[count];
            Array.Copy(bytes, offset, part, 0, count);
            return part;
        }

        internal static byte[] Join(byte[] first, byte[] second)
        {
            byte[] both = new byte[first.Length + second.Length];
            Array.Copy(first, 0, both, 0, first.Length);
            Array.Copy(second, 0, both, first.Length, second.Length);
            return both;
        }

        internal static bool IsZero(byte[] bytes)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] != 0)
                {
                    return false;
                }
            }

            return true;
        }

        internal static void Equal(byte[] expected, byte[] actual, string what = "bytes")
        {
            Equal(expected, actual, 0, actual.Length, what);
        }

        internal static void Equal(byte[] expected, byte[] actual, int offset, int count, string what = "bytes")
        {
            Assert.AreEqual(expected.Length, count, what + ": length");
            for (int i = 0; i < count; i++)
            {
                if (expected[i] != actual[offset + i])
                {
                    Assert.Fail(what + ": byte " + i.ToString() + " is " + actual[offset + i].ToString() + " and not " + expected[i].ToString());
                }
            }
        }

        /// <summary>Fails unless exactly this type of exception is thrown, and returns its text.</summary>
        internal static string Throws(Type type, Act act, string what = "a wrong call")
        {
            Exception thrown = null;
            try
            {
                act();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }

            Assert.IsNotNull(thrown, what + ": nothing was thrown");
            Assert.AreEqual(type.FullName, thrown.GetType().FullName, what);
            return thrown.Message;
        }
    }
}

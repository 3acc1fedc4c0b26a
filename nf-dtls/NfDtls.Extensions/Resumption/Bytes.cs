using System;

namespace NfDtls.Extensions
{
    /// <summary>Small work on whole arrays.</summary>
    internal static class Bytes
    {
        /// <summary>Whether two arrays hold the same; nothing holds what nothing holds. Takes as long wherever they differ.</summary>
        internal static bool AreEqual(byte[] one, byte[] other)
        {
            if (one == null || other == null)
            {
                return one == other;
            }

            return one.Length == other.Length && ConstantTime.AreEqual(one, 0, other, 0, one.Length);
        }

        internal static byte[] Copy(byte[] source, int offset, int count)
        {
            byte[] copy = new byte[count];
            Array.Copy(source, offset, copy, 0, count);
            return copy;
        }

        /// <summary>A copy, or null of null.</summary>
        internal static byte[] Copy(byte[] source)
        {
            return source == null ? null : Copy(source, 0, source.Length);
        }

        internal static void Clear(byte[] bytes)
        {
            if (bytes != null)
            {
                Array.Clear(bytes, 0, bytes.Length);
            }
        }
    }
}

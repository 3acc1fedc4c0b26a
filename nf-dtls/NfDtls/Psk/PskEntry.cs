using System;

namespace NfDtls
{
    /// <summary>
    /// One pre-shared key, copied from what the application has. Never changed after it was made, so that a running handshake
    /// keeps what it began with.
    /// </summary>
    internal sealed class PskEntry
    {
        internal readonly byte[] Key;
        internal readonly byte[] Identity;

        /// <summary>Null where there is none.</summary>
        internal readonly byte[] Hint;

        internal PskEntry(byte[] key, byte[] identity, byte[] hint)
        {
            Key = Copy(key);
            Identity = Copy(identity);
            Hint = Copy(hint);
        }

        private static byte[] Copy(byte[] source)
        {
            if (source == null)
            {
                return null;
            }

            byte[] copy = new byte[source.Length];
            Array.Copy(source, copy, source.Length);
            return copy;
        }
    }
}

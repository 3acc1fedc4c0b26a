using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// What stands in the clear before a saved association, authenticated with it: "ND", format, algorithm, length of all in 2
    /// bytes, generation in 4, nonce in 12.
    /// </summary>
    internal static class SavedHeader
    {
        internal const int Length = NonceAt + NonceLength;
        internal const int NonceAt = 10;

        private const int NonceLength = 12;
        private const int Magic = 0x4E44;
        private const int Format = 1;
        private const int AlgorithmAt = 3;
        private const int LengthAt = 4;
        private const int GenerationAt = 6;

        /// <summary>Writes it but for the nonce, which is drawn here.</summary>
        internal static void Write(byte[] buffer, int offset, int algorithm, int length, long generation, CryptoProvider crypto)
        {
            WireWriter writer = new WireWriter();
            writer.Reset(buffer, offset, Length);
            writer.WriteUInt16(Magic);
            writer.WriteUInt8(Format);
            writer.WriteUInt8(algorithm);
            writer.WriteUInt16(length);
            writer.WriteUInt16((int)(generation >> 16));
            writer.WriteUInt16((int)generation);
            try
            {
                crypto.Random(buffer, offset + NonceAt, NonceLength);
            }
            catch (InvalidOperationException e)
            {
                throw new DtlsException(DtlsError.NoEntropy, "There is no entropy for the nonce of a saved association.", e);
            }
        }

        /// <summary>Checks it; returns the bytes of all.</summary>
        /// <exception cref="ArgumentException">It is none, of another format, or not whole.</exception>
        internal static int Check(byte[] buffer, int offset, int count)
        {
            if (count < Length || ReadUInt16(buffer, offset) != Magic)
            {
                throw new ArgumentException("These bytes are no saved association.");
            }

            if (buffer[offset + 2] != Format)
            {
                int format = buffer[offset + 2];
                throw new ArgumentException("The saved association has format " + format.ToString() + "; format " + Format.ToString() + " is read here.");
            }

            int length = ReadUInt16(buffer, offset + LengthAt);
            if (length > count || length <= Length)
            {
                throw new ArgumentException("The saved association has " + length.ToString() + " bytes, of which " + count.ToString() + " are here.");
            }

            return length;
        }

        internal static int AlgorithmOf(byte[] buffer, int offset)
        {
            return buffer[offset + AlgorithmAt];
        }

        internal static long GenerationOf(byte[] buffer, int offset)
        {
            return ((long)ReadUInt16(buffer, offset + GenerationAt) << 16) | (long)ReadUInt16(buffer, offset + GenerationAt + 2);
        }

        private static int ReadUInt16(byte[] buffer, int at)
        {
            return (buffer[at] << 8) | buffer[at + 1];
        }
    }
}

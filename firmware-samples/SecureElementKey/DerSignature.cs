namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>A signature as DTLS wants it, SEQUENCE { INTEGER r, INTEGER s } (RFC 4492 section 5.4), of the plain halves that a chip gives.</summary>
    internal static class DerSignature
    {
        private const byte Sequence = 0x30;
        private const byte Integer = 0x02;
        private const int Head = 2;

        /// <summary>Writes it, and returns its length: 72 bytes at the most.</summary>
        internal static int Write(byte[] halves, byte[] signature, int offset)
        {
            int end = WriteInteger(halves, 0, signature, offset + Head);
            end = WriteInteger(halves, SecureElement.HalfLength, signature, end);
            signature[offset] = Sequence;
            signature[offset + 1] = (byte)(end - offset - Head);
            return end - offset;
        }

        // Without zeros in front, but with one where the highest bit would be taken for a sign.
        private static int WriteInteger(byte[] halves, int start, byte[] signature, int offset)
        {
            int last = start + SecureElement.HalfLength - 1;
            int first = start;
            while (first < last && halves[first] == 0)
            {
                first++;
            }

            int position = offset + Head;
            if (halves[first] >= 0x80)
            {
                signature[position++] = 0;
            }

            for (int i = first; i <= last; i++)
            {
                signature[position++] = halves[i];
            }

            signature[offset] = Integer;
            signature[offset + 1] = (byte)(position - offset - Head);
            return position;
        }
    }
}

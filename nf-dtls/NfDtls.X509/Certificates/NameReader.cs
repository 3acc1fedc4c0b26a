namespace NfDtls.X509
{
    /// <summary>Reads a Name (RFC 5280 section 4.1.2.4): a sequence of sets of attributes.</summary>
    internal static class NameReader
    {
        private const int MaxText = 64;         // ub-common-name
        private const int MaxAttributes = 64;   // names in use have ten or less

        /// <summary>Goes over a Name, and fails where its form is wrong. The result is where the value of its last commonName begins, -1 where it has none.</summary>
        internal static int Read(DerReader reader)
        {
            int found = -1;
            int count = 0;
            reader.Enter(DerTag.Sequence);
            while (!reader.IsAtEnd)
            {
                reader.Enter(DerTag.Set);
                do
                {
                    reader.Enter(DerTag.Sequence);
                    bool isCommonName = reader.ReadOid() == Oid.CommonName;
                    int value = reader.Position;
                    reader.ReadAny();
                    found = isCommonName && !reader.Failed ? value : found;
                    reader.Leave();
                    count++;
                    if (count > MaxAttributes)
                    {
                        reader.Fail();
                    }
                }
                while (!reader.IsAtEnd);
                reader.Leave();
            }

            reader.Leave();
            return found;
        }

        /// <summary>Text to read, of a string with this tag; ? for what is none and for control characters.</summary>
        internal static string Text(int tag, byte[] buffer, int offset, int count)
        {
            char[] text = new char[count < MaxText ? count : MaxText];
            int length = 0;
            int end = offset + count;
            while (offset < end && length < text.Length)
            {
                int value = PreparedText.Decode(tag, buffer, ref offset, end);
                bool isCharacter = (value >= 0x20 && value < 0x7F) || (value >= 0xA0 && value < 0xD800) || (value > 0xDFFF && value <= 0xFFFF);
                text[length++] = isCharacter ? (char)value : '?';
            }

            return new string(text, 0, length);
        }
    }
}

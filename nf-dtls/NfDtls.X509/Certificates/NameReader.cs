namespace NfDtls.X509
{
    /// <summary>Reads a Name (RFC 5280 section 4.1.2.4): a sequence of sets of attributes.</summary>
    internal static class NameReader
    {
        private const int MaxText = 64;   // ub-common-name

        /// <summary>Goes over a Name, and fails where its form is wrong. The result is where its last commonName begins, -1 where it has none.</summary>
        internal static int Read(DerReader reader, out int commonNameCount)
        {
            int found = -1;
            commonNameCount = 0;
            reader.Enter(DerTag.Sequence);
            while (!reader.IsAtEnd)
            {
                reader.Enter(DerTag.Set);
                do
                {
                    reader.Enter(DerTag.Sequence);
                    bool isCommonName = reader.ReadOid() == Oid.CommonName;
                    reader.ReadAny();
                    if (isCommonName && !reader.Failed)
                    {
                        found = reader.Offset;
                        commonNameCount = reader.Length;
                    }

                    reader.Leave();
                }
                while (!reader.IsAtEnd);
                reader.Leave();
            }

            reader.Leave();
            return found;
        }

        /// <summary>Text to read: UTF-8 (of which the other string types are a part), with ? for what is none and for control characters.</summary>
        internal static string Text(byte[] buffer, int offset, int count)
        {
            char[] text = new char[count < MaxText ? count : MaxText];
            int length = 0;
            int end = offset + count;
            while (offset < end && length < text.Length)
            {
                int value = buffer[offset++];
                int more = value >= 0xC2 && value < 0xE0 ? 1 : value >= 0xE0 && value < 0xF0 ? 2 : 0;
                if (value >= 0x80 && more == 0)
                {
                    value = '?';
                }
                else if (more > 0)
                {
                    value &= 0x3F >> more;
                    while (more > 0 && offset < end && (buffer[offset] & 0xC0) == 0x80)
                    {
                        value = (value << 6) | (buffer[offset++] & 0x3F);
                        more--;
                    }

                    bool isCharacter = more == 0 && value >= 0xA0 && (value < 0xD800 || value > 0xDFFF);
                    value = isCharacter ? value : '?';
                }

                text[length++] = value < 0x20 || value == 0x7F ? '?' : (char)value;
            }

            return new string(text, 0, length);
        }
    }
}

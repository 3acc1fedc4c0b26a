using System;

namespace NfDtls.X509
{
    /// <summary>Finds and decodes blocks of PEM text (RFC 7468). For what the application gives: it throws, and allocates the result.</summary>
    internal sealed class Pem
    {
        private const string Begin = "-----BEGIN ";
        private const string End = "-----END ";
        private const string Dashes = "-----";

        private readonly byte[] _text;
        private int _position;
        private int _labelOffset;
        private int _labelCount;

        internal Pem(byte[] text)
        {
            _text = text;
        }

        /// <summary>The text as bytes; what is not ASCII becomes 0, which no block may hold.</summary>
        internal static byte[] BytesOf(string text)
        {
            byte[] bytes = new byte[text.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                int value = text[i];
                bytes[i] = (byte)(value < 0x80 ? value : 0);
            }

            return bytes;
        }

        /// <summary>
        /// Whether bytes are text with blocks, and no DER. What stands before the first block may begin with a 0, which is the
        /// byte that DER begins with.
        /// </summary>
        internal static bool IsText(byte[] bytes)
        {
            if (bytes.Length == 0 || bytes[0] != DerTag.Sequence)
            {
                return true;
            }

            DerReader reader = new DerReader();
            reader.Reset(bytes, 0, bytes.Length);
            bool isOneElement = reader.ReadAny() && reader.IsAtEnd;
            return !isOneElement && new Pem(bytes).Find(Begin, 0) >= 0;
        }

        /// <summary>Goes to the next block; false when there is none.</summary>
        internal bool Next()
        {
            int begin = Find(Begin, _position);
            if (begin < 0)
            {
                return false;
            }

            _labelOffset = begin + Begin.Length;
            int end = Find(Dashes, _labelOffset);
            if (end < 0)
            {
                throw Bad();
            }

            _labelCount = end - _labelOffset;
            _position = end + Dashes.Length;
            return true;
        }

        /// <summary>Whether the block is of this kind, such as CERTIFICATE.</summary>
        internal bool Is(string label)
        {
            return label.Length == _labelCount && IsAt(label, _labelOffset);
        }

        /// <summary>Whether the block has headers that say it is encrypted (RFC 1421).</summary>
        internal bool IsEncrypted()
        {
            int end = Find(End, _position);
            // The comma is what the header's text has and Base64 has not.
            int found = Find(",ENCRYPTED", _position);
            return found >= 0 && found < end;
        }

        /// <summary>Decodes the block's Base64 into an array that fits.</summary>
        internal byte[] Decode()
        {
            int end = Find(End, _position);
            if (end < 0)
            {
                throw Bad();
            }

            int digits = 0;
            int padding = 0;
            for (int i = _position; i < end; i++)
            {
                if (_text[i] == '=')
                {
                    padding++;
                }
                else if (!IsSpace(_text[i]))
                {
                    digits++;
                    if (padding > 0 || Value(_text[i]) < 0)
                    {
                        throw Bad();
                    }
                }
            }

            if ((digits + padding) % 4 != 0 || padding > 2)
            {
                throw Bad();
            }

            byte[] result = new byte[(digits + padding) / 4 * 3 - padding];
            int at = 0;
            int bits = 0;
            int held = 0;
            for (int i = _position; i < end; i++)
            {
                int value = Value(_text[i]);
                if (value < 0)
                {
                    continue;
                }

                held = ((held << 6) | value) & 0xFFFF;
                bits += 6;
                if (bits >= 8)
                {
                    bits -= 8;
                    result[at++] = (byte)(held >> bits);
                }
            }

            _position = end;
            return result;
        }

        private int Find(string word, int from)
        {
            for (int i = from; i + word.Length <= _text.Length; i++)
            {
                if (IsAt(word, i))
                {
                    return i;
                }
            }

            return -1;
        }

        private bool IsAt(string word, int at)
        {
            for (int i = 0; i < word.Length; i++)
            {
                if (_text[at + i] != word[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsSpace(int value)
        {
            return value == ' ' || (value >= '\t' && value <= '\r');
        }

        private static int Value(int digit)
        {
            if (digit >= 'A' && digit <= 'Z') return digit - 'A';
            if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
            if (digit >= '0' && digit <= '9') return digit - '0' + 52;
            if (digit == '+') return 62;
            return digit == '/' ? 63 : -1;
        }

        private static ArgumentException Bad()
        {
            return new ArgumentException("The PEM text is broken: a block without its end, or with something else than Base64.");
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>An AES key (FIPS 197). A block is four words, the first byte in the highest bits of the first word.</summary>
    internal sealed class AesKey
    {
        private readonly AesTables _tables;
        private readonly int[] _roundKeys;

        internal AesKey(AesTables tables, byte[] key, int offset, int length)
        {
            _tables = tables;
            _roundKeys = new int[4 * ((length >> 2) + 7)];
            Set(key, offset);
        }

        /// <summary>Becomes another key of the same length.</summary>
        internal void Set(byte[] key, int offset)
        {
            int[] roundKeys = _roundKeys;
            int words = (roundKeys.Length >> 2) - 7;
            int[] box = _tables.Columns;
            int roundConstant = 1;
            for (int i = 0; i < roundKeys.Length; i++)
            {
                if (i < words)
                {
                    roundKeys[i] = BigEndian.Load32(key, offset + 4 * i);
                    continue;
                }

                int word = roundKeys[i - 1];
                int place = i % words;
                if (place == 0)
                {
                    word = Substitute(box, word << 8 | word >>> 24) ^ roundConstant << 24;
                    roundConstant = Double(roundConstant);
                }
                else if (words == 8 && place == 4)
                {
                    word = Substitute(box, word);
                }

                roundKeys[i] = roundKeys[i - words] ^ word;
            }
        }

        /// <summary>Encrypts a block in place.</summary>
        internal void Encrypt(int[] block)
        {
            int[] columns = _tables.Columns;
            int[] keys = _roundKeys;
            int a = block[0] ^ keys[0];
            int b = block[1] ^ keys[1];
            int c = block[2] ^ keys[2];
            int d = block[3] ^ keys[3];

            int last = keys.Length - 4;
            int k = 4;
            for (; k < last; k += 4)
            {
                // Each of the column's bytes, the last one first, is turned into its place by the steps that follow it.
                int e = columns[d & 255];
                e = (e >>> 8 | e << 24) ^ columns[c >>> 8 & 255];
                e = (e >>> 8 | e << 24) ^ columns[b >>> 16 & 255];
                e = (e >>> 8 | e << 24) ^ columns[a >>> 24] ^ keys[k];

                int f = columns[a & 255];
                f = (f >>> 8 | f << 24) ^ columns[d >>> 8 & 255];
                f = (f >>> 8 | f << 24) ^ columns[c >>> 16 & 255];
                f = (f >>> 8 | f << 24) ^ columns[b >>> 24] ^ keys[k + 1];

                int g = columns[b & 255];
                g = (g >>> 8 | g << 24) ^ columns[a >>> 8 & 255];
                g = (g >>> 8 | g << 24) ^ columns[d >>> 16 & 255];
                g = (g >>> 8 | g << 24) ^ columns[c >>> 24] ^ keys[k + 2];

                int h = columns[c & 255];
                h = (h >>> 8 | h << 24) ^ columns[b >>> 8 & 255];
                h = (h >>> 8 | h << 24) ^ columns[a >>> 16 & 255];
                d = (h >>> 8 | h << 24) ^ columns[d >>> 24] ^ keys[k + 3];

                a = e;
                b = f;
                c = g;
            }

            block[0] = LastRound(columns, a, b, c, d) ^ keys[k];
            block[1] = LastRound(columns, b, c, d, a) ^ keys[k + 1];
            block[2] = LastRound(columns, c, d, a, b) ^ keys[k + 2];
            block[3] = LastRound(columns, d, a, b, c) ^ keys[k + 3];
        }

        /// <summary>Decrypts a block in place: the steps of <see cref="Encrypt"/> undone one by one, with the same keys.</summary>
        internal void Decrypt(int[] block)
        {
            byte[] box = _tables.InverseBox;
            int[] keys = _roundKeys;
            int k = keys.Length - 4;
            int a = block[0] ^ keys[k];
            int b = block[1] ^ keys[k + 1];
            int c = block[2] ^ keys[k + 2];
            int d = block[3] ^ keys[k + 3];

            for (k -= 4; k > 0; k -= 4)
            {
                int e = UndoMixColumn(Pick(box, a, d, c, b) ^ keys[k]);
                int f = UndoMixColumn(Pick(box, b, a, d, c) ^ keys[k + 1]);
                int g = UndoMixColumn(Pick(box, c, b, a, d) ^ keys[k + 2]);
                d = UndoMixColumn(Pick(box, d, c, b, a) ^ keys[k + 3]);
                a = e;
                b = f;
                c = g;
            }

            block[0] = Pick(box, a, d, c, b) ^ keys[0];
            block[1] = Pick(box, b, a, d, c) ^ keys[1];
            block[2] = Pick(box, c, b, a, d) ^ keys[2];
            block[3] = Pick(box, d, c, b, a) ^ keys[3];
        }

        internal void Clear()
        {
            Array.Clear(_roundKeys, 0, _roundKeys.Length);
        }

        /// <summary>Twice a number of the field GF(2^8).</summary>
        internal static int Double(int value)
        {
            return value << 1 & 0xFF ^ (value >> 7) * 0x1B;
        }

        private static int Substitute(int[] columns, int word)
        {
            return LastRound(columns, word, word, word, word);
        }

        /// <summary>The S-box of the first byte of the first word, the second of the second, and so on.</summary>
        private static int LastRound(int[] columns, int first, int second, int third, int fourth)
        {
            return columns[first >>> 24] >>> 8 << 24
                | columns[second >>> 16 & 255] & 0xFF0000
                | columns[third >>> 8 & 255] & 0xFF00
                | columns[fourth & 255] >>> 8 & 0xFF;
        }

        /// <summary>The same by the inverse S-box.</summary>
        private static int Pick(byte[] box, int first, int second, int third, int fourth)
        {
            return box[first >>> 24] << 24 | box[second >>> 16 & 255] << 16 | box[third >>> 8 & 255] << 8 | box[fourth & 255];
        }

        private static int UndoMixColumn(int word)
        {
            int two = DoubleEach(word);
            int four = DoubleEach(two);
            int eight = DoubleEach(four);
            int nine = eight ^ word;
            int eleven = nine ^ two;
            int thirteen = nine ^ four;
            return eight ^ four ^ two
                ^ (eleven << 8 | eleven >>> 24)
                ^ (thirteen << 16 | thirteen >>> 16)
                ^ (nine << 24 | nine >>> 8);
        }

        /// <summary><see cref="Double"/> of the four bytes of a word.</summary>
        private static int DoubleEach(int word)
        {
            return (word & 0x7F7F7F7F) << 1 ^ (word >>> 7 & 0x01010101) * 0x1B;
        }
    }
}

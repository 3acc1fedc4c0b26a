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
            ulong[] box = _tables.Columns;
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
            // Two rounds a turn, and the rest of the first: how many there are but for the last is odd.
            ulong[] columns = _tables.Columns;
            int[] keys = _roundKeys;
            int a = block[0] ^ keys[0];
            int b = block[1] ^ keys[1];
            int c = block[2] ^ keys[2];
            int d = block[3] ^ keys[3];
            int k = 4;
            int last = keys.Length - 8;
            int e, f, g, h;
            while (true)
            {
                e = (int)(columns[a >>> 24] ^ columns[(byte)(b >> 16)] >> 8 ^ columns[(byte)(c >> 8)] >> 16 ^ columns[(byte)d] >> 24) ^ keys[k];
                f = (int)(columns[b >>> 24] ^ columns[(byte)(c >> 16)] >> 8 ^ columns[(byte)(d >> 8)] >> 16 ^ columns[(byte)a] >> 24) ^ keys[k + 1];
                g = (int)(columns[c >>> 24] ^ columns[(byte)(d >> 16)] >> 8 ^ columns[(byte)(a >> 8)] >> 16 ^ columns[(byte)b] >> 24) ^ keys[k + 2];
                h = (int)(columns[d >>> 24] ^ columns[(byte)(a >> 16)] >> 8 ^ columns[(byte)(b >> 8)] >> 16 ^ columns[(byte)c] >> 24) ^ keys[k + 3];
                if (k == last)
                {
                    break;
                }

                a = (int)(columns[e >>> 24] ^ columns[(byte)(f >> 16)] >> 8 ^ columns[(byte)(g >> 8)] >> 16 ^ columns[(byte)h] >> 24) ^ keys[k + 4];
                b = (int)(columns[f >>> 24] ^ columns[(byte)(g >> 16)] >> 8 ^ columns[(byte)(h >> 8)] >> 16 ^ columns[(byte)e] >> 24) ^ keys[k + 5];
                c = (int)(columns[g >>> 24] ^ columns[(byte)(h >> 16)] >> 8 ^ columns[(byte)(e >> 8)] >> 16 ^ columns[(byte)f] >> 24) ^ keys[k + 6];
                d = (int)(columns[h >>> 24] ^ columns[(byte)(e >> 16)] >> 8 ^ columns[(byte)(f >> 8)] >> 16 ^ columns[(byte)g] >> 24) ^ keys[k + 7];
                k += 8;
            }

            // The S-box alone.
            block[0] = ((byte)(columns[e >>> 24] >> 8) << 24 | (int)columns[(byte)(f >> 16)] & 0xFF0000
                | (int)columns[(byte)(g >> 8)] & 0xFF00 | (byte)(columns[(byte)h] >> 8)) ^ keys[k + 4];
            block[1] = ((byte)(columns[f >>> 24] >> 8) << 24 | (int)columns[(byte)(g >> 16)] & 0xFF0000
                | (int)columns[(byte)(h >> 8)] & 0xFF00 | (byte)(columns[(byte)e] >> 8)) ^ keys[k + 5];
            block[2] = ((byte)(columns[g >>> 24] >> 8) << 24 | (int)columns[(byte)(h >> 16)] & 0xFF0000
                | (int)columns[(byte)(e >> 8)] & 0xFF00 | (byte)(columns[(byte)f] >> 8)) ^ keys[k + 6];
            block[3] = ((byte)(columns[h >>> 24] >> 8) << 24 | (int)columns[(byte)(e >> 16)] & 0xFF0000
                | (int)columns[(byte)(f >> 8)] & 0xFF00 | (byte)(columns[(byte)g] >> 8)) ^ keys[k + 7];
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

        /// <summary>The S-box of each byte.</summary>
        private static int Substitute(ulong[] columns, int word)
        {
            return (byte)(columns[word >>> 24] >> 8) << 24 | (int)columns[(byte)(word >> 16)] & 0xFF0000
                | (int)columns[(byte)(word >> 8)] & 0xFF00 | (byte)(columns[(byte)word] >> 8);
        }

        /// <summary>The inverse S-box of the first byte of the first word, the second of the second, and so on.</summary>
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

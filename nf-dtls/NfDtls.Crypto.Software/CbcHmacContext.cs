using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>CBC with HMAC, in both orders, over a block cipher of the derived class's.</summary>
    internal abstract class CbcHmacContext : CbcContext
    {
        // A record's length field has 16 bits.
        private const int LongestRecord = 0xFFFF - 16;

        private readonly HmacState _hmac;
        private readonly bool _encryptThenMac;
        private readonly byte[] _expected;
        private readonly byte[] _found;
        private readonly byte[] _turned;

        /// <param name="hmac">The MAC with its key, from now on the context's.</param>
        /// <param name="encryptThenMac">Whether the MAC covers the ciphertext.</param>
        internal CbcHmacContext(HmacState hmac, bool encryptThenMac)
        {
            _hmac = hmac;
            _encryptThenMac = encryptThenMac;
            _expected = new byte[hmac.Size];
            _found = new byte[hmac.Size];
            _turned = new byte[hmac.Size];
        }

        public override int MaxOverhead
        {
            get { return 16 + _hmac.Size; }
        }

        public override int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            if (count < 0 || count > LongestRecord - MaxOverhead)
            {
                throw new ArgumentOutOfRangeException("count");
            }

            if (_encryptThenMac)
            {
                count = Pad(data, offset, count);
                Encrypt(iv, ivOffset, data, offset, count);
                ComputeMac(header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
                Array.Copy(_expected, 0, data, offset + count, _expected.Length);
                return count + _expected.Length;
            }

            WriteLength(header, headerOffset + headerCount, count);
            _hmac.Start();
            _hmac.Update(header, headerOffset, headerCount);
            _hmac.Update(data, offset, count);
            _hmac.Finish(data, offset + count);
            count = Pad(data, offset, count + _hmac.Size);
            Encrypt(iv, ivOffset, data, offset, count);
            return count;
        }

        public override int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            int macLength = _hmac.Size;
            int body = _encryptThenMac ? count - macLength : count;
            int least = _encryptThenMac ? 16 : macLength + 1;
            if (body < least || (body & 15) != 0 || body > LongestRecord)
            {
                return -1;
            }

            int length = _encryptThenMac
                ? OpenEncryptThenMac(header, headerOffset, headerCount, iv, ivOffset, data, offset, body)
                : OpenMacThenEncrypt(header, headerOffset, headerCount, iv, ivOffset, data, offset, body);
            if (length < 0)
            {
                Array.Clear(data, offset, count);
            }

            Wipe();
            return length;
        }

        public override void Clear()
        {
            _hmac.Clear();
            Wipe();
        }

        /// <summary>Encrypts whole blocks in place.</summary>
        protected abstract void Encrypt(byte[] iv, int ivOffset, byte[] data, int offset, int count);

        /// <summary>Decrypts whole blocks in place.</summary>
        protected abstract void Decrypt(byte[] iv, int ivOffset, byte[] data, int offset, int count);

        private int OpenEncryptThenMac(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            ComputeMac(header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
            if (ConstantTime.AreEqual(_expected, 0, data, offset + count, _expected.Length) == 0)
            {
                return -1;
            }

            Decrypt(iv, ivOffset, data, offset, count);
            int padding = PaddingLength(data, offset, count, 0);
            return count - padding | ConstantTime.IsZero(padding);
        }

        /// <summary>
        /// Padding and MAC are checked without a branch, an index or an amount of hashing that depends on the plaintext
        /// (the Lucky Thirteen attack measures those); a record with bad padding is treated as one with none.
        /// </summary>
        private int OpenMacThenEncrypt(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            int macLength = _hmac.Size;
            Decrypt(iv, ivOffset, data, offset, count);
            int padding = PaddingLength(data, offset, count, macLength);
            int maximum = count - macLength;
            int minimum = maximum < 256 ? 0 : maximum - 256;
            int length = maximum - padding;
            WriteLength(header, headerOffset + headerCount, length);
            _hmac.ComputeHidden(header, headerOffset, headerCount, data, offset, minimum, maximum, length, _expected);
            FindMac(data, offset + minimum, maximum - minimum, length - minimum);
            int genuine = ConstantTime.AreEqual(_expected, 0, _found, 0, macLength) & ~ConstantTime.IsZero(padding);
            return length | ~genuine;
        }

        /// <summary>Appends the padding and returns the length with it.</summary>
        private static int Pad(byte[] data, int offset, int count)
        {
            int padding = 15 - (count & 15);
            for (int i = 0; i <= padding; i++)
            {
                data[offset + count + i] = (byte)padding;
            }

            return count + padding + 1;
        }

        /// <summary>
        /// Bytes of padding with the byte that gives its length, or 0 if it is wrong, in a time that does not tell.
        /// </summary>
        /// <param name="data">Holds the plaintext with the padding.</param>
        /// <param name="offset">Where the plaintext begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="reserved">Bytes at the beginning that cannot be padding; less than all.</param>
        internal static int PaddingLength(byte[] data, int offset, int count, int reserved)
        {
            int last = offset + count - 1;
            int padding = data[last];
            int possible = count - reserved;
            int wrong = ConstantTime.IsLess(possible - 1, padding);
            int checkedBytes = possible < 256 ? possible : 256;
            for (int i = 1; i < checkedBytes; i++)
            {
                wrong |= (data[last - i] ^ padding) & ConstantTime.IsLess(i, padding + 1);
            }

            return padding + 1 & ConstantTime.IsZero(wrong);
        }

        /// <summary>Copies the MAC that begins at a secret place, at most <paramref name="range"/> bytes from offset.</summary>
        private void FindMac(byte[] data, int offset, int range, int start)
        {
            byte[] found = _found;
            byte[] turned = _turned;
            int macLength = found.Length;
            Array.Clear(found, 0, macLength);

            // Every byte where the MAC could be is read; what is not the MAC counts as 0. The MAC arrives turned round.
            int place = 0;
            int turn = 0;
            for (int i = 0; i < range + macLength; i++)
            {
                int isMac = ~ConstantTime.IsLess(i, start) & ConstantTime.IsLess(i, start + macLength);
                found[place] |= (byte)(data[offset + i] & isMac);
                turn |= place & ConstantTime.IsZero(i - start);
                place++;
                if (place == macLength)
                {
                    place = 0;
                }
            }

            for (int step = 1; step < macLength; step <<= 1)
            {
                int take = ~ConstantTime.IsZero(turn & step);
                Array.Copy(found, turned, macLength);
                for (int i = 0; i < macLength; i++)
                {
                    int from = i + step;
                    if (from >= macLength)
                    {
                        from -= macLength;
                    }

                    found[i] ^= (byte)((turned[i] ^ turned[from]) & take);
                }
            }
        }

        private void ComputeMac(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            WriteLength(header, headerOffset + headerCount, 16 + count);
            _hmac.Start();
            _hmac.Update(header, headerOffset, headerCount);
            _hmac.Update(iv, ivOffset, 16);
            _hmac.Update(data, offset, count);
            _hmac.Finish(_expected, 0);
        }

        private static void WriteLength(byte[] header, int end, int length)
        {
            header[end - 2] = (byte)(length >> 8);
            header[end - 1] = (byte)length;
        }

        private void Wipe()
        {
            Array.Clear(_expected, 0, _expected.Length);
            Array.Clear(_found, 0, _found.Length);
            Array.Clear(_turned, 0, _turned.Length);
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>AES in CCM (RFC 3610, SP 800-38C; for TLS RFC 6655).</summary>
    internal sealed class CcmContext : AeadContext
    {
        private readonly AesKey _key;
        private readonly int _tagLength;
        private readonly int _nonceLength;
        private readonly CcmScratch _scratch;

        /// <param name="key">The key, from now on the context's.</param>
        /// <param name="scratch">Shared by contexts that are used one after the other.</param>
        /// <param name="tagLength">Bytes of tag.</param>
        /// <param name="nonceLength">Bytes of nonce: 12 for TLS; what is left of 15 holds lengths.</param>
        internal CcmContext(AesKey key, CcmScratch scratch, int tagLength, int nonceLength)
        {
            _key = key;
            _scratch = scratch;
            _tagLength = tagLength;
            _nonceLength = nonceLength;
        }

        public override int TagLength
        {
            get { return _tagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (!IsPossible(aadCount, count))
            {
                throw new ArgumentOutOfRangeException("count");
            }

            Start(nonce, nonceOffset, aad, aadOffset, aadCount, count);
            Crypt(data, offset, count, true);
            FinishTag();
            for (int i = 0; 4 * i < _tagLength; i++)
            {
                BigEndian.Store32(_scratch.Bytes, 4 * i, _scratch.Mac[i]);
            }

            Array.Copy(_scratch.Bytes, 0, data, offset + count, _tagLength);
            Wipe();
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (!IsPossible(aadCount, count))
            {
                return false;
            }

            Start(nonce, nonceOffset, aad, aadOffset, aadCount, count);
            Crypt(data, offset, count, false);
            FinishTag();
            bool genuine = IsTag(data, offset + count);
            if (!genuine)
            {
                Array.Clear(data, offset, count);
            }

            Wipe();
            return genuine;
        }

        public override void Clear()
        {
            _key.Clear();
            Wipe();
        }

        private bool IsPossible(int aadCount, int count)
        {
            int lengthBits = 8 * (15 - _nonceLength);
            return (uint)aadCount < 0xFF00 && count >= 0 && (lengthBits > 30 || count >> lengthBits == 0);
        }

        /// <summary>Takes in the first block and the additional data, and makes the first counter block.</summary>
        private void Start(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, int count)
        {
            byte[] bytes = _scratch.Bytes;
            int[] counter = _scratch.Counter;
            int[] mac = _scratch.Mac;
            Array.Clear(bytes, 0, 16);
            bytes[0] = (byte)(14 - _nonceLength);
            Array.Copy(nonce, nonceOffset, bytes, 1, _nonceLength);
            Array.Clear(counter, 0, 4);
            AddBytes(counter);
            Array.Copy(counter, mac, 4);
            mac[0] |= ((aadCount > 0 ? 0x40 : 0) | (_tagLength - 2) / 2 << 3) << 24;
            mac[3] |= count;
            _key.Encrypt(mac);
            if (aadCount > 0)
            {
                bytes[0] = (byte)(aadCount >> 8);
                bytes[1] = (byte)aadCount;
                int inFirst = aadCount < 14 ? aadCount : 14;
                Array.Copy(aad, aadOffset, bytes, 2, inFirst);
                MacBytes(2 + inFirst);
                for (int i = inFirst; i < aadCount; i += 16)
                {
                    int n = aadCount - i < 16 ? aadCount - i : 16;
                    Array.Copy(aad, aadOffset + i, bytes, 0, n);
                    MacBytes(n);
                }
            }
        }

        /// <summary>Adds <see cref="CcmScratch.Bytes"/> to the MAC, with zeros behind the first <paramref name="count"/>.</summary>
        private void MacBytes(int count)
        {
            int[] mac = _scratch.Mac;
            Array.Clear(_scratch.Bytes, count, 16 - count);
            AddBytes(mac);
            _key.Encrypt(mac);
        }

        private void AddBytes(int[] block)
        {
            byte[] bytes = _scratch.Bytes;
            block[0] ^= bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
            block[1] ^= bytes[4] << 24 | bytes[5] << 16 | bytes[6] << 8 | bytes[7];
            block[2] ^= bytes[8] << 24 | bytes[9] << 16 | bytes[10] << 8 | bytes[11];
            block[3] ^= bytes[12] << 24 | bytes[13] << 16 | bytes[14] << 8 | bytes[15];
        }

        /// <summary>Encrypts or decrypts in place; the MAC takes in the plaintext.</summary>
        private void Crypt(byte[] data, int offset, int count, bool sealing)
        {
            AesKey key = _key;
            int[] mac = _scratch.Mac;
            int[] keyStream = _scratch.KeyStream;
            int[] counter = _scratch.Counter;
            int end = offset + (count & ~15);
            for (; offset < end; offset += 16)
            {
                counter[3]++;
                Array.Copy(counter, keyStream, 4);
                key.Encrypt(keyStream);

                int word = data[offset] << 24 | data[offset + 1] << 16 | data[offset + 2] << 8 | data[offset + 3];
                int other = word ^ keyStream[0];
                mac[0] ^= sealing ? word : other;
                data[offset] = (byte)(other >> 24);
                data[offset + 1] = (byte)(other >> 16);
                data[offset + 2] = (byte)(other >> 8);
                data[offset + 3] = (byte)other;

                word = data[offset + 4] << 24 | data[offset + 5] << 16 | data[offset + 6] << 8 | data[offset + 7];
                other = word ^ keyStream[1];
                mac[1] ^= sealing ? word : other;
                data[offset + 4] = (byte)(other >> 24);
                data[offset + 5] = (byte)(other >> 16);
                data[offset + 6] = (byte)(other >> 8);
                data[offset + 7] = (byte)other;

                word = data[offset + 8] << 24 | data[offset + 9] << 16 | data[offset + 10] << 8 | data[offset + 11];
                other = word ^ keyStream[2];
                mac[2] ^= sealing ? word : other;
                data[offset + 8] = (byte)(other >> 24);
                data[offset + 9] = (byte)(other >> 16);
                data[offset + 10] = (byte)(other >> 8);
                data[offset + 11] = (byte)other;

                word = data[offset + 12] << 24 | data[offset + 13] << 16 | data[offset + 14] << 8 | data[offset + 15];
                other = word ^ keyStream[3];
                mac[3] ^= sealing ? word : other;
                data[offset + 12] = (byte)(other >> 24);
                data[offset + 13] = (byte)(other >> 16);
                data[offset + 14] = (byte)(other >> 8);
                data[offset + 15] = (byte)other;

                key.Encrypt(mac);
            }

            int rest = count & 15;
            if (rest > 0)
            {
                counter[3]++;
                Array.Copy(counter, keyStream, 4);
                key.Encrypt(keyStream);
                if (sealing)
                {
                    Array.Copy(data, offset, _scratch.Bytes, 0, rest);
                }

                for (int i = 0; i < rest; i++)
                {
                    data[offset + i] ^= (byte)(keyStream[i >> 2] >> 24 - 8 * (i & 3));
                }

                if (!sealing)
                {
                    Array.Copy(data, offset, _scratch.Bytes, 0, rest);
                }

                MacBytes(rest);
            }
        }

        /// <summary>Turns the MAC into the tag.</summary>
        private void FinishTag()
        {
            int[] counter = _scratch.Counter;
            int[] mac = _scratch.Mac;
            int lengthBits = 8 * (15 - _nonceLength);
            counter[3] = lengthBits > 31 ? 0 : counter[3] >>> lengthBits << lengthBits;
            _key.Encrypt(counter);
            mac[0] ^= counter[0];
            mac[1] ^= counter[1];
            mac[2] ^= counter[2];
            mac[3] ^= counter[3];
        }

        /// <summary>Whether the tag is the one that stands there; the time tells nothing of either.</summary>
        private bool IsTag(byte[] data, int offset)
        {
            int[] tag = _scratch.Mac;
            int difference = 0;
            int whole = _tagLength >> 2;
            for (int i = 0; i < whole; i++)
            {
                difference |= tag[i] ^ BigEndian.Load32(data, offset);
                offset += 4;
            }

            if (_tagLength != 4 * whole)
            {
                // A tag's length is even.
                difference |= tag[whole] >>> 16 ^ (data[offset] << 8 | data[offset + 1]);
            }

            return ConstantTime.IsZero(difference) != 0;
        }

        private void Wipe()
        {
            Array.Clear(_scratch.Mac, 0, 4);
            Array.Clear(_scratch.Counter, 0, 4);
            Array.Clear(_scratch.KeyStream, 0, 4);
            Array.Clear(_scratch.Bytes, 0, 16);
        }
    }
}

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
            bool genuine = ConstantTime.AreEqual(_scratch.Bytes, 0, data, offset + count, _tagLength) != 0;
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
            Array.Clear(_scratch.Counter, 0, 4);
            Wipe();
        }

        private bool IsPossible(int aadCount, int count)
        {
            int lengthBits = 8 * (15 - _nonceLength);
            return count >= 0 && aadCount >= 0 && aadCount < 0xFF00 && (lengthBits > 30 || count >> lengthBits == 0);
        }

        /// <summary>Takes in the first block and the additional data, and makes the first counter block.</summary>
        private void Start(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, int count)
        {
            byte[] bytes = _scratch.Bytes;
            int lengthSize = 15 - _nonceLength;
            Array.Clear(bytes, 0, 16);
            bytes[0] = (byte)(lengthSize - 1);
            Array.Copy(nonce, nonceOffset, bytes, 1, _nonceLength);
            LoadBlock(_scratch.Counter);

            LoadBlock(_scratch.Mac);
            _scratch.Mac[0] |= ((aadCount > 0 ? 0x40 : 0) | (_tagLength - 2) / 2 << 3) << 24;
            _scratch.Mac[3] |= count;
            _key.Encrypt(_scratch.Mac);
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
            Array.Clear(_scratch.Bytes, count, 16 - count);
            for (int i = 0; i < 4; i++)
            {
                _scratch.Mac[i] ^= BigEndian.Load32(_scratch.Bytes, 4 * i);
            }

            _key.Encrypt(_scratch.Mac);
        }

        /// <summary>Encrypts or decrypts in place; the MAC takes in the plaintext.</summary>
        private void Crypt(byte[] data, int offset, int count, bool sealing)
        {
            int[] mac = _scratch.Mac;
            int[] keyStream = _scratch.KeyStream;
            int end = offset + (count & ~15);
            for (; offset < end; offset += 16)
            {
                NextKeyStream();
                for (int i = 0; i < 4; i++)
                {
                    int before = BigEndian.Load32(data, offset + 4 * i);
                    int after = before ^ keyStream[i];
                    mac[i] ^= sealing ? before : after;
                    BigEndian.Store32(data, offset + 4 * i, after);
                }

                _key.Encrypt(mac);
            }

            int rest = count & 15;
            if (rest > 0)
            {
                NextKeyStream();
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

        private void NextKeyStream()
        {
            _scratch.Counter[3]++;
            Array.Copy(_scratch.Counter, _scratch.KeyStream, 4);
            _key.Encrypt(_scratch.KeyStream);
        }

        /// <summary>Leaves the tag in <see cref="CcmScratch.Bytes"/>.</summary>
        private void FinishTag()
        {
            int lengthBits = 8 * (15 - _nonceLength);
            _scratch.Counter[3] = lengthBits > 31 ? 0 : _scratch.Counter[3] >>> lengthBits << lengthBits;
            Array.Copy(_scratch.Counter, _scratch.KeyStream, 4);
            _key.Encrypt(_scratch.KeyStream);
            for (int i = 0; i < 4; i++)
            {
                BigEndian.Store32(_scratch.Bytes, 4 * i, _scratch.Mac[i] ^ _scratch.KeyStream[i]);
            }
        }

        private void LoadBlock(int[] block)
        {
            for (int i = 0; i < 4; i++)
            {
                block[i] = BigEndian.Load32(_scratch.Bytes, 4 * i);
            }
        }

        private void Wipe()
        {
            Array.Clear(_scratch.Mac, 0, 4);
            Array.Clear(_scratch.KeyStream, 0, 4);
            Array.Clear(_scratch.Bytes, 0, 16);
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>AES in GCM (SP 800-38D; for TLS RFC 5288) with a nonce of 12 bytes and a tag of 16.</summary>
    internal sealed class GcmContext : AeadContext
    {
        private readonly AesKey _key;
        private readonly Ghash _ghash;
        private readonly int[] _counter = new int[4];
        private readonly int[] _keyStream = new int[4];
        private readonly byte[] _bytes = new byte[16];

        /// <param name="key">The key, from now on the context's.</param>
        internal GcmContext(AesKey key)
        {
            _key = key;
            int[] hashKey = _keyStream;
            key.Encrypt(hashKey);
            _ghash = new Ghash((ulong)(uint)hashKey[0] << 32 | (uint)hashKey[1], (ulong)(uint)hashKey[2] << 32 | (uint)hashKey[3]);
            Wipe();
        }

        public override int TagLength
        {
            get { return 16; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            Start(nonce, nonceOffset);
            Crypt(data, offset, count);
            MakeTag(aad, aadOffset, aadCount, data, offset, count);
            Array.Copy(_bytes, 0, data, offset + count, 16);
            Wipe();
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (count < 0)
            {
                return false;
            }

            Start(nonce, nonceOffset);
            MakeTag(aad, aadOffset, aadCount, data, offset, count);
            bool genuine = ConstantTime.AreEqual(_bytes, 0, data, offset + count, 16) != 0;
            if (genuine)
            {
                Crypt(data, offset, count);
            }

            Wipe();
            return genuine;
        }

        public override void Clear()
        {
            _key.Clear();
            _ghash.Clear();
            Array.Clear(_counter, 0, 4);
            Wipe();
        }

        private void Start(byte[] nonce, int nonceOffset)
        {
            _counter[0] = BigEndian.Load32(nonce, nonceOffset);
            _counter[1] = BigEndian.Load32(nonce, nonceOffset + 4);
            _counter[2] = BigEndian.Load32(nonce, nonceOffset + 8);
            _counter[3] = 1;
        }

        private void Crypt(byte[] data, int offset, int count)
        {
            int[] keyStream = _keyStream;
            int end = offset + (count & ~15);
            for (; offset < end; offset += 16)
            {
                NextKeyStream();
                for (int i = 0; i < 4; i++)
                {
                    int place = offset + 4 * i;
                    BigEndian.Store32(data, place, BigEndian.Load32(data, place) ^ keyStream[i]);
                }
            }

            int rest = count & 15;
            if (rest > 0)
            {
                NextKeyStream();
                for (int i = 0; i < rest; i++)
                {
                    data[offset + i] ^= (byte)(keyStream[i >> 2] >> 24 - 8 * (i & 3));
                }
            }
        }

        private void NextKeyStream()
        {
            _counter[3]++;
            Array.Copy(_counter, _keyStream, 4);
            _key.Encrypt(_keyStream);
        }

        /// <summary>Leaves the tag over additional data and ciphertext in <see cref="_bytes"/>.</summary>
        private void MakeTag(byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _ghash.Start();
            _ghash.Add(aad, aadOffset, aadCount, _bytes);
            _ghash.Add(data, offset, count, _bytes);
            _ghash.Add((ulong)aadCount << 3, (ulong)count << 3);
            _ghash.Finish(_bytes, 0);

            _counter[3] = 0;
            NextKeyStream();
            for (int i = 0; i < 4; i++)
            {
                BigEndian.Store32(_bytes, 4 * i, BigEndian.Load32(_bytes, 4 * i) ^ _keyStream[i]);
            }
        }

        private void Wipe()
        {
            Array.Clear(_keyStream, 0, 4);
            Array.Clear(_bytes, 0, 16);
            _ghash.Start();
        }
    }
}

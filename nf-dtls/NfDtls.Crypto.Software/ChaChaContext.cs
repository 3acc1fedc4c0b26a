using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>ChaCha20-Poly1305 (RFC 8439; for TLS RFC 7905).</summary>
    internal sealed class ChaChaContext : AeadContext
    {
        private readonly Poly1305 _poly = new Poly1305();
        private readonly uint[] _input = new uint[16];
        private readonly uint[] _work = new uint[16];
        private readonly byte[] _bytes = new byte[64];

        internal ChaChaContext(byte[] key, int offset)
        {
            // "expand 32-byte k"
            _input[0] = 0x61707865;
            _input[1] = 0x3320646E;
            _input[2] = 0x79622D32;
            _input[3] = 0x6B206574;
            for (int i = 0; i < 8; i++)
            {
                _input[4 + i] = LittleEndian.Load32(key, offset + 4 * i);
            }
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
            Array.Clear(_input, 0, 16);
            Wipe();
        }

        /// <summary>Makes the one-time key of the MAC from block 0; the data begin with block 1.</summary>
        private void Start(byte[] nonce, int nonceOffset)
        {
            _input[12] = 0;
            for (int i = 0; i < 3; i++)
            {
                _input[13 + i] = LittleEndian.Load32(nonce, nonceOffset + 4 * i);
            }

            NextKeyStream();
            for (int i = 0; i < 8; i++)
            {
                LittleEndian.Store32(_bytes, 4 * i, _work[i]);
            }

            _poly.Start(_bytes, 0);
        }

        private void Crypt(byte[] data, int offset, int count)
        {
            uint[] work = _work;
            while (count > 0)
            {
                NextKeyStream();
                int n = count < 64 ? count : 64;
                int i = 0;
                for (; i + 4 <= n; i += 4)
                {
                    LittleEndian.Store32(data, offset + i, LittleEndian.Load32(data, offset + i) ^ work[i >> 2]);
                }

                for (; i < n; i++)
                {
                    data[offset + i] ^= (byte)(work[i >> 2] >> 8 * (i & 3));
                }

                offset += n;
                count -= n;
            }
        }

        /// <summary>Leaves the next 64 bytes in <see cref="_work"/> and counts on.</summary>
        private void NextKeyStream()
        {
            uint[] work = _work;
            uint[] input = _input;
            Array.Copy(input, work, 16);
            for (int i = 0; i < 10; i++)
            {
                QuarterRound(work, 0, 4, 8, 12);
                QuarterRound(work, 1, 5, 9, 13);
                QuarterRound(work, 2, 6, 10, 14);
                QuarterRound(work, 3, 7, 11, 15);
                QuarterRound(work, 0, 5, 10, 15);
                QuarterRound(work, 1, 6, 11, 12);
                QuarterRound(work, 2, 7, 8, 13);
                QuarterRound(work, 3, 4, 9, 14);
            }

            for (int i = 0; i < 16; i++)
            {
                work[i] += input[i];
            }

            input[12]++;
        }

        private static void QuarterRound(uint[] state, int first, int second, int third, int fourth)
        {
            uint a = state[first];
            uint b = state[second];
            uint c = state[third];
            uint d = state[fourth];
            a += b;
            d ^= a;
            d = d << 16 | d >> 16;
            c += d;
            b ^= c;
            b = b << 12 | b >> 20;
            a += b;
            d ^= a;
            d = d << 8 | d >> 24;
            c += d;
            b ^= c;
            b = b << 7 | b >> 25;
            state[first] = a;
            state[second] = b;
            state[third] = c;
            state[fourth] = d;
        }

        /// <summary>Leaves the tag at the beginning of <see cref="_bytes"/>.</summary>
        private void MakeTag(byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            AddPadded(aad, aadOffset, aadCount);
            AddPadded(data, offset, count);
            Array.Clear(_bytes, 0, 16);
            LittleEndian.Store32(_bytes, 0, (uint)aadCount);
            LittleEndian.Store32(_bytes, 8, (uint)count);
            _poly.Add(_bytes, 0);
            _poly.Finish(_bytes, 0);
        }

        private void AddPadded(byte[] data, int offset, int count)
        {
            for (; count >= 16; count -= 16)
            {
                _poly.Add(data, offset);
                offset += 16;
            }

            if (count > 0)
            {
                Array.Clear(_bytes, 0, 16);
                Array.Copy(data, offset, _bytes, 0, count);
                _poly.Add(_bytes, 0);
            }
        }

        private void Wipe()
        {
            Array.Clear(_work, 0, 16);
            Array.Clear(_bytes, 0, 64);
            _poly.Clear();
        }
    }
}

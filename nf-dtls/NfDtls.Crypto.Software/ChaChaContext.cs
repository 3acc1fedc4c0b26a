using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>ChaCha20-Poly1305 (RFC 8439; for TLS RFC 7905).</summary>
    internal sealed class ChaChaContext : AeadContext
    {
        private readonly Poly1305 _poly = new Poly1305();
        private readonly ChaCha20 _cipher;
        private readonly byte[] _bytes = new byte[64];

        internal ChaChaContext(byte[] key, int offset)
        {
            _cipher = new ChaCha20(key, offset);
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
            _cipher.Clear();
            Wipe();
        }

        /// <summary>Makes the one-time key of the MAC from block 0; the data begin with block 1.</summary>
        private void Start(byte[] nonce, int nonceOffset)
        {
            _cipher.Start(0, nonce, nonceOffset);
            _cipher.Next();
            _cipher.Store(_bytes, 0, 32);
            _poly.Start(_bytes, 0);
        }

        private void Crypt(byte[] data, int offset, int count)
        {
            uint[] work = _cipher.Work;
            while (count > 0)
            {
                _cipher.Next();
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
            Array.Clear(_cipher.Work, 0, 16);
            Array.Clear(_bytes, 0, 64);
            _poly.Clear();
        }
    }
}

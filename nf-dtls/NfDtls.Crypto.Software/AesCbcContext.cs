using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>AES-CBC with HMAC.</summary>
    internal sealed class AesCbcContext : CbcHmacContext
    {
        private readonly AesKey _key;
        private readonly int[] _chain = new int[4];
        private readonly int[] _block = new int[4];
        private readonly int[] _cipherBlock = new int[4];

        /// <param name="key">The cipher's key, from now on the context's.</param>
        /// <param name="hmac">The MAC with its key, from now on the context's.</param>
        /// <param name="encryptThenMac">Whether the MAC covers the ciphertext.</param>
        internal AesCbcContext(AesKey key, HmacState hmac, bool encryptThenMac)
            : base(hmac, encryptThenMac)
        {
            _key = key;
        }

        public override void Clear()
        {
            _key.Clear();
            Array.Clear(_chain, 0, 4);
            Array.Clear(_cipherBlock, 0, 4);
            base.Clear();
        }

        protected override void Encrypt(byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            int[] chain = _chain;
            Load(chain, iv, ivOffset);
            for (int end = offset + count; offset < end; offset += 16)
            {
                for (int i = 0; i < 4; i++)
                {
                    chain[i] ^= BigEndian.Load32(data, offset + 4 * i);
                }

                _key.Encrypt(chain);
                for (int i = 0; i < 4; i++)
                {
                    BigEndian.Store32(data, offset + 4 * i, chain[i]);
                }
            }
        }

        protected override void Decrypt(byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            int[] chain = _chain;
            int[] block = _block;
            int[] cipherBlock = _cipherBlock;
            Load(chain, iv, ivOffset);
            for (int end = offset + count; offset < end; offset += 16)
            {
                Load(cipherBlock, data, offset);
                Array.Copy(cipherBlock, block, 4);
                _key.Decrypt(block);
                for (int i = 0; i < 4; i++)
                {
                    BigEndian.Store32(data, offset + 4 * i, block[i] ^ chain[i]);
                    chain[i] = cipherBlock[i];
                }
            }

            Array.Clear(block, 0, 4);
        }

        private static void Load(int[] block, byte[] from, int offset)
        {
            for (int i = 0; i < 4; i++)
            {
                block[i] = BigEndian.Load32(from, offset + 4 * i);
            }
        }
    }
}

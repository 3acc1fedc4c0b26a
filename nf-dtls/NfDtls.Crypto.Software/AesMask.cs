using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Masks by AES: the block of the sample.</summary>
    internal sealed class AesMask : MaskContext
    {
        private readonly AesKey _key;

        // Shared with the contexts of CCM, which are used before or after.
        private readonly int[] _block;

        internal AesMask(AesKey key, CcmScratch scratch)
        {
            _key = key;
            _block = scratch.KeyStream;
        }

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            for (int i = 0; i < 4; i++)
            {
                _block[i] = BigEndian.Load32(sample, offset + 4 * i);
            }

            _key.Encrypt(_block);
            for (int i = 0; i < 4; i++)
            {
                BigEndian.Store32(mask, maskOffset + 4 * i, _block[i]);
            }

            Array.Clear(_block, 0, 4);
        }

        public override void Clear()
        {
            _key.Clear();
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Masks by AES: the block of the sample. Each direction of each session has one, and uses it once a record, so it keeps the key alone: the round
    /// keys, 200 bytes more, are made when another mask was made before (a third of what a block costs), in a place that all share.
    /// </summary>
    internal sealed class AesMask : MaskContext
    {
        private readonly byte[] _key;
        private readonly MaskKeys _keys;

        internal AesMask(MaskKeys keys, byte[] key, int offset, int length)
        {
            _keys = keys;
            _key = new byte[length];
            Array.Copy(key, offset, _key, 0, length);
        }

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            // Shared with the contexts of CCM, which are used before or after.
            int[] block = _keys.Scratch.KeyStream;
            for (int i = 0; i < 4; i++)
            {
                block[i] = BigEndian.Load32(sample, offset + 4 * i);
            }

            _keys.Of(this, _key).Encrypt(block);
            for (int i = 0; i < 4; i++)
            {
                BigEndian.Store32(mask, maskOffset + 4 * i, block[i]);
            }

            Array.Clear(block, 0, 4);
        }

        public override void Clear()
        {
            Array.Clear(_key, 0, _key.Length);
            _keys.Forget(this);
        }
    }
}

using System;

namespace NfDtls.Crypto.Stock
{
    /// <summary>Masks by the firmware's AES-128: the block of the sample. Each costs an array of a block.</summary>
    internal sealed class StockMask : MaskContext
    {
        private readonly byte[] _key;

        // All contexts' of a provider, with the key of the moment.
        private readonly StockAes _aes;
        private readonly byte[] _sample = new byte[SampleLength];

        internal StockMask(byte[] key, StockAes aes)
        {
            _key = key;
            _aes = aes;
        }

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            _aes.SetKey(_key);
            Array.Copy(sample, offset, _sample, 0, SampleLength);
            Array.Copy(_aes.Encrypt(_sample), 0, mask, maskOffset, SampleLength);
        }

        public override void Clear()
        {
            Array.Clear(_key, 0, _key.Length);
        }
    }
}

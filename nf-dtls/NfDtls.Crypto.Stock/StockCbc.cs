using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// AES-128-CBC by one call of the firmware's AES a record. The MAC stays managed code, whose time does not depend on the
    /// padding: the firmware's HMAC would tell (Lucky Thirteen).
    /// </summary>
    internal sealed class StockCbc : CbcHmacContext
    {
        private readonly byte[] _key;
        private readonly StockAes _aes;
        private readonly byte[] _iv = new byte[16];
        private byte[] _blocks = new byte[0];

        internal StockCbc(byte[] key, HmacState hmac, bool encryptThenMac)
            : base(hmac, encryptThenMac)
        {
            _key = key;
            _aes = new StockAes(key);
        }

        public override void Clear()
        {
            Array.Clear(_key, 0, _key.Length);
            base.Clear();
        }

        protected override void Encrypt(byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            Take(iv, ivOffset, data, offset, count);
            Give(_aes.EncryptChain(_iv, _blocks), data, offset);
        }

        protected override void Decrypt(byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            Take(iv, ivOffset, data, offset, count);
            Give(_aes.DecryptChain(_iv, _blocks), data, offset);
        }

        private void Take(byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            if (_blocks.Length != count)
            {
                // The firmware wants an array of the very size.
                _blocks = new byte[count];
            }

            Array.Copy(iv, ivOffset, _iv, 0, 16);
            Array.Copy(data, offset, _blocks, 0, count);
        }

        private void Give(byte[] blocks, byte[] data, int offset)
        {
            Array.Copy(blocks, 0, data, offset, blocks.Length);
            Array.Clear(blocks, 0, blocks.Length);
            Array.Clear(_blocks, 0, _blocks.Length);
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Encrypts by RSAES-PKCS1-v1_5.</summary>
    internal sealed class RsaEncrypt : RsaOperation
    {
        private const int Draw = 32;
        private const int MaxDraws = 256;

        private readonly CryptoProvider _crypto;
        private readonly byte[] _block;
        private readonly byte[] _cipher;
        private readonly int _cipherOffset;
        private readonly PublicPower _power;
        private readonly byte[] _random = new byte[Draw];
        private readonly int _paddingEnd;
        private int _padded = 2;
        private int _draws;

        /// <summary>Takes a usable key, and data that leaves room for the padding.</summary>
        internal RsaEncrypt(CryptoProvider crypto, PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
        {
            _crypto = crypto;
            _cipher = cipher;
            _cipherOffset = cipherOffset;
            _block = new byte[key.Count];
            _block[1] = 2;
            _paddingEnd = _block.Length - count - 1;
            Array.Copy(data, offset, _block, _block.Length - count, count);
            _power = new PublicPower(key, _block);
        }

        internal override int Multiplications
        {
            get { return _power.Multiplications; }
        }

        protected override int Work()
        {
            if (_padded < _paddingEnd)
            {
                Pad();
                return HashCost;
            }

            if (!_power.IsDone)
            {
                return _power.Work();
            }

            Array.Copy(_block, 0, _cipher, _cipherOffset, _block.Length);
            End(DtlsError.None);
            return 1;
        }

        protected override void Clear()
        {
            _power.Clear();
            Array.Clear(_block, 0, _block.Length);
            Array.Clear(_random, 0, Draw);
        }

        /// <summary>Padding has no zeros. That some bytes were passed over tells nothing of those that were not.</summary>
        private void Pad()
        {
            if (_draws == MaxDraws)
            {
                throw new InvalidOperationException("The source of random bytes gives zeros.");
            }

            _draws++;
            _crypto.Random(_random, 0, Draw);
            for (int i = 0; i < Draw && _padded < _paddingEnd; i++)
            {
                if (_random[i] != 0)
                {
                    _block[_padded] = _random[i];
                    _padded++;
                }
            }
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Decrypts by RSAES-PKCS1-v1_5. What stands in for the plaintext where the padding is wrong is drawn before anything is
    /// known of it, and one or the other is taken by a mask.
    /// </summary>
    internal sealed class RsaDecrypt : RsaOperation
    {
        private readonly CryptoProvider _crypto;
        private readonly StoredPrivateKey _key;
        private readonly byte[] _block;
        private readonly byte[] _result;
        private readonly byte[] _destination;
        private readonly int _destinationOffset;
        private readonly byte[] _random = new byte[PrivatePower.RandomBytes];
        private PrivatePower _power;

        /// <summary>Takes a usable key.</summary>
        /// <param name="crypto">Gives random bytes.</param>
        /// <param name="key">The private key.</param>
        /// <param name="block">The ciphertext, as long as the modulus and below it; zeros, whose padding is wrong, stand for another.</param>
        /// <param name="destination">Receives the plaintext or random bytes.</param>
        /// <param name="destinationOffset">Where they go.</param>
        /// <param name="length">Bytes of it.</param>
        internal RsaDecrypt(CryptoProvider crypto, StoredPrivateKey key, byte[] block, byte[] destination, int destinationOffset, int length)
        {
            _crypto = crypto;
            _key = key;
            _block = block;
            _destination = destination;
            _destinationOffset = destinationOffset;
            _result = new byte[length];
        }

        internal override int Multiplications
        {
            get { return _power == null ? 0 : _power.Multiplications; }
        }

        protected override int Work()
        {
            if (_power == null)
            {
                _crypto.Random(_result, 0, _result.Length);
                _crypto.Random(_random, 0, _random.Length);
                _power = new PrivatePower(_key, _block, _random);
                return 2 * HashCost;
            }

            if (!_power.IsDone)
            {
                return _power.Work();
            }

            Pkcs1Block.Decode(_block, _result, 0, _result.Length);
            Array.Copy(_result, 0, _destination, _destinationOffset, _result.Length);
            End(DtlsError.None);
            return 1;
        }

        protected override void Clear()
        {
            if (_power != null)
            {
                _power.Clear();
            }

            Array.Clear(_random, 0, _random.Length);
            Array.Clear(_block, 0, _block.Length);
            Array.Clear(_result, 0, _result.Length);
        }
    }
}

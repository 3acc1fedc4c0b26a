using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Verifies a signature. Nothing is secret here.</summary>
    internal sealed class RsaVerify : RsaOperation
    {
        private readonly byte[] _hash;
        private readonly int _hashAlgorithm;
        private readonly byte[] _block;
        private readonly PublicPower _power;
        private readonly PssBlock _pss;
        private int _phase;

        /// <summary>Takes a usable key, a hash of the scheme's size, and a signature as long as the modulus and below it.</summary>
        internal RsaVerify(CryptoProvider crypto, int scheme, PublicKey key, byte[] hash, byte[] signature)
        {
            _hash = hash;
            _hashAlgorithm = SignatureScheme.HashOf(scheme);
            _block = signature;
            _power = new PublicPower(key, _block);
            if (SoftwareRsaProvider.IsPss(scheme))
            {
                _pss = new PssBlock(crypto, _hashAlgorithm, _block, key.Bits);
            }
        }

        internal override int Multiplications
        {
            get { return _power.Multiplications; }
        }

        protected override int Work()
        {
            if (!_power.IsDone)
            {
                return _power.Work();
            }

            if (_pss == null)
            {
                byte[] expected = new byte[_block.Length];
                Pkcs1Block.Encode(expected, _hashAlgorithm, _hash);
                End(ConstantTime.AreEqual(expected, 0, _block, 0, expected.Length) ? DtlsError.None : DtlsError.DecryptError);
                return 1;
            }

            switch (_phase)
            {
                case 0:
                    if (!_pss.HasFrame())
                    {
                        End(DtlsError.DecryptError);
                    }

                    _phase = 1;
                    return 1;
                case 1:
                    if (_pss.Mask())
                    {
                        _phase = 2;
                    }

                    return HashCost;
                default:
                    End(_pss.Matches(_hash) ? DtlsError.None : DtlsError.DecryptError);
                    return 2 * HashCost;
            }
        }

        protected override void Clear()
        {
            _power.Clear();
            Array.Clear(_block, 0, _block.Length);
            Array.Clear(_hash, 0, _hash.Length);
            if (_pss != null)
            {
                _pss.Clear();
            }
        }
    }
}

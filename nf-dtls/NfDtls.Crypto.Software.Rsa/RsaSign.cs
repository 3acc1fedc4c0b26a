using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Signs, and verifies the signature before it lets go of it: one wrong bit in the work modulo one of the primes, by accident
    /// or by somebody's doing, makes a signature that gives the key away.
    /// </summary>
    internal sealed class RsaSign : RsaOperation
    {
        private readonly CryptoProvider _crypto;
        private readonly StoredPrivateKey _key;
        private readonly byte[] _hash;
        private readonly byte[] _signature;
        private readonly int _signatureOffset;
        private readonly byte[] _block;
        private readonly byte[] _encoded;
        private readonly byte[] _made;
        private readonly byte[] _random = new byte[PrivatePower.RandomBytes];
        private readonly PssBlock _pss;
        private PrivatePower _power;
        private PublicPower _check;
        private int _phase;
        private int _multiplications;

        /// <summary>Takes a usable key and a hash of the scheme's size.</summary>
        internal RsaSign(CryptoProvider crypto, int scheme, StoredPrivateKey key, byte[] hash, byte[] signature, int signatureOffset)
        {
            _crypto = crypto;
            _key = key;
            _hash = hash;
            _signature = signature;
            _signatureOffset = signatureOffset;
            _encoded = new byte[key.Public.Count];
            _block = new byte[key.Public.Count];
            _made = new byte[key.Public.Count];
            if (SoftwareRsaProvider.IsPss(scheme))
            {
                _pss = new PssBlock(crypto, SignatureScheme.HashOf(scheme), _encoded, key.Public.Bits);
            }
            else
            {
                Pkcs1Block.Encode(_encoded, SignatureScheme.HashOf(scheme), hash);
                _phase = 2;
            }
        }

        internal override int Multiplications
        {
            get { return _multiplications + (_power == null ? 0 : _power.Multiplications) + (_check == null ? 0 : _check.Multiplications); }
        }

        protected override int Work()
        {
            switch (_phase)
            {
                case 0:
                    _crypto.Random(_encoded, _pss.SaltOffset, _hash.Length);
                    _pss.Build(_hash);
                    _phase = 1;
                    return 2 * HashCost;
                case 1:
                    if (_pss.Mask())
                    {
                        _phase = 2;
                    }

                    return HashCost;
                case 2:
                    _crypto.Random(_random, 0, _random.Length);
                    Array.Copy(_encoded, 0, _block, 0, _block.Length);
                    _power = new PrivatePower(_key, _block, _random);
                    _phase = 3;
                    return HashCost;
                case 3:
                    int cost = _power.Work();
                    if (_power.IsDone)
                    {
                        StartCheck();
                        _phase = 4;
                    }

                    return cost;
                default:
                    if (!_check.IsDone)
                    {
                        return _check.Work();
                    }

                    Release();
                    return 1;
            }
        }

        protected override void Clear()
        {
            if (_power != null)
            {
                _power.Clear();
            }

            if (_check != null)
            {
                _check.Clear();
            }

            if (_pss != null)
            {
                _pss.Clear();
            }

            Array.Clear(_random, 0, _random.Length);
            Array.Clear(_block, 0, _block.Length);
            Array.Clear(_encoded, 0, _encoded.Length);
            Array.Clear(_made, 0, _made.Length);
            Array.Clear(_hash, 0, _hash.Length);
        }

        /// <summary>Keeps the signature back until its power has been compared. The collector may have the private numbers' arrays.</summary>
        private void StartCheck()
        {
            _power.Clear();
            _multiplications = _power.Multiplications;
            _power = null;
            Array.Copy(_block, 0, _made, 0, _made.Length);
            _check = new PublicPower(_key.Public, _block);
        }

        private void Release()
        {
            if (!ConstantTime.AreEqual(_block, 0, _encoded, 0, _block.Length))
            {
                End(DtlsError.InternalError);
                return;
            }

            Array.Copy(_made, 0, _signature, _signatureOffset, _made.Length);
            Length = _made.Length;
            End(DtlsError.None);
        }
    }
}

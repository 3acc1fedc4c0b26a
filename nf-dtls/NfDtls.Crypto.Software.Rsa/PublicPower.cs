using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>A number to a public exponent, modulo an RSA key's modulus. The exponent is not secret; the number may be.</summary>
    internal sealed class PublicPower
    {
        private readonly Montgomery _montgomery;
        private readonly byte[] _block;
        private readonly int _size;
        private readonly uint _exponent;
        private readonly ulong[] _number;
        private readonly ulong[] _factor;
        private readonly ulong[] _power;
        private int _phase;
        private int _bit;

        /// <summary>Takes a key that is <see cref="RsaKey.IsUsable"/>.</summary>
        /// <param name="key">The modulus and the exponent.</param>
        /// <param name="block">Holds the number, which must be below the modulus, in as many bytes as the modulus; receives the result.</param>
        internal PublicPower(PublicKey key, byte[] block)
        {
            _block = block;
            _size = key.Count;
            _exponent = RsaKey.Exponent(key);
            _montgomery = new Montgomery(key.Bits);
            _number = new ulong[_montgomery.Length];
            _factor = new ulong[_montgomery.Length];
            _power = new ulong[_montgomery.Length];
            _montgomery.SetModulus(key.Buffer, key.Offset, key.Count, key.Bits);
        }

        /// <summary>Whether the block holds the result.</summary>
        internal bool IsDone { get; private set; }

        /// <summary>Multiplications begun, for the tests.</summary>
        internal int Multiplications
        {
            get { return _montgomery.Multiplications; }
        }

        /// <summary>Works on; returns the units it took.</summary>
        internal int Work()
        {
            if (_montgomery.IsBusy)
            {
                return _montgomery.Work();
            }

            switch (_phase)
            {
                case 0:
                    Limbs.Load(_number, _montgomery.Width, _block, 0, _size);
                    _montgomery.Begin(_factor, _number, _montgomery.Square);
                    _bit = RsaKey.TopBit(_exponent);
                    _phase = 1;
                    break;
                case 1:
                    // The first square is of the number itself.
                    ulong[] root = _bit == RsaKey.TopBit(_exponent) ? _factor : _power;
                    _montgomery.Begin(_power, root, root);
                    _bit--;
                    _phase = 2;
                    break;
                case 2:
                    if (_bit == 0)
                    {
                        // The exponent is odd: its last factor, as it was before it got Montgomery's form, takes the product out of it.
                        _montgomery.Begin(_power, _power, _number);
                        _phase = 3;
                        break;
                    }

                    if ((_exponent >> _bit & 1) != 0)
                    {
                        _montgomery.Begin(_power, _power, _factor);
                    }

                    _phase = 1;
                    break;
                default:
                    _montgomery.Reduce(_power);
                    Limbs.Store(_power, _montgomery.Width, _block, 0, _size);
                    IsDone = true;
                    break;
            }

            return _montgomery.Cost;
        }

        /// <summary>Zeroes all that it holds but the block.</summary>
        internal void Clear()
        {
            _montgomery.Clear();
            Array.Clear(_number, 0, _number.Length);
            Array.Clear(_factor, 0, _factor.Length);
            Array.Clear(_power, 0, _power.Length);
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// A number to the private exponent: modulo each prime on its own, put together after (RFC 8017 section 5.1.2). No branch, no
    /// index and no amount of work depends on the number or the key, but for the lengths of the key's numbers.
    /// </summary>
    /// <remarks>
    /// Blinding: for a random r the number c becomes c r^e, and d - 1 instead of d is the exponent: its power is
    /// c^(d-1) r^(1-e), so c and r^(e-1), which was on the way to r^e, make it c^d, and no inverse of r is needed.
    /// </remarks>
    internal sealed class PrivatePower
    {
        private const int WindowBits = 4;
        private const int BlindBytes = 32;

        private const int Prepare = 0;
        private const int LoadChunk = 1;
        private const int AddChunk = 2;
        private const int Blind = 3;
        private const int BlindSquare = 4;
        private const int BlindFactor = 5;
        private const int BlindLast = 6;
        private const int BlindNumber = 7;
        private const int FirstEntry = 8;
        private const int NextEntry = 9;
        private const int Exponentiate = 10;
        private const int UnblindByNumber = 11;
        private const int UnblindByRandom = 12;
        private const int Finish = 13;
        private const int StoreRemainder = 14;
        private const int Combine = 15;
        private const int MultiplyBack = 16;

        private readonly StoredPrivateKey _key;
        private readonly byte[] _block;
        private readonly byte[] _random;
        private readonly int _size;
        private readonly uint _blindExponent;
        private readonly Montgomery _montgomery;
        private readonly ulong[] _base;
        private readonly ulong[] _blind;
        private readonly ulong[] _power;
        private readonly ulong[] _factor;
        private readonly PowerTable _table;
        private readonly byte[] _remainder;
        private ulong[] _product;
        private byte[] _source;
        private int _sourceEnd;
        private int _prime;
        private int _phase;
        private int _bit;
        private int _squares;
        private int _digit;
        private int _row;

        /// <summary>Takes a key that is <see cref="RsaKey.IsComplete"/>.</summary>
        /// <param name="key">The private key.</param>
        /// <param name="block">Holds the number, which must be below the modulus, in as many bytes as the modulus; receives the result.</param>
        /// <param name="random">Holds <see cref="RandomBytes"/> random bytes.</param>
        internal PrivatePower(StoredPrivateKey key, byte[] block, byte[] random)
        {
            _key = key;
            _block = block;
            _random = random;
            _size = key.Public.Count;
            _blindExponent = RsaKey.Exponent(key.Public) - 1;
            int bits1 = RsaKey.Bits(key, StoredPrivateKey.Prime1);
            int bits2 = RsaKey.Bits(key, StoredPrivateKey.Prime2);
            _montgomery = new Montgomery(bits1 > bits2 ? bits1 : bits2);
            _base = new ulong[_montgomery.Length];
            _blind = new ulong[_montgomery.Length];
            _power = new ulong[_montgomery.Length];
            _factor = new ulong[_montgomery.Length];
            _table = new PowerTable(_montgomery.Length);
            _remainder = new byte[(bits2 + 7) / 8];
            _prime = StoredPrivateKey.Prime2;
        }

        /// <summary>Random bytes that the blinding takes.</summary>
        internal static int RandomBytes
        {
            get { return 2 * BlindBytes; }
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

            if (_phase <= AddChunk)
            {
                TakeRemainder();
            }
            else if (_phase <= BlindNumber)
            {
                MakeBlind();
            }
            else if (_phase <= UnblindByRandom)
            {
                Raise();
            }
            else
            {
                PutTogether();
            }

            return _montgomery.Cost;
        }

        /// <summary>Zeroes all that it holds but the block and the random bytes, which are its owner's.</summary>
        internal void Clear()
        {
            _montgomery.Clear();
            _table.Clear();
            Array.Clear(_base, 0, _base.Length);
            Array.Clear(_blind, 0, _blind.Length);
            Array.Clear(_power, 0, _power.Length);
            Array.Clear(_factor, 0, _factor.Length);
            Array.Clear(_remainder, 0, _remainder.Length);
            if (_product != null)
            {
                Array.Clear(_product, 0, _product.Length);
            }
        }

        /// <summary>The source modulo the prime, in Montgomery's form, into the base: R's digits, the highest first.</summary>
        private void TakeRemainder()
        {
            int chunk = _montgomery.Rows * _montgomery.Width / 8;
            switch (_phase)
            {
                case Prepare:
                    _montgomery.SetModulus(_key.Buffer, _key.OffsetOf(_prime), _key.CountOf(_prime), RsaKey.Bits(_key, _prime));
                    Array.Clear(_power, 0, _power.Length);
                    StartRemainder(_block, _size);
                    break;
                case LoadChunk:
                    int begin = _sourceEnd > 0 ? (_sourceEnd - 1) / chunk * chunk : 0;
                    int end = _source.Length - begin;
                    int start = _source.Length - _sourceEnd;
                    Limbs.Load(_factor, _montgomery.Width, _source, start, end - start);
                    _montgomery.Begin(_factor, _factor, _montgomery.Square);
                    _sourceEnd = begin;
                    _phase = AddChunk;
                    break;
                default:
                    _montgomery.Add(_base, _factor);
                    if (_sourceEnd > 0)
                    {
                        _montgomery.Begin(_base, _base, _montgomery.Square);
                        _phase = LoadChunk;
                    }
                    else
                    {
                        _phase = _source == _block ? Blind : Combine;
                    }

                    break;
            }
        }

        private void StartRemainder(byte[] source, int count)
        {
            Array.Clear(_base, 0, _base.Length);
            _source = source;
            _sourceEnd = count;
            _phase = LoadChunk;
        }

        /// <summary>r^(e-1) for the end, and the base times r^e for the table. Random limbs are taken for a number in Montgomery's form.</summary>
        private void MakeBlind()
        {
            switch (_phase)
            {
                case Blind:
                    int offset = _prime == StoredPrivateKey.Prime1 ? 0 : BlindBytes;
                    Limbs.Load(_factor, _montgomery.Width, _random, offset, BlindBytes);
                    Array.Copy(_factor, 0, _blind, 0, _factor.Length);
                    _bit = RsaKey.TopBit(_blindExponent);
                    _phase = BlindSquare;
                    break;
                case BlindSquare:
                    if (_bit == 0)
                    {
                        _phase = BlindLast;
                        break;
                    }

                    _montgomery.Begin(_blind, _blind, _blind);
                    _bit--;
                    _phase = BlindFactor;
                    break;
                case BlindFactor:
                    if ((_blindExponent >> _bit & 1) != 0)
                    {
                        _montgomery.Begin(_blind, _blind, _factor);
                    }

                    _phase = BlindSquare;
                    break;
                case BlindLast:
                    _montgomery.Begin(_power, _blind, _factor);
                    _phase = BlindNumber;
                    break;
                default:
                    _montgomery.Begin(_power, _power, _base);
                    _phase = FirstEntry;
                    break;
            }
        }

        /// <summary>The power of the blinded number, by windows of four bits, and the blinding off again.</summary>
        private void Raise()
        {
            switch (_phase)
            {
                case FirstEntry:
                    LoadOne(_factor);
                    _montgomery.Begin(_factor, _factor, _montgomery.Square);
                    _digit = 0;
                    _phase = NextEntry;
                    break;
                case NextEntry:
                    _table.Store(_digit, _factor, _montgomery.Count);
                    _digit++;
                    if (_digit < 1 << WindowBits)
                    {
                        _montgomery.Begin(_factor, _factor, _power);
                        break;
                    }

                    _digit = (RsaKey.Bits(_key, _prime) - 1) / WindowBits;
                    _table.Select(Digit(_digit), _power, _montgomery.Count);
                    _squares = 0;
                    _phase = Exponentiate;
                    break;
                case Exponentiate:
                    if (_squares < WindowBits)
                    {
                        _squares++;
                        _montgomery.Begin(_power, _power, _power);
                        break;
                    }

                    _digit--;
                    _squares = 0;
                    _table.Select(Digit(_digit), _factor, _montgomery.Count);
                    _montgomery.Begin(_power, _power, _factor);
                    if (_digit == 0)
                    {
                        _phase = UnblindByNumber;
                    }

                    break;
                case UnblindByNumber:
                    _montgomery.Begin(_power, _power, _base);
                    _phase = UnblindByRandom;
                    break;
                default:
                    _montgomery.Begin(_power, _power, _blind);
                    _phase = Finish;
                    break;
            }
        }

        /// <summary>Keeps the second prime's remainder m2; then m2 + q ((m1 - m2) / q mod p).</summary>
        private void PutTogether()
        {
            switch (_phase)
            {
                case Finish:
                    if (_prime == StoredPrivateKey.Prime1)
                    {
                        StartRemainder(_remainder, _remainder.Length);
                        break;
                    }

                    LoadOne(_factor);
                    _montgomery.Begin(_power, _power, _factor);
                    _phase = StoreRemainder;
                    break;
                case StoreRemainder:
                    _montgomery.Reduce(_power);
                    Limbs.Store(_power, _montgomery.Width, _remainder, 0, _remainder.Length);
                    _prime = StoredPrivateKey.Prime1;
                    _phase = Prepare;
                    break;
                case Combine:
                    _montgomery.Subtract(_power, _base);
                    Load(_factor, StoredPrivateKey.Coefficient);
                    _montgomery.Begin(_power, _power, _factor);
                    _row = 0;
                    _phase = MultiplyBack;
                    break;
                default:
                    AddRow();
                    break;
            }
        }

        private void AddRow()
        {
            if (_row == 0)
            {
                _montgomery.Reduce(_power);
                _product = new ulong[2 * _montgomery.Length];
                Limbs.Load(_product, _montgomery.Width, _remainder, 0, _remainder.Length);
                Load(_factor, StoredPrivateKey.Prime2);
            }

            // The sums take all rows' products without a carry, as Montgomery's do.
            ulong[] product = _product;
            ulong[] factor = _factor;
            ulong limb = _power[_row];
            int to = _row;
            for (int i = 0; i < factor.Length; i++)
            {
                product[to] += limb * factor[i];
                to++;
            }

            _row++;
            if (_row == _montgomery.Count)
            {
                Limbs.Store(product, _montgomery.Width, _block, 0, _size);
                IsDone = true;
            }
        }

        private void Load(ulong[] number, int part)
        {
            Limbs.Load(number, _montgomery.Width, _key.Buffer, _key.OffsetOf(part), _key.CountOf(part));
        }

        private static void LoadOne(ulong[] number)
        {
            Array.Clear(number, 0, number.Length);
            number[0] = 1;
        }

        /// <summary>Four bits of the prime's exponent less one; the exponent is odd, so the lowest bit is taken off.</summary>
        private int Digit(int index)
        {
            int part = _prime - StoredPrivateKey.Prime1 + StoredPrivateKey.Exponent1;
            int fromEnd = index / 2 + 1;
            if (fromEnd > _key.CountOf(part))
            {
                return 0;
            }

            int digit = _key.Buffer[_key.OffsetOf(part) + _key.CountOf(part) - fromEnd] >> 4 * (index & 1) & 15;
            return index == 0 ? digit & ~1 : digit;
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Verifies an Ed25519 signature (RFC 8032 section 5.1.7), not in constant time, since nothing is secret: S below the
    /// group's order, the public key in its canonical encoding, and the encoding of [S]B - [h]A equal to R byte for byte. That
    /// is the check without the cofactor, which the RFC allows: the stricter one, and what other libraries do.
    /// </summary>
    internal sealed class Ed25519Operation : EccOperation
    {
        private const int HashBlock = 128;

        private const int Load = 0;
        private const int Hash = 1;
        private const int Reduce = 2;
        private const int Decode = 3;
        private const int Table = 4;
        private const int Sum = 5;
        private const int Invert = 6;
        private const int Compare = 7;

        private readonly Edwards25519 _curve;
        private readonly PublicKey _key;
        private readonly HashContext _hash;
        private readonly byte[] _data;
        private readonly byte[] _signature;
        private readonly int _signatureOffset;
        private readonly int _signatureCount;

        private readonly PrimeField _field;
        private readonly EdwardsPoint _point;
        private readonly PointDecoder _decoder;
        private readonly Inversion _inversion;
        private readonly HashReduction _reduction;
        private readonly int[][] _multiples = new int[PointTable.Length][];
        private readonly int[] _double = new int[EdwardsPoint.Entry];
        private readonly byte[] _digest = new byte[64];
        private readonly sbyte[] _keyDigits = new sbyte[Scalar.DigitCount(32)];
        private readonly sbyte[] _baseDigits = new sbyte[Scalar.DigitCount(32)];
        private int _offset;
        private int _count;
        private int _phase;
        private int _entry;
        private int _part;
        private int _bit;

        internal Ed25519Operation(
            Edwards25519 curve, HashContext hash, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            _curve = curve;
            _hash = hash;
            _key = key;
            _data = data;
            _offset = offset;
            _count = count;
            _signature = signature;
            _signatureOffset = signatureOffset;
            _signatureCount = signatureCount;
            _field = curve.Field;
            _point = new EdwardsPoint(curve);
            _decoder = new PointDecoder(curve, _point);

            // The decoder needs none of these yet.
            _reduction = new HashReduction(curve, _point.X, _point.T, _point.Z, _point.Scratch0);
            _inversion = new Inversion(_field.Limbs, 256, _field.Modulus.LimbBits);
            for (int i = 0; i < PointTable.Length; i++)
            {
                _multiples[i] = new int[EdwardsPoint.Entry];
            }
        }

        protected override void Advance()
        {
            switch (_phase)
            {
                case Load:
                    Begin();
                    break;
                case Hash:
                    HashMessage();
                    break;
                case Reduce:
                    ReduceHash();
                    break;
                case Decode:
                    if (_decoder.Advance(_key.Buffer[_key.Offset + 31] >> 7))
                    {
                        BeginTable();
                    }

                    break;
                case Table:
                    AdvanceTable();
                    break;
                case Sum:
                    AdvanceSum();
                    break;
                case Invert:
                    if (_inversion.Advance())
                    {
                        _phase = Compare;
                    }

                    break;
                default:
                    CompareEncoding();
                    break;
            }
        }

        protected override void Clear()
        {
            _hash.Reset();
            _point.Clear();
            _decoder.Clear();
            _inversion.Clear();
            Array.Clear(_double, 0, _double.Length);
            Array.Clear(_digest, 0, _digest.Length);
            Array.Clear(_keyDigits, 0, _keyDigits.Length);
            Array.Clear(_baseDigits, 0, _baseDigits.Length);
            for (int i = 0; i < PointTable.Length; i++)
            {
                Array.Clear(_multiples[i], 0, EdwardsPoint.Entry);
            }
        }

        private void Begin()
        {
            Modulus order = _curve.Order;
            long[] s = _point.Scratch0;
            if (_signatureCount != 64 || _key.Count != 32 || !_decoder.TryBegin(_key.Buffer, _key.Offset))
            {
                End(DtlsError.DecryptError, 0);
                return;
            }

            order.LoadLittle(s, _signature, _signatureOffset + 32, 32);
            if (order.IsBelow(s) == 0)
            {
                End(DtlsError.DecryptError, 0);
                return;
            }

            order.Store(s, _digest, 0, 32);
            Scalar.MakeDigits(_digest, 32, _baseDigits);
            _hash.Update(_signature, _signatureOffset, 32);
            _hash.Update(_key.Buffer, _key.Offset, 32);
            _phase = Hash;
        }

        /// <summary>One block of the hash a unit.</summary>
        private void HashMessage()
        {
            int count = _count < HashBlock ? _count : HashBlock;
            _hash.Update(_data, _offset, count);
            _offset += count;
            _count -= count;
            if (_count == 0)
            {
                _hash.Peek(_digest, 0);
                _phase = Reduce;
            }
        }

        private void ReduceHash()
        {
            if (_reduction.Advance(_digest))
            {
                Scalar.MakeDigits(_digest, 32, _keyDigits);
                _phase = Decode;
            }
        }

        private void BeginTable()
        {
            if (!_decoder.IsPoint)
            {
                End(DtlsError.DecryptError, 0);
                return;
            }

            // The sum has -A in it.
            _field.Negate(_point.X, -1);
            _field.Negate(_point.T, -1);
            _point.StoreTo(_multiples[0]);
            _phase = Table;
            _part = 0;
            _entry = 0;
        }

        /// <summary>First the double; then to it the point, and to that six times the double.</summary>
        private void AdvanceTable()
        {
            if (_entry == 0)
            {
                _point.Double(_part, true);
            }
            else
            {
                _point.Add(_part);
            }

            _part++;
            if (_part < EdwardsPoint.Parts)
            {
                return;
            }

            _part = 0;
            _point.StoreTo(_entry == 0 ? _double : _multiples[_entry]);
            _point.LoadSecond(_entry == 0 ? _multiples[0] : _double, false);
            _entry++;
            if (_entry == PointTable.Length)
            {
                BeginSum();
            }
        }

        private void BeginSum()
        {
            _point.SetNeutral();
            _bit = _keyDigits.Length - 1;
            while (_bit > 0 && _keyDigits[_bit] == 0 && _baseDigits[_bit] == 0)
            {
                _bit--;
            }

            // Nothing to double yet.
            _part = EdwardsPoint.Parts;
            _phase = Sum;
        }

        /// <summary>Parts 0 and 1 are a doubling, 2 and 3 the key's digit, 4 and 5 the base point's.</summary>
        private void AdvanceSum()
        {
            int keyDigit = _keyDigits[_bit];
            int baseDigit = _baseDigits[_bit];
            if (_part == 2 && keyDigit == 0)
            {
                _part = 4;
            }

            if (_part == 4 && baseDigit == 0)
            {
                _part = 6;
            }

            switch (_part)
            {
                case 0:
                case 1:
                    _point.Double(_part, (keyDigit | baseDigit) != 0);
                    break;
                case 2:
                    _point.LoadSecond(_multiples[Scalar.IndexOf(keyDigit)], keyDigit < 0);
                    _point.Add(0);
                    break;
                case 4:
                    _point.LoadSecond(_curve.BaseMultiples[Scalar.IndexOf(baseDigit)], baseDigit < 0);
                    _point.Add(0);
                    break;
                case 3:
                case 5:
                    _point.Add(1);
                    break;
                default:
                    NextBit();
                    return;
            }

            _part++;
        }

        private void NextBit()
        {
            _part = 0;
            _bit--;
            if (_bit < 0)
            {
                _field.Leave(_point.Scratch0, _point.Z);
                _inversion.Begin(_field.Modulus, _point.Scratch0);
                _phase = Invert;
            }
            else
            {
                AdvanceSum();
            }
        }

        private void CompareEncoding()
        {
            _inversion.Finish(_point.Z);
            _point.Encode(_digest, 0, 0);
            bool isGenuine = ConstantTime.AreEqual(_digest, 0, _signature, _signatureOffset, 32);
            End(isGenuine ? DtlsError.None : DtlsError.DecryptError, 0);
        }
    }
}

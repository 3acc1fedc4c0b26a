using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Verifies an ECDSA signature (FIPS 186-5 section 6.4.2). Nothing here is secret, so the time may tell everything. Both
    /// products are summed in one run of doublings (Strauss and Shamir).
    /// </summary>
    internal sealed class VerifyOperation : EccOperation
    {
        private const int Load = 0;
        private const int Invert = 1;
        private const int ScaleKey = 2;
        private const int ScaleBase = 3;
        private const int Recode = 4;
        private const int Table = 5;
        private const int BaseTable = 6;
        private const int Sum = 7;
        private const int Compare = 8;

        // What comes next at a bit.
        private const int DoubleNext = 0;
        private const int AddKey = 1;
        private const int AddHigh = 2;
        private const int AddLow = 3;

        private readonly Curve _curve;
        private readonly PublicKey _key;
        private readonly byte[] _data;
        private readonly int _offset;
        private readonly int _count;
        private readonly byte[] _signature;
        private readonly int _signatureOffset;
        private readonly int _signatureCount;

        private readonly PrimeField _field;
        private readonly JacobianPoint _point;
        private readonly Inversion _inversion;
        private readonly WindowTable _window;
        private readonly EcdsaNumbers _numbers;
        private readonly byte[] _keyScalar;
        private readonly byte[] _baseScalar;
        private readonly sbyte[] _keyDigits;
        private readonly sbyte[] _baseDigits;
        private WindowTable _baseWindow;
        private int _baseNegative;
        private bool _isInfinite = true;
        private int _phase;
        private int _bit;
        private int _next = AddKey;
        private int _part;

        internal VerifyOperation(Curve curve, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            _curve = curve;
            _key = key;
            _data = data;
            _offset = offset;
            _count = count;
            _signature = signature;
            _signatureOffset = signatureOffset;
            _signatureCount = signatureCount;
            _field = curve.Field;
            _point = new JacobianPoint(_field);
            _inversion = new Inversion(_field.Limbs, 8 * _field.Size, _field.Modulus.LimbBits);
            _window = new WindowTable(_point, _inversion);
            _numbers = new EcdsaNumbers(curve.Order);
            _keyScalar = new byte[curve.Size];
            _baseScalar = new byte[curve.Size];
            _keyDigits = new sbyte[Scalar.DigitCount(curve.Size)];
            _baseDigits = curve.LowComb == null ? new sbyte[_keyDigits.Length] : null;
            _bit = _keyDigits.Length - 1;
        }

        protected override void Advance()
        {
            switch (_phase)
            {
                case Load:
                    Begin();
                    break;
                case Invert:
                    if (_inversion.Advance())
                    {
                        _inversion.Finish(_numbers.Inverse);
                        _phase = ScaleKey;
                    }

                    break;
                case ScaleKey:
                    MakeScalar(_numbers.R, _keyScalar);
                    _phase = ScaleBase;
                    break;
                case ScaleBase:
                    MakeScalar(_numbers.Hash, _baseScalar);
                    _phase = Recode;
                    break;
                case Recode:
                    BeginTable();
                    break;
                case Table:
                    if (_window.Advance())
                    {
                        BeginSum();
                    }

                    break;
                case BaseTable:
                    if (_baseWindow.Advance())
                    {
                        _phase = Sum;
                    }

                    break;
                case Sum:
                    AdvanceSum();
                    break;
                default:
                    CompareCoordinate();
                    break;
            }
        }

        protected override void Clear()
        {
            _point.Clear();
            _inversion.Clear();
            _window.Clear();
            _numbers.Clear();
            Array.Clear(_keyScalar, 0, _keyScalar.Length);
            Array.Clear(_baseScalar, 0, _baseScalar.Length);
            Array.Clear(_keyDigits, 0, _keyDigits.Length);
            if (_baseDigits != null)
            {
                Array.Clear(_baseDigits, 0, _baseDigits.Length);
            }

            if (_baseWindow != null)
            {
                _baseWindow.Clear();
            }
        }

        private void Begin()
        {
            Curve curve = _curve;
            byte[] order = curve.OrderBytes;
            if (!DerSignature.TryRead(_signature, _signatureOffset, _signatureCount, _baseScalar, _keyScalar)
                || !Scalar.IsInRange(_baseScalar, 0, order) || !Scalar.IsInRange(_keyScalar, 0, order)
                || !curve.TryLoad(_key.Buffer, _key.Offset, _key.Count, _point.OtherX, _point.OtherY, _point.Scratch0, _point.Scratch3))
            {
                End(DtlsError.DecryptError, 0);
                return;
            }

            curve.Order.Load(_numbers.R, _baseScalar, 0, curve.Size);
            curve.Order.Load(_numbers.S, _keyScalar, 0, curve.Size);
            _numbers.LoadHash(_data, _offset, _count, curve.Size);
            _inversion.Begin(curve.Order, _numbers.S);
            _phase = Invert;
        }

        /// <summary>A number over s.</summary>
        private void MakeScalar(long[] number, byte[] scalar)
        {
            _numbers.Multiply(_numbers.S, number, _numbers.Inverse);
            _curve.Order.Store(_numbers.S, scalar, 0, scalar.Length);
        }

        private void BeginTable()
        {
            Scalar.MakeDigits(_keyScalar, _keyScalar.Length, _keyDigits);
            if (_curve.LowComb == null)
            {
                Scalar.MakeDigits(_baseScalar, _baseScalar.Length, _baseDigits);
            }
            else
            {
                // Where it is 0, the odd form is that of the order, which adds nothing either.
                _baseNegative = Scalar.Recode(_baseScalar, _curve.OrderBytes);
            }

            _window.Begin();
            _phase = Table;
        }

        private void BeginSum()
        {
            _phase = Sum;
            if (_curve.LowComb == null)
            {
                _baseWindow = new WindowTable(_point, _inversion);
                _field.Copy(_curve.BaseX, _point.OtherX);
                _field.Copy(_curve.BaseY, _point.OtherY);
                _baseWindow.Begin();
                _phase = BaseTable;
            }
        }

        /// <summary>
        /// At each bit a doubling and the key's digit, if it has one there. With tables of the base point its columns come at
        /// the last 32 bits, without them its digits.
        /// </summary>
        private void AdvanceSum()
        {
            if (_next == AddKey && _keyDigits[_bit] == 0)
            {
                GoOn(AddHigh);
            }

            if (_next >= AddHigh && !HasBase())
            {
                GoOn(AddLow + 1);
                if (_phase != Sum)
                {
                    return;
                }
            }

            switch (_next)
            {
                case DoubleNext:
                    if (_isInfinite)
                    {
                        GoOn(AddKey);
                        return;
                    }

                    _point.Double(_part);
                    _part++;
                    if (_part == JacobianPoint.DoubleParts)
                    {
                        GoOn(AddKey);
                    }

                    break;
                case AddKey:
                    AddDigit(_window.Table, _keyDigits[_bit]);
                    break;
                case AddHigh:
                    if (_baseDigits == null)
                    {
                        AddColumn(_curve.HighComb, 32 + _bit);
                    }
                    else
                    {
                        AddDigit(_baseWindow.Table, _baseDigits[_bit]);
                    }

                    break;
                default:
                    AddColumn(_curve.LowComb, _bit);
                    break;
            }
        }

        /// <summary>Whether the base point has something to add at this place of this bit.</summary>
        private bool HasBase()
        {
            return _baseDigits == null ? _bit < 32 : _next == AddHigh && _baseDigits[_bit] != 0;
        }

        private void AddDigit(PointTable table, int digit)
        {
            AddPoint(table, Scalar.IndexOf(digit), digit < 0 ? -1 : 0);
        }

        private void AddColumn(PointTable table, int column)
        {
            int digit = Scalar.Column(_baseScalar, column);
            int sign = (digit >> 3) - 1;
            AddPoint(table, (digit ^ sign) & 7, sign ^ _baseNegative);
        }

        /// <summary>To the next point of this bit, or to the next bit.</summary>
        private void GoOn(int next)
        {
            _part = 0;
            _next = next;
            if (next > AddLow)
            {
                _next = DoubleNext;
                _bit--;
                if (_bit < 0)
                {
                    _phase = Compare;
                }
            }
        }

        private void AddPoint(PointTable table, int index, int isNegative)
        {
            if (_part == 0)
            {
                table.SelectPublic(index, isNegative, _point.OtherX, _point.OtherY, _field);
                if (_isInfinite)
                {
                    _point.SetOther();
                    _isInfinite = false;
                    GoOn(_next + 1);
                    return;
                }
            }

            // Parts beyond those of an addition are a doubling in its place.
            if (_part < JacobianPoint.AddParts)
            {
                _point.Add(_part);
                _part++;
                if (_part < JacobianPoint.AddParts)
                {
                    return;
                }

                if (_point.IsInfinite)
                {
                    if (_point.WereSame)
                    {
                        _point.SetOther();
                        return;
                    }

                    _isInfinite = true;
                }

                GoOn(_next + 1);
                return;
            }

            _point.Double(_part - JacobianPoint.AddParts);
            _part++;
            if (_part == JacobianPoint.AddParts + JacobianPoint.DoubleParts)
            {
                GoOn(_next + 1);
            }
        }

        /// <summary>The sum's x = X / Z^2 modulo the order is to be r: X is r Z^2, or (r + order) Z^2 where that is a coordinate.</summary>
        private void CompareCoordinate()
        {
            bool isGenuine = !_isInfinite && IsCoordinate(_numbers.R);
            if (!isGenuine && !_isInfinite)
            {
                long[] sum = _numbers.S;
                Modulus order = _curve.Order;
                long carry = 0;
                for (int i = 0; i < sum.Length; i++)
                {
                    carry += _numbers.R[i] + order.Value[i];
                    sum[i] = carry & order.Mask;
                    carry >>= order.LimbBits;
                }

                isGenuine = _field.Modulus.IsBelow(sum) != 0 && IsCoordinate(sum);
            }

            End(isGenuine ? DtlsError.None : DtlsError.DecryptError, 0);
        }

        private bool IsCoordinate(long[] number)
        {
            JacobianPoint point = _point;
            Array.Copy(number, point.OtherX, number.Length);
            _field.Enter(point.OtherX);
            _field.Square(point.Scratch0, point.Z);
            _field.Multiply(point.Scratch0, point.Scratch0, point.OtherX);
            _field.Subtract(point.Scratch0, point.Scratch0, point.X);
            return _field.IsZero(point.Scratch0, point.Scratch3) != 0;
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Multiplies a point by a secret scalar and makes the product affine, a unit at a time. The base point of a curve with
    /// tables takes 31 doublings and 63 additions; any other takes a table of its own (53 units on P-256) and, for every four bits, four
    /// doublings and an addition. The work done and the memory read do not depend on the scalar.
    /// </summary>
    internal sealed class PointTask
    {
        private const int Idle = 0;
        private const int Table = 1;
        private const int Windows = 2;
        private const int Columns = 3;
        private const int LastSum = 4;
        private const int Invert = 5;
        private const int Affine = 6;

        private readonly Curve _curve;
        private readonly PrimeField _field;
        private readonly JacobianPoint _point;
        private readonly Inversion _inversion;
        private readonly byte[] _scalar;
        private WindowTable _window;
        private long[] _sumX;
        private long[] _sumY;
        private long[] _sumZ;
        private int _isNegative;
        private int _phase;
        private int _place;
        private int _part;

        internal PointTask(Curve curve)
        {
            _curve = curve;
            _field = curve.Field;
            _point = new JacobianPoint(_field);
            _inversion = new Inversion(_field.Limbs, 8 * _field.Size, _field.Modulus.LimbBits);
            _scalar = new byte[_field.Size];
        }

        internal JacobianPoint Point
        {
            get { return _point; }
        }

        internal Inversion Inversion
        {
            get { return _inversion; }
        }

        /// <summary>The product, in the field's own form, when the task is done; not where it is infinite.</summary>
        internal long[] X
        {
            get { return _point.OtherX; }
        }

        internal long[] Y
        {
            get { return _point.OtherY; }
        }

        /// <summary>
        /// The task failed: a sum of base point's columns met itself or its negative, which takes one of a few scalars among
        /// 2^256. Another random one is to be tried.
        /// </summary>
        internal bool HasFailed { get; private set; }

        /// <summary>Begins with a scalar from 1 to the order less 1, and the curve's base point.</summary>
        internal void BeginBase(byte[] scalar, int offset)
        {
            if (_curve.LowComb != null)
            {
                Recode(scalar, offset);
                _phase = Columns;
                _place = 63;
                _part = 0;
                return;
            }

            BeginAny(scalar, offset);
        }

        /// <summary>As <see cref="BeginBase"/>, but never fails: takes three times as long on a curve with tables.</summary>
        internal void BeginAny(byte[] scalar, int offset)
        {
            _field.Copy(_curve.BaseX, _point.OtherX);
            _field.Copy(_curve.BaseY, _point.OtherY);
            Begin(scalar, offset);
        }

        /// <summary>Begins with a scalar and the affine point that the point's OtherX and OtherY are.</summary>
        internal void Begin(byte[] scalar, int offset)
        {
            Recode(scalar, offset);
            if (_window == null)
            {
                _window = new WindowTable(_point, _inversion);
                _sumX = _field.NewElement();
                _sumY = _field.NewElement();
                _sumZ = _field.NewElement();
            }

            _window.Begin();
            _phase = Table;
        }

        /// <summary>Does one unit of work; true when the product is there.</summary>
        internal bool Advance()
        {
            switch (_phase)
            {
                case Table:
                    if (_window.Advance())
                    {
                        _place = 2 * _field.Size - 1;
                        SelectWindow();
                        _point.SetOther();
                        _place--;
                        _part = 0;
                        _phase = Windows;
                    }

                    return false;
                case Windows:
                    AdvanceWindows();
                    return false;
                case Columns:
                    AdvanceColumns();
                    return HasFailed;
                case LastSum:
                    AdvanceLastSum();
                    return false;
                case Invert:
                    if (_inversion.Advance())
                    {
                        _inversion.Finish(_point.Scratch0);
                        _field.Enter(_point.Scratch0);
                        _phase = Affine;
                    }

                    return false;
                default:
                    MakeAffine();
                    return true;
            }
        }

        /// <summary>Writes the product as an uncompressed point.</summary>
        internal void Store(byte[] to, int offset)
        {
            long[] number = _point.Scratch0;
            to[offset] = 4;
            _field.Leave(number, X);
            _field.Modulus.Store(number, to, offset + 1, _field.Size);
            _field.Leave(number, Y);
            _field.Modulus.Store(number, to, offset + 1 + _field.Size, _field.Size);
        }

        internal void Clear()
        {
            _point.Clear();
            _inversion.Clear();
            Array.Clear(_scalar, 0, _scalar.Length);
            _isNegative = 0;
            _phase = Idle;
            if (_window != null)
            {
                _window.Clear();
                Array.Clear(_sumX, 0, _sumX.Length);
                Array.Clear(_sumY, 0, _sumY.Length);
                Array.Clear(_sumZ, 0, _sumZ.Length);
            }
        }

        private void Recode(byte[] scalar, int offset)
        {
            Array.Copy(scalar, offset, _scalar, 0, _scalar.Length);
            _isNegative = Scalar.Recode(_scalar, _curve.OrderBytes);
            HasFailed = false;
        }

        private void SelectWindow()
        {
            _window.Table.Select(Scalar.Window(_scalar, _place), _point.OtherX, _point.OtherY, _field);
        }

        /// <summary>Parts 0 to 7 are four doublings, the rest is an addition.</summary>
        private void AdvanceWindows()
        {
            if (_part < 4 * JacobianPoint.DoubleParts)
            {
                _point.Double(_part & 1);
                _part++;
                return;
            }

            int part = _part - 4 * JacobianPoint.DoubleParts;
            if (part == 0)
            {
                SelectWindow();
            }

            _point.Add(part);
            _part++;
            if (part == JacobianPoint.AddParts - 1)
            {
                _part = 0;
                _place--;
                if (_place < 0)
                {
                    KeepSum();
                }
            }
        }

        /// <summary>
        /// Only the last addition may have to add a point to itself (the scalar is 2, for one): what it would be then is
        /// computed in any case, and one of both kept.
        /// </summary>
        private void KeepSum()
        {
            _field.Copy(_point.X, _sumX);
            _field.Copy(_point.Y, _sumY);
            _field.Copy(_point.Z, _sumZ);
            _point.SetOther();
            _phase = LastSum;
        }

        private void AdvanceLastSum()
        {
            if (_part < JacobianPoint.DoubleParts)
            {
                _point.Double(_part);
                _part++;
                return;
            }

            long mask = ~_field.IsZero(_sumZ, _point.Scratch0);
            _field.Choose(_point.X, _sumX, mask);
            _field.Choose(_point.Y, _sumY, mask);
            _field.Choose(_point.Z, _sumZ, mask);
            BeginInversion();
        }

        /// <summary>Places 63 to 0: in each column the high table's point, then a doubling to come before the low one's.</summary>
        private void AdvanceColumns()
        {
            int column = _place >> 1;
            bool isHigh = (_place & 1) != 0;
            if (_place == 63)
            {
                _curve.HighComb.Select(Scalar.Column(_scalar, 32 + column), _point.OtherX, _point.OtherY, _field);
                _point.SetOther();
                _place--;
                return;
            }

            int doubles = isHigh ? JacobianPoint.DoubleParts : 0;
            if (_part < doubles)
            {
                _point.Double(_part);
                _part++;
                return;
            }

            int part = _part - doubles;
            if (part == 0)
            {
                PointTable comb = isHigh ? _curve.HighComb : _curve.LowComb;
                comb.Select(Scalar.Column(_scalar, isHigh ? 32 + column : column), _point.OtherX, _point.OtherY, _field);
            }

            _point.Add(part);
            _part++;
            if (part == JacobianPoint.AddParts - 1)
            {
                _part = 0;
                _place--;
                if (_place < 0)
                {
                    HasFailed = _field.IsZero(_point.Z, _point.Scratch0) != 0;
                    BeginInversion();
                }
            }
        }

        private void BeginInversion()
        {
            _field.Leave(_point.Scratch0, _point.Z);
            _inversion.Begin(_field.Modulus, _point.Scratch0);
            _phase = Invert;
        }

        private void MakeAffine()
        {
            JacobianPoint point = _point;
            _field.Square(point.Scratch3, point.Scratch0);
            _field.Multiply(point.OtherX, point.X, point.Scratch3);
            _field.Multiply(point.Scratch3, point.Scratch3, point.Scratch0);
            _field.Multiply(point.OtherY, point.Y, point.Scratch3);
            _field.Negate(point.OtherY, _isNegative);
            _phase = Idle;
        }
    }
}

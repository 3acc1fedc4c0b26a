using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Makes the table of a point's odd multiples 1 to 15, affine, in 53 units on P-256: one doubling, seven additions and one
    /// inversion. The additions run on an isomorphic curve on which the double is affine, so that they are mixed ones; each
    /// factor of Z is kept, so that one inverse leads to all.
    /// </summary>
    internal sealed class WindowTable
    {
        private const int Double = 0;
        private const int Change = 1;
        private const int Add = 2;
        private const int Join = 3;
        private const int Invert = 4;
        private const int Divide = 5;

        private readonly JacobianPoint _point;
        private readonly Inversion _inversion;
        private readonly PrimeField _field;
        private readonly PointTable _table;
        private readonly long[] _doubleZ;
        private int _phase;
        private int _part;
        private int _entry;

        /// <param name="point">Where the sums are made.</param>
        /// <param name="inversion">Where the inverse is made.</param>
        internal WindowTable(JacobianPoint point, Inversion inversion)
        {
            _point = point;
            _inversion = inversion;
            _field = point.Field;
            _doubleZ = _field.NewElement();
            int[][] entries = new int[PointTable.Length][];
            for (int i = 0; i < PointTable.Length; i++)
            {
                entries[i] = new int[3 * _field.Limbs];
            }

            _table = new PointTable(entries);
        }

        internal PointTable Table
        {
            get { return _table; }
        }

        /// <summary>Begins with the affine point that the point's OtherX and OtherY are.</summary>
        internal void Begin()
        {
            _table.Store(0, 0, _point.OtherX);
            _table.Store(0, 1, _point.OtherY);
            _point.SetOther();
            _phase = Double;
            _part = 0;
        }

        /// <summary>Does one unit of work; true when the table is complete.</summary>
        internal bool Advance()
        {
            JacobianPoint point = _point;
            switch (_phase)
            {
                case Double:
                    point.Double(_part);
                    _part++;
                    if (_part == JacobianPoint.DoubleParts)
                    {
                        _phase = Change;
                    }

                    break;
                case Change:
                    ChangeCurve();
                    _entry = 1;
                    _part = 0;
                    _phase = Add;
                    break;
                case Add:
                    point.Add(_part);
                    _part++;
                    if (_part == JacobianPoint.AddParts)
                    {
                        _part = 0;
                        _table.Store(_entry, 0, point.X);
                        _table.Store(_entry, 1, point.Y);
                        _table.Store(_entry, 2, point.Ratio);
                        _entry++;
                        _phase = _entry == PointTable.Length ? Join : Add;
                    }

                    break;
                case Join:
                    _field.Multiply(point.Z, point.Z, _doubleZ);
                    _field.Leave(point.Scratch0, point.Z);
                    _inversion.Begin(_field.Modulus, point.Scratch0);
                    _phase = Invert;
                    break;
                case Invert:
                    if (_inversion.Advance())
                    {
                        _inversion.Finish(point.Z);
                        _field.Enter(point.Z);
                        _entry = PointTable.Length - 1;
                        _phase = Divide;
                    }

                    break;
                default:
                    DivideEntry();
                    _entry--;
                    return _entry == 0;
            }

            return false;
        }

        internal void Clear()
        {
            _table.Clear();
            Array.Clear(_doubleZ, 0, _doubleZ.Length);
        }

        /// <summary>To where the double, (X / Z^2, Y / Z^3) here, is (X, Y): the point itself becomes (x Z^2, y Z^3).</summary>
        private void ChangeCurve()
        {
            JacobianPoint point = _point;
            _field.Copy(point.Z, _doubleZ);
            _field.Copy(point.X, point.OtherX);
            _field.Copy(point.Y, point.OtherY);
            _field.Square(point.Scratch0, point.Z);
            _table.Load(0, 0, point.X);
            _field.Multiply(point.X, point.X, point.Scratch0);
            _field.Multiply(point.Scratch0, point.Scratch0, point.Z);
            _table.Load(0, 1, point.Y);
            _field.Multiply(point.Y, point.Y, point.Scratch0);
            _field.Copy(_field.Unit, point.Z);
        }

        /// <summary>Makes an entry affine; point.Z is the inverse of its Z, and becomes that of the entry before.</summary>
        private void DivideEntry()
        {
            JacobianPoint point = _point;
            _field.Square(point.Scratch0, point.Z);
            _table.Load(_entry, 0, point.X);
            _field.Multiply(point.X, point.X, point.Scratch0);
            _table.Store(_entry, 0, point.X);
            _field.Multiply(point.Scratch0, point.Scratch0, point.Z);
            _table.Load(_entry, 1, point.Y);
            _field.Multiply(point.Y, point.Y, point.Scratch0);
            _table.Store(_entry, 1, point.Y);
            _table.Load(_entry, 2, point.X);
            _field.Multiply(point.Z, point.Z, point.X);
        }
    }
}

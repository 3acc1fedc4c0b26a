using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Multiplies edwards25519's base point by a secret scalar, a unit at a time: for every four bits four doublings and an addition,
    /// whose formulas have no exceptions. The work done and the memory read do not depend on the scalar.
    /// </summary>
    internal sealed class EdwardsTask
    {
        private const int LastPlace = 63;
        private const int DoubleParts = 4 * EdwardsPoint.Parts;

        private readonly Edwards25519 _curve;
        private readonly EdwardsPoint _point;
        private readonly Inversion _inversion;
        private readonly byte[] _scalar = new byte[32];
        private int _isNegative;
        private int _place;
        private int _part;

        internal EdwardsTask(Edwards25519 curve)
        {
            _curve = curve;
            _point = new EdwardsPoint(curve);
            _inversion = new Inversion(curve.Field.Limbs, 256, curve.Field.Modulus.LimbBits);
        }

        /// <summary>Where the product is made; scratch for others between two tasks.</summary>
        internal EdwardsPoint Point
        {
            get { return _point; }
        }

        /// <summary>Begins with a scalar from 1 to the order less 1, the most significant byte first.</summary>
        internal void Begin(byte[] scalar)
        {
            Array.Copy(scalar, 0, _scalar, 0, _scalar.Length);
            _isNegative = Scalar.Recode(_scalar, _curve.OrderBytes);
            _point.SetNeutral();
            _place = LastPlace;

            // Nothing to double yet.
            _part = DoubleParts;
        }

        /// <summary>Does one unit of work; true when the product stands encoded in 32 bytes.</summary>
        internal bool Advance(byte[] to, int offset)
        {
            if (_place < 0)
            {
                return Encode(to, offset);
            }

            if (_part < DoubleParts)
            {
                // Only the fourth doubling has an addition behind it.
                _point.Double(_part & 1, _part > DoubleParts - EdwardsPoint.Parts);
                _part++;
                return false;
            }

            if (_part == DoubleParts)
            {
                _point.SelectSecond(_curve.BaseTable, Scalar.Window(_scalar, _place));
            }

            _point.Add(_part - DoubleParts);
            _part++;
            if (_part == DoubleParts + EdwardsPoint.Parts)
            {
                _part = 0;
                _place--;
                if (_place < 0)
                {
                    _curve.Field.Leave(_point.Scratch0, _point.Z);
                    _inversion.Begin(_curve.Field.Modulus, _point.Scratch0);
                }
            }

            return false;
        }

        internal void Clear()
        {
            _point.Clear();
            _inversion.Clear();
            Array.Clear(_scalar, 0, _scalar.Length);
            _isNegative = 0;
        }

        private bool Encode(byte[] to, int offset)
        {
            if (_part == 0)
            {
                _part = _inversion.Advance() ? 1 : 0;
                return false;
            }

            _inversion.Finish(_point.Z);
            _point.Encode(to, offset, _isNegative);
            return true;
        }
    }
}

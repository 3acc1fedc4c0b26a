using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Decodes a point of edwards25519 (RFC 8032 section 5.1.3): y, below p, and the sign of x, which a root has to be taken
    /// for: 252 squarings, four a unit. Not in constant time.
    /// </summary>
    internal sealed class PointDecoder
    {
        private const int SquaringsPerUnit = 4;
        private const int StepCount = 11;
        private const int KeepAfterTen = 3;
        private const int KeepAfterFifty = 6;

        private const int Itself = 0;
        private const int Start = 1;
        private const int Ten = 2;
        private const int Fifty = 3;

        // To the power of 2^252 - 3: square so many times, multiply by what is named. All ones, first 1, then 2, 4, 5, 10, 20,
        // 40, 50, 100, 200 and 250 of them.
        private readonly byte[] _squarings = new byte[] { 1, 2, 1, 5, 10, 20, 10, 50, 100, 50, 2 };
        private readonly byte[] _factors = new byte[] { Itself, Itself, Start, Itself, Itself, Itself, Ten, Itself, Itself, Fifty, Start };

        private readonly Edwards25519 _curve;
        private readonly PrimeField _field;
        private readonly EdwardsPoint _point;
        private readonly long[] _power;
        private readonly long[] _start;
        private readonly long[] _itself;
        private readonly long[] _ten;
        private readonly long[] _fifty;
        private readonly long[] _u;
        private readonly long[] _v;
        private int _step;
        private int _squared;

        /// <param name="curve">The curve.</param>
        /// <param name="point">Where the point goes, made affine (Z is 1).</param>
        internal PointDecoder(Edwards25519 curve, EdwardsPoint point)
        {
            _curve = curve;
            _field = curve.Field;
            _point = point;
            _power = _field.NewElement();
            _start = _field.NewElement();
            _itself = _field.NewElement();
            _ten = _field.NewElement();
            _fifty = _field.NewElement();
            _u = _field.NewElement();
            _v = _field.NewElement();
        }

        /// <summary>Whether the bytes are a point's, after <see cref="Advance"/> has returned true.</summary>
        internal bool IsPoint { get; private set; }

        /// <summary>Begins; false where y is not below p.</summary>
        internal bool TryBegin(byte[] from, int offset)
        {
            PrimeField field = _field;
            long[] y = _point.Y;
            field.Modulus.LoadLittle(y, from, offset, 32);
            y[8] &= 0x7FFFFF;
            if (field.Modulus.IsBelow(y) == 0)
            {
                return false;
            }

            // x^2 = u / v, u = y^2 - 1, v = d y^2 + 1; the root, if there is one, is u v^3 (u v^7)^((p - 5) / 8), or that times
            // the root of -1.
            field.Square(_v, y);
            field.Subtract(_u, _v, field.Unit);
            field.Multiply(_v, _v, _curve.D);
            field.Add(_v, _v, field.Unit);
            field.Combine(_v, _v, _v, 0);
            _step = -1;
            IsPoint = false;
            return true;
        }

        /// <summary>Does one unit of work; true when it is done, and the point is in X, Y, Z and T where it is one.</summary>
        /// <param name="sign">The lowest bit that x is to have.</param>
        internal bool Advance(int sign)
        {
            PrimeField field = _field;
            if (_step < 0)
            {
                field.Square(_itself, _v);
                field.Multiply(_itself, _itself, _v);
                field.Multiply(_point.X, _itself, _u);
                field.Multiply(_start, _itself, _v);
                field.Multiply(_start, _start, _point.X);
                BeginStep(_start);
                return false;
            }

            if (_step < StepCount)
            {
                AdvancePower();
                return false;
            }

            return FinishRoot(sign);
        }

        internal void Clear()
        {
            Array.Clear(_power, 0, _power.Length);
            Array.Clear(_start, 0, _start.Length);
            Array.Clear(_itself, 0, _itself.Length);
            Array.Clear(_ten, 0, _ten.Length);
            Array.Clear(_fifty, 0, _fifty.Length);
            Array.Clear(_u, 0, _u.Length);
            Array.Clear(_v, 0, _v.Length);
        }

        private void BeginStep(long[] power)
        {
            _field.Copy(power, _power);
            _field.Copy(power, _itself);
            _step++;
            _squared = 0;
        }

        private void AdvancePower()
        {
            int step = _step;
            for (int i = 0; i < SquaringsPerUnit && _squared < _squarings[step]; i++)
            {
                _field.Square(_power, _power);
                _squared++;
            }

            if (_squared < _squarings[step])
            {
                return;
            }

            int factor = _factors[step];
            _field.Multiply(_power, _power, factor == Itself ? _itself : factor == Start ? _start : factor == Ten ? _ten : _fifty);
            if (step == KeepAfterTen)
            {
                _field.Copy(_power, _ten);
            }
            else if (step == KeepAfterFifty)
            {
                _field.Copy(_power, _fifty);
            }

            BeginStep(_power);
        }

        private bool FinishRoot(int sign)
        {
            PrimeField field = _field;
            EdwardsPoint point = _point;
            if (_step == StepCount)
            {
                field.Multiply(point.X, point.X, _power);
                field.Square(_power, point.X);
                field.Multiply(_power, _power, _v);
                field.Subtract(_start, _power, _u);
                if (field.IsZero(_start, _itself) == 0)
                {
                    field.Add(_power, _power, _u);
                    if (field.IsZero(_power, _itself) == 0)
                    {
                        return true;
                    }

                    field.Multiply(point.X, point.X, _curve.RootOfMinusOne);
                }

                _step++;
                return false;
            }

            field.Leave(_power, point.X);
            if ((_power[0] & 1) != sign)
            {
                if (field.IsZero(point.X, _itself) != 0)
                {
                    return true;
                }

                field.Negate(point.X, -1);
            }

            field.Copy(field.Unit, point.Z);
            field.Multiply(point.T, point.X, point.Y);
            IsPoint = true;
            return true;
        }
    }
}

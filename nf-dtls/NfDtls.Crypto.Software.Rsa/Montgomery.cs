using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Multiplication modulo an odd number by Montgomery's method, a few rows at a time. R is 2 to the <see cref="Width"/> times
    /// <see cref="Rows"/>, more than 16 times the modulus: factors may be up to four times the modulus (the left one below R, if
    /// the right one is below the modulus), products are below twice the modulus, and nothing is ever subtracted in between.
    /// </summary>
    /// <remarks>
    /// A limb has 28 bits (27 above 3356 bits of modulus) in a word of 64, so that all products which fall on a limb, two for
    /// each row, add up without a carry. Four rows are done in one pass: a limb is then read, and a sum read and written, once
    /// for eight products. No branch and no index depends on a number's value.
    /// </remarks>
    internal sealed class Montgomery
    {
        /// <summary>The most bits of a modulus whose limbs have 28 bits.</summary>
        internal const int MaxBitsOfWideLimbs = 3356;

        // The quotient is guessed from 30 bits of the modulus: right to within one for so many bits at a time.
        private const int BitsAShift = 24;
        private const int GuessBits = 30;

        private const int RowsAPass = 4;

        private readonly ulong[] _modulus;
        private readonly ulong[] _sum;
        private readonly ulong[] _square;
        private ulong[] _target;
        private ulong[] _left;
        private ulong[] _right;
        private ulong _mask;
        private ulong _inverse;
        private ulong _reciprocal;
        private int _bits;
        private int _limbs;
        private int _row;
        private int _shifts;

        /// <summary>Makes room for a modulus of so many bits.</summary>
        internal Montgomery(int maxBits)
        {
            Length = LengthFor(maxBits);
            _modulus = new ulong[Length];
            _sum = new ulong[Length + RowsAPass];
            _square = new ulong[Length];
        }

        /// <summary>Words that every number's array must have.</summary>
        internal int Length { get; }

        /// <summary>Bits of a limb.</summary>
        internal int Width { get; private set; }

        /// <summary>Limbs of R.</summary>
        internal int Rows { get; private set; }

        /// <summary>Limbs of a number below eight times the modulus.</summary>
        internal int Count
        {
            get { return _limbs; }
        }

        /// <summary>R squared, modulo the modulus: a factor that puts a number into Montgomery's form.</summary>
        internal ulong[] Square
        {
            get { return _square; }
        }

        /// <summary>What a pass over four rows costs, in units.</summary>
        internal int Cost { get; private set; }

        /// <summary>Whether there is work left, of a modulus being set or of a multiplication.</summary>
        internal bool IsBusy
        {
            get { return _target != null || _shifts > 0; }
        }

        /// <summary>Multiplications begun, for the tests.</summary>
        internal int Multiplications { get; private set; }

        /// <summary>Begins to use another modulus: odd, of so many bits. It is ready when <see cref="Work"/> has been called until not <see cref="IsBusy"/>.</summary>
        internal void SetModulus(byte[] buffer, int offset, int count, int bits)
        {
            Width = WidthFor(bits);
            _mask = (1UL << Width) - 1;
            _bits = bits;
            _limbs = LimbsFor(bits);
            Rows = (_limbs + 3) & ~3;
            Cost = (_limbs + 37) / 38;
            Array.Clear(_sum, 0, _sum.Length);
            Limbs.Load(_modulus, Width, buffer, offset, count);

            // Newton's method doubles the right bits, three to begin with; the inverse is needed with its sign changed.
            uint low = (uint)_modulus[0];
            uint inverse = low;
            for (int i = 0; i < 4; i++)
            {
                inverse *= 2 - low * inverse;
            }

            _inverse = (0 - inverse) & (uint)_mask;

            // 2^(bits-1) is below the modulus; it is doubled until it is R squared.
            _reciprocal = Divide(Top(_modulus) + 1);
            Array.Clear(_square, 0, Length);
            _square[(bits - 1) / Width] = 1UL << (bits - 1) % Width;
            _shifts = 2 * Rows * Width - (bits - 1);
        }

        /// <summary>Begins a multiplication: left times right over R. The target may be one of the factors.</summary>
        internal void Begin(ulong[] target, ulong[] left, ulong[] right)
        {
            _target = target;
            _left = left;
            _right = right;
            _row = 0;
            Multiplications++;
        }

        /// <summary>Does a pass, and returns what it cost.</summary>
        internal int Work()
        {
            if (_shifts > 0)
            {
                int bits = (_shifts - 1) % BitsAShift + 1;
                Shift(bits);
                _shifts -= bits;
                return Cost;
            }

            if (_left == _right)
            {
                AddSquareRows();
            }
            else
            {
                AddRows();
            }

            _row += RowsAPass;
            if (_row == Rows)
            {
                Carry();
                _target = null;
            }

            return Cost;
        }

        /// <summary>Adds two numbers, which together are below eight times the modulus.</summary>
        internal void Add(ulong[] target, ulong[] other)
        {
            ulong carry = 0;
            for (int i = 0; i < _limbs; i++)
            {
                carry += target[i] + other[i];
                target[i] = carry & _mask;
                carry >>= Width;
            }
        }

        /// <summary>Subtracts a number of at most four times the modulus, after adding so much: the result stays above zero.</summary>
        internal void Subtract(ulong[] target, ulong[] other)
        {
            long carry = 0;
            for (int i = 0; i < _limbs; i++)
            {
                carry += (long)target[i] + (long)(_modulus[i] << 2) - (long)other[i];
                target[i] = (ulong)carry & _mask;
                carry >>= Width;
            }
        }

        /// <summary>Takes the modulus off a number below twice the modulus, if it is not below the modulus.</summary>
        internal void Reduce(ulong[] number)
        {
            long borrow = 0;
            for (int i = 0; i < _limbs; i++)
            {
                borrow = (borrow + (long)number[i] - (long)_modulus[i]) >> Width;
            }

            ulong taken = ~(ulong)borrow;
            borrow = 0;
            for (int i = 0; i < _limbs; i++)
            {
                borrow += (long)number[i] - (long)(_modulus[i] & taken);
                number[i] = (ulong)borrow & _mask;
                borrow >>= Width;
            }
        }

        /// <summary>Zeroes all that it holds, and stops.</summary>
        internal void Clear()
        {
            Array.Clear(_modulus, 0, Length);
            Array.Clear(_sum, 0, _sum.Length);
            Array.Clear(_square, 0, Length);
            _inverse = 0;
            _reciprocal = 0;
            _shifts = 0;
            _target = null;
            _left = null;
            _right = null;
        }

        /// <summary>Words of a number's array for a modulus of so many bits: the limbs, and zeros that a pass runs over.</summary>
        internal static int LengthFor(int bits)
        {
            return ((LimbsFor(bits) + 2) & ~3) + 4;
        }

        private static int WidthFor(int bits)
        {
            return bits <= MaxBitsOfWideLimbs ? 28 : 27;
        }

        private static int LimbsFor(int bits)
        {
            int width = WidthFor(bits);
            return (bits + 4 + width - 1) / width;
        }

        /// <summary>Adds the next four limbs of the left factor times the right one, and the multiple of the modulus that makes four limbs zero, which fall off.</summary>
        private void AddRows()
        {
            ulong[] r = _sum;
            ulong[] b = _right;
            ulong[] n = _modulus;
            int width = Width;
            ulong mask = _mask;
            ulong inverse = _inverse;
            ulong a0 = _left[_row];
            ulong a1 = _left[_row + 1];
            ulong a2 = _left[_row + 2];
            ulong a3 = _left[_row + 3];
            ulong b0 = b[0];
            ulong b1 = b[1];
            ulong b2 = b[2];
            ulong b3 = b[3];
            ulong n0 = n[0];
            ulong n1 = n[1];
            ulong n2 = n[2];
            ulong n3 = n[3];

            ulong t = r[0] + a0 * b0;
            ulong m0 = t * inverse & mask;
            t = (t + m0 * n0 >> width) + r[1] + a0 * b1 + a1 * b0 + m0 * n1;
            ulong m1 = t * inverse & mask;
            t = (t + m1 * n0 >> width) + r[2] + a0 * b2 + a1 * b1 + a2 * b0 + m0 * n2 + m1 * n1;
            ulong m2 = t * inverse & mask;
            t = (t + m2 * n0 >> width) + r[3] + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + m0 * n3 + m1 * n2 + m2 * n1;
            ulong m3 = t * inverse & mask;
            r[4] += t + m3 * n0 >> width;

            // The four latest limbs of b and n go round in four variables each.
            int last = _limbs + 2;
            for (int k = 4; k <= last; k++)
            {
                b0 = b[k];
                n0 = n[k];
                r[k - 4] = r[k] + a0 * b0 + a1 * b3 + a2 * b2 + a3 * b1 + m0 * n0 + m1 * n3 + m2 * n2 + m3 * n1;
                k++;
                b1 = b[k];
                n1 = n[k];
                r[k - 4] = r[k] + a0 * b1 + a1 * b0 + a2 * b3 + a3 * b2 + m0 * n1 + m1 * n0 + m2 * n3 + m3 * n2;
                k++;
                b2 = b[k];
                n2 = n[k];
                r[k - 4] = r[k] + a0 * b2 + a1 * b1 + a2 * b0 + a3 * b3 + m0 * n2 + m1 * n1 + m2 * n0 + m3 * n3;
                k++;
                b3 = b[k];
                n3 = n[k];
                r[k - 4] = r[k] + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + m0 * n3 + m1 * n2 + m2 * n1 + m3 * n0;
            }
        }

        /// <summary>
        /// The same for a number times itself: products of two different limbs are added once, doubled, with the row of the
        /// lower one. So the first columns need the modulus only, and half of the other products fall away.
        /// </summary>
        private void AddSquareRows()
        {
            ulong[] r = _sum;
            ulong[] b = _right;
            ulong[] n = _modulus;
            int width = Width;
            ulong mask = _mask;
            ulong inverse = _inverse;
            int row = _row;
            ulong a0 = b[row];
            ulong a1 = b[row + 1];
            ulong a2 = b[row + 2];
            ulong a3 = b[row + 3];
            ulong d0 = a0 << 1;
            ulong d1 = a1 << 1;
            ulong d2 = a2 << 1;
            ulong d3 = a3 << 1;

            // The four limbs with each other.
            r[row] += a0 * a0;
            r[row + 1] += d0 * a1;
            r[row + 2] += d0 * a2 + a1 * a1;
            r[row + 3] += d0 * a3 + d1 * a2;
            r[row + 4] += d1 * a3 + a2 * a2;
            r[row + 5] += d2 * a3;
            r[row + 6] += a3 * a3;

            ulong n0 = n[0];
            ulong n1 = n[1];
            ulong n2 = n[2];
            ulong n3 = n[3];
            ulong t = r[0];
            ulong m0 = t * inverse & mask;
            t = (t + m0 * n0 >> width) + r[1] + m0 * n1;
            ulong m1 = t * inverse & mask;
            t = (t + m1 * n0 >> width) + r[2] + m0 * n2 + m1 * n1;
            ulong m2 = t * inverse & mask;
            t = (t + m2 * n0 >> width) + r[3] + m0 * n3 + m1 * n2 + m2 * n1;
            ulong m3 = t * inverse & mask;
            r[4] += t + m3 * n0 >> width;

            int k = 4;
            int next = row + 4;
            for (; k < next; k++)
            {
                n0 = n[k];
                r[k - 4] = r[k] + m0 * n0 + m1 * n3 + m2 * n2 + m3 * n1;
                k++;
                n1 = n[k];
                r[k - 4] = r[k] + m0 * n1 + m1 * n0 + m2 * n3 + m3 * n2;
                k++;
                n2 = n[k];
                r[k - 4] = r[k] + m0 * n2 + m1 * n1 + m2 * n0 + m3 * n3;
                k++;
                n3 = n[k];
                r[k - 4] = r[k] + m0 * n3 + m1 * n2 + m2 * n1 + m3 * n0;
            }

            // With the limbs after them.
            ulong b0;
            ulong b1 = 0;
            ulong b2 = 0;
            ulong b3 = 0;
            int last = _limbs + 2;
            for (; k <= last; k++)
            {
                b0 = b[k];
                n0 = n[k];
                r[k - 4] = r[k] + d0 * b0 + d1 * b3 + d2 * b2 + d3 * b1 + m0 * n0 + m1 * n3 + m2 * n2 + m3 * n1;
                k++;
                b1 = b[k];
                n1 = n[k];
                r[k - 4] = r[k] + d0 * b1 + d1 * b0 + d2 * b3 + d3 * b2 + m0 * n1 + m1 * n0 + m2 * n3 + m3 * n2;
                k++;
                b2 = b[k];
                n2 = n[k];
                r[k - 4] = r[k] + d0 * b2 + d1 * b1 + d2 * b0 + d3 * b3 + m0 * n2 + m1 * n1 + m2 * n0 + m3 * n3;
                k++;
                b3 = b[k];
                n3 = n[k];
                r[k - 4] = r[k] + d0 * b3 + d1 * b2 + d2 * b1 + d3 * b0 + m0 * n3 + m1 * n2 + m2 * n1 + m3 * n0;
            }

            // The highest four have moved down; other than a product's, a square's may not have been zero.
            Array.Clear(r, k - 4, 4);
        }

        /// <summary>Moves what is above a limb's width up, into the target, and leaves the sums zero.</summary>
        private void Carry()
        {
            ulong carry = 0;
            for (int i = 0; i < _limbs; i++)
            {
                carry += _sum[i];
                _sum[i] = 0;
                _target[i] = carry & _mask;
                carry >>= Width;
            }

            // A left factor below R may have been there.
            Array.Clear(_target, _limbs, Length - _limbs);
        }

        /// <summary>Shifts R's growing power left, and takes off the modulus as often as its top limbs tell: it stays below twice the modulus.</summary>
        private void Shift(int bits)
        {
            ulong[] x = _square;
            ulong[] n = _modulus;
            int width = Width;
            ulong mask = _mask;
            ulong quotient = Top(x) * _reciprocal >> 2 * GuessBits - bits;
            long carry = 0;
            for (int i = 0; i < _limbs; i++)
            {
                carry += (long)((x[i] << bits) - quotient * n[i]);
                x[i] = (ulong)carry & mask;
                carry >>= width;
            }
        }

        /// <summary>A number without its bits below the modulus' highest 30.</summary>
        private ulong Top(ulong[] number)
        {
            int limb = (_bits - GuessBits) / Width;
            int shift = (_bits - GuessBits) % Width;
            return number[limb] >> shift | number[limb + 1] << Width - shift | number[limb + 2] << 2 * Width - shift;
        }

        /// <summary>2^60 over a number above 2^29, rounded down. A processor's division may take longer for some numbers; this does not.</summary>
        private static ulong Divide(ulong divisor)
        {
            long rest = 1L << GuessBits - 1;
            ulong quotient = 0;
            for (int i = 0; i <= GuessBits; i++)
            {
                rest = (rest << 1) - (long)divisor;
                long isNegative = rest >> 63;
                rest += (long)divisor & isNegative;
                quotient = quotient << 1 | (ulong)(isNegative + 1);
            }

            return quotient;
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// The inverse modulo an odd number by division steps (Bernstein and Yang, 2019; here those with delta from 1/2), LimbBits
    /// of them at a time: about as long as 90 multiplications, where a power would take 270. In constant time; the inverse of
    /// 0 is 0.
    /// </summary>
    internal sealed class Inversion
    {
        private readonly int _turns;
        private Modulus _modulus;
        private readonly long[] _f;
        private readonly long[] _g;
        private readonly long[] _d;
        private readonly long[] _e;
        private int _eta;
        private int _u;
        private int _v;
        private int _q;
        private int _r;
        private int _turn;

        /// <param name="limbs">Limbs of the numbers.</param>
        /// <param name="bits">Bits of the moduli.</param>
        /// <param name="limbBits">Bits of a limb.</param>
        internal Inversion(int limbs, int bits, int limbBits)
        {
            // The bound for numbers of so many bits, in whole turns.
            _turns = ((45907 * bits + 26313) / 19929 + limbBits - 1) / limbBits;
            _f = new long[limbs];
            _g = new long[limbs];
            _d = new long[limbs];
            _e = new long[limbs];
        }

        /// <summary>Begins to invert a number below the modulus.</summary>
        internal void Begin(Modulus modulus, long[] value)
        {
            int limbs = _f.Length;
            _modulus = modulus;
            Array.Copy(modulus.Value, _f, limbs);
            Array.Copy(value, _g, limbs);
            Array.Clear(_d, 0, limbs);
            Array.Clear(_e, 0, limbs);
            _e[0] = 1;
            _eta = -1;
            _turn = 0;
        }

        /// <summary>Works as long as about 4 multiplications; true when the inverse is there.</summary>
        internal bool Advance()
        {
            Divide();
            UpdateNumbers();
            UpdateFactors();
            _turn++;
            return _turn == _turns;
        }

        /// <summary>Writes the inverse, below the modulus.</summary>
        internal void Finish(long[] result)
        {
            // f is 1 or -1, and d, between -2m and m, times f is the inverse.
            long[] m = _modulus.Value;
            int last = m.Length - 1;
            long sign = _f[last] >> 63;
            AddModulus(_d[last] >> 63);
            for (int i = 0; i <= last; i++)
            {
                _d[i] = (_d[i] ^ sign) - sign;
            }

            AddModulus(0);
            AddModulus(_d[last] >> 63);
            Array.Copy(_d, result, m.Length);
        }

        internal void Clear()
        {
            Array.Clear(_f, 0, _f.Length);
            Array.Clear(_g, 0, _g.Length);
            Array.Clear(_d, 0, _d.Length);
            Array.Clear(_e, 0, _e.Length);
            _u = 0;
            _v = 0;
            _q = 0;
            _r = 0;
            _eta = 0;
        }

        /// <summary>LimbBits division steps on the low bits of f and g; the matrix that they make is u, v, q, r.</summary>
        private void Divide()
        {
            int f = (int)(_f[0] | _f[1] << _modulus.LimbBits);
            int g = (int)(_g[0] | _g[1] << _modulus.LimbBits);
            int eta = _eta;
            int u = 1;
            int v = 0;
            int q = 0;
            int r = 1;
            for (int i = _modulus.LimbBits; i > 0; i--)
            {
                int swap = eta >> 31;
                int odd = -(g & 1);
                g += ((f ^ swap) - swap) & odd;
                q += ((u ^ swap) - swap) & odd;
                r += ((v ^ swap) - swap) & odd;
                swap &= odd;
                eta = (eta ^ swap) - 1;
                f += g & swap;
                u += q & swap;
                v += r & swap;
                g >>= 1;
                u <<= 1;
                v <<= 1;
            }

            _eta = eta;
            _u = u;
            _v = v;
            _q = q;
            _r = r;
        }

        /// <summary>f and g times the matrix, and divided by 2^LimbBits, which leaves no rest.</summary>
        private void UpdateNumbers()
        {
            long[] f = _f;
            long[] g = _g;
            long u = _u;
            long v = _v;
            long q = _q;
            long r = _r;
            int bits = _modulus.LimbBits;
            long mask = _modulus.Mask;
            int last = f.Length - 1;
            long accF = u * f[0] + v * g[0] >> bits;
            long accG = q * f[0] + r * g[0] >> bits;
            for (int i = 1; i <= last; i++)
            {
                long fi = f[i];
                long gi = g[i];
                accF += u * fi + v * gi;
                accG += q * fi + r * gi;
                f[i - 1] = accF & mask;
                g[i - 1] = accG & mask;
                accF >>= bits;
                accG >>= bits;
            }

            f[last] = accF;
            g[last] = accG;
        }

        /// <summary>The same for d and e modulo m: multiples of m make the division leave no rest.</summary>
        private void UpdateFactors()
        {
            long[] d = _d;
            long[] e = _e;
            long[] m = _modulus.Value;
            long u = _u;
            long v = _v;
            long q = _q;
            long r = _r;
            int bits = _modulus.LimbBits;
            long mask = _modulus.Mask;
            int last = d.Length - 1;
            long signD = d[last] >> 63;
            long signE = e[last] >> 63;
            long accD = u * d[0] + v * e[0];
            long accE = q * d[0] + r * e[0];
            long timesD = (u & signD) + (v & signE);
            long timesE = (q & signD) + (r & signE);
            timesD -= _modulus.Inverse * accD + timesD & mask;
            timesE -= _modulus.Inverse * accE + timesE & mask;
            accD = accD + m[0] * timesD >> bits;
            accE = accE + m[0] * timesE >> bits;
            for (int i = 1; i <= last; i++)
            {
                long di = d[i];
                long ei = e[i];
                long mi = m[i];
                accD += u * di + v * ei + mi * timesD;
                accE += q * di + r * ei + mi * timesE;
                d[i - 1] = accD & mask;
                e[i - 1] = accE & mask;
                accD >>= bits;
                accE >>= bits;
            }

            d[last] = accD;
            e[last] = accE;
        }

        /// <summary>d += m where the mask is set, with its carries; the top limb keeps the sign.</summary>
        private void AddModulus(long addMask)
        {
            long[] m = _modulus.Value;
            int last = m.Length - 1;
            long acc = 0;
            for (int i = 0; i < last; i++)
            {
                acc += _d[i] + (m[i] & addMask);
                _d[i] = acc & _modulus.Mask;
                acc >>= _modulus.LimbBits;
            }

            _d[last] += acc + (m[last] & addMask);
        }
    }
}

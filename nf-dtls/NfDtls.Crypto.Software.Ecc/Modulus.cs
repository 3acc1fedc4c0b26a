namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// An odd modulus, and arithmetic modulo it on numbers from 0 on in limbs below 2^LimbBits: few operations need it, so it
    /// is small and not fast. In no time that depends on the numbers.
    /// </summary>
    internal sealed class Modulus
    {
        internal readonly int LimbBits;
        internal readonly long Mask;

        /// <summary>The modulus in limbs.</summary>
        internal readonly long[] Value;

        /// <summary>1 / modulus modulo 2^LimbBits.</summary>
        internal readonly long Inverse;

        private readonly long[] _squareOfR;

        /// <param name="value">The modulus.</param>
        /// <param name="limbBits">Bits of a limb.</param>
        /// <param name="squareOfR">R^2 modulo it, R being 2^(limbs * limbBits); null where nothing is to be multiplied.</param>
        internal Modulus(long[] value, int limbBits, long[] squareOfR)
        {
            Value = value;
            _squareOfR = squareOfR;
            LimbBits = limbBits;
            Mask = (1L << limbBits) - 1;

            // Newton: each turn doubles the bits that are right, and an odd number is its own inverse modulo 8.
            long inverse = value[0];
            for (int i = 0; i < 4; i++)
            {
                inverse = inverse * (2 - value[0] * inverse & Mask) & Mask;
            }

            Inverse = inverse;
        }

        internal int Limbs
        {
            get { return Value.Length; }
        }

        /// <summary>Limbs from bytes, the most significant first.</summary>
        internal void Load(long[] result, byte[] from, int offset, int count)
        {
            Load(result, from, offset + count - 1, count, -1);
        }

        /// <summary>Limbs from bytes, the least significant first.</summary>
        internal void LoadLittle(long[] result, byte[] from, int offset, int count)
        {
            Load(result, from, offset, count, 1);
        }

        /// <summary>Bytes of a number, the most significant first.</summary>
        internal void Store(long[] value, byte[] to, int offset, int count)
        {
            Store(value, to, offset + count - 1, count, -1);
        }

        /// <summary>Bytes of a number, the least significant first.</summary>
        internal void StoreLittle(long[] value, byte[] to, int offset, int count)
        {
            Store(value, to, offset, count, 1);
        }

        /// <summary>Mask: a is below the modulus.</summary>
        internal long IsBelow(long[] a)
        {
            long borrow = 0;
            for (int i = 0; i < Value.Length; i++)
            {
                borrow = (a[i] - Value[i] + borrow) >> LimbBits;
            }

            return borrow;
        }

        /// <summary>Subtracts the modulus once from what is not below it.</summary>
        internal void SubtractOnce(long[] a)
        {
            long mask = ~IsBelow(a);
            long acc = 0;
            for (int i = 0; i < Value.Length; i++)
            {
                acc += a[i] - (Value[i] & mask);
                a[i] = acc & Mask;
                acc >>= LimbBits;
            }
        }

        /// <summary>
        /// result = a * b / R, below the modulus, where a is below R and b below the modulus. The scratch has as many limbs
        /// and is overwritten; result is neither factor.
        /// </summary>
        internal void Multiply(long[] result, long[] a, long[] b, long[] scratch)
        {
            long[] m = Value;
            int n = m.Length;
            long acc = 0;
            for (int k = 0; k < 2 * n; k++)
            {
                int first = k < n ? 0 : k - n + 1;
                int last = k < n ? k : n;
                for (int i = first; i < last; i++)
                {
                    acc += a[i] * b[k - i] + scratch[i] * m[k - i];
                }

                if (k < n)
                {
                    acc += a[k] * b[0];
                    long digit = -acc * Inverse & Mask;
                    scratch[k] = digit;
                    acc += digit * m[0];
                }
                else
                {
                    result[k - n] = acc & Mask;
                }

                acc >>= LimbBits;
            }

            SubtractOnce(result);
        }

        /// <summary>result = a * b, below the modulus, where a is below R and b below the modulus.</summary>
        internal void MultiplyPlain(long[] result, long[] a, long[] b, long[] product, long[] scratch)
        {
            Enter(product, a, scratch);
            Multiply(result, product, b, scratch);
        }

        /// <summary>result = a R, below the modulus, where a is below R.</summary>
        internal void Enter(long[] result, long[] a, long[] scratch)
        {
            Multiply(result, a, _squareOfR, scratch);
        }

        /// <summary>result = a / R, below the modulus, where a is below R.</summary>
        internal void Leave(long[] result, long[] a, long[] scratch)
        {
            long[] one = new long[Value.Length];
            one[0] = 1;
            Multiply(result, a, one, scratch);
        }

        /// <summary>a = a + b, where both are below the modulus.</summary>
        internal void Add(long[] a, long[] b)
        {
            long acc = 0;
            for (int i = 0; i < Value.Length; i++)
            {
                acc += a[i] + b[i];
                a[i] = acc & Mask;
                acc >>= LimbBits;
            }

            SubtractOnce(a);
        }

        private void Load(long[] result, byte[] from, int place, int count, int direction)
        {
            long acc = 0;
            int bits = 0;
            int limb = 0;
            for (; count > 0; count--)
            {
                acc |= (long)from[place] << bits;
                place += direction;
                bits += 8;
                if (bits >= LimbBits)
                {
                    result[limb++] = acc & Mask;
                    acc >>= LimbBits;
                    bits -= LimbBits;
                }
            }

            for (; limb < result.Length; limb++)
            {
                result[limb] = acc;
                acc = 0;
            }
        }

        private void Store(long[] value, byte[] to, int place, int count, int direction)
        {
            long acc = 0;
            int bits = 0;
            int limb = 0;
            for (; count > 0; count--)
            {
                if (bits < 8 && limb < Value.Length)
                {
                    acc |= value[limb++] << bits;
                    bits += LimbBits;
                }

                to[place] = (byte)acc;
                place += direction;
                acc >>= 8;
                bits -= 8;
            }
        }
    }
}

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Arithmetic modulo p = 2^255 - 19, in 9 limbs of 29 bits.
    /// </summary>
    /// <remarks>
    /// Unrolled, as <see cref="P256Field"/>; a product is about 620 IL instructions.
    /// </remarks>
    internal sealed class Field25519 : PrimeField
    {
        private const long Mask = 0x1FFFFFFF;
        private const long TopMask = 0x7FFFFF;

        // 4p, so that what is added to it is positive.
        private readonly long[] _fourModuli = new long[]
        {
            0x7FFFFFB4, 0x7FFFFFFC, 0x7FFFFFFC, 0x7FFFFFFC, 0x7FFFFFFC, 0x7FFFFFFC, 0x7FFFFFFC, 0x7FFFFFFC, 0x01FFFFFC,
        };

        internal Field25519()
            : base(32, 9, 29, new long[]
            {
                0x1FFFFFED, 0x1FFFFFFF, 0x1FFFFFFF, 0x1FFFFFFF, 0x1FFFFFFF, 0x1FFFFFFF, 0x1FFFFFFF, 0x1FFFFFFF, 0x007FFFFF,
            })
        {
        }

        internal override void Multiply(long[] result, long[] a, long[] b)
        {
            long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
            long a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8];
            long b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4];
            long b5 = b[5], b6 = b[6], b7 = b[7], b8 = b[8];

            // The columns from 2^261 on, which are worth 19 * 2^6 times those 261 bits below.
            long acc = a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1;
            long h0 = acc & Mask;
            acc = (acc >> 29) + a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2;
            long h1 = acc & Mask;
            acc = (acc >> 29) + a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3;
            long h2 = acc & Mask;
            acc = (acc >> 29) + a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4;
            long h3 = acc & Mask;
            acc = (acc >> 29) + a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5;
            long h4 = acc & Mask;
            acc = (acc >> 29) + a6 * b8 + a7 * b7 + a8 * b6;
            long h5 = acc & Mask;
            acc = (acc >> 29) + a7 * b8 + a8 * b7;
            long h6 = acc & Mask;
            acc = (acc >> 29) + a8 * b8;
            long h7 = acc & Mask;
            long h8 = acc >> 29;

            acc = a0 * b0 + 1216 * h0;
            long r0 = acc & Mask;
            acc = (acc >> 29) + a0 * b1 + a1 * b0 + 1216 * h1;
            long r1 = acc & Mask;
            acc = (acc >> 29) + a0 * b2 + a1 * b1 + a2 * b0 + 1216 * h2;
            result[2] = acc & Mask;
            acc = (acc >> 29) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + 1216 * h3;
            result[3] = acc & Mask;
            acc = (acc >> 29) + a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + 1216 * h4;
            result[4] = acc & Mask;
            acc = (acc >> 29) + a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + 1216 * h5;
            result[5] = acc & Mask;
            acc = (acc >> 29) + a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 + 1216 * h6;
            result[6] = acc & Mask;
            acc = (acc >> 29) + a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 + 1216 * h7;
            result[7] = acc & Mask;
            acc = (acc >> 29) + a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 + 1216 * h8;
            result[8] = acc & TopMask;

            acc = r0 + 19 * (acc >> 23);
            result[0] = acc & Mask;
            result[1] = r1 + (acc >> 29);
        }

        internal override void Square(long[] result, long[] a)
        {
            long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
            long a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8];
            long d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1;
            long d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1;

            // The columns from 2^261 on, which are worth 19 * 2^6 times those 261 bits below.
            long acc = d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5;
            long h0 = acc & Mask;
            acc = (acc >> 29) + d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5;
            long h1 = acc & Mask;
            acc = (acc >> 29) + d3 * a8 + d4 * a7 + d5 * a6;
            long h2 = acc & Mask;
            acc = (acc >> 29) + d4 * a8 + d5 * a7 + a6 * a6;
            long h3 = acc & Mask;
            acc = (acc >> 29) + d5 * a8 + d6 * a7;
            long h4 = acc & Mask;
            acc = (acc >> 29) + d6 * a8 + a7 * a7;
            long h5 = acc & Mask;
            acc = (acc >> 29) + d7 * a8;
            long h6 = acc & Mask;
            acc = (acc >> 29) + a8 * a8;
            long h7 = acc & Mask;
            long h8 = acc >> 29;

            acc = a0 * a0 + 1216 * h0;
            long r0 = acc & Mask;
            acc = (acc >> 29) + d0 * a1 + 1216 * h1;
            long r1 = acc & Mask;
            acc = (acc >> 29) + d0 * a2 + a1 * a1 + 1216 * h2;
            result[2] = acc & Mask;
            acc = (acc >> 29) + d0 * a3 + d1 * a2 + 1216 * h3;
            result[3] = acc & Mask;
            acc = (acc >> 29) + d0 * a4 + d1 * a3 + a2 * a2 + 1216 * h4;
            result[4] = acc & Mask;
            acc = (acc >> 29) + d0 * a5 + d1 * a4 + d2 * a3 + 1216 * h5;
            result[5] = acc & Mask;
            acc = (acc >> 29) + d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + 1216 * h6;
            result[6] = acc & Mask;
            acc = (acc >> 29) + d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + 1216 * h7;
            result[7] = acc & Mask;
            acc = (acc >> 29) + d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4 + 1216 * h8;
            result[8] = acc & TopMask;

            acc = r0 + 19 * (acc >> 23);
            result[0] = acc & Mask;
            result[1] = r1 + (acc >> 29);
        }

        internal override void Combine(long[] result, long[] a, long[] b, long factor)
        {
            long acc = a[0] + factor * b[0];
            long r0 = acc & Mask;
            acc = (acc >> 29) + a[1] + factor * b[1];
            result[1] = acc & Mask;
            acc = (acc >> 29) + a[2] + factor * b[2];
            result[2] = acc & Mask;
            acc = (acc >> 29) + a[3] + factor * b[3];
            result[3] = acc & Mask;
            acc = (acc >> 29) + a[4] + factor * b[4];
            result[4] = acc & Mask;
            acc = (acc >> 29) + a[5] + factor * b[5];
            result[5] = acc & Mask;
            acc = (acc >> 29) + a[6] + factor * b[6];
            result[6] = acc & Mask;
            acc = (acc >> 29) + a[7] + factor * b[7];
            result[7] = acc & Mask;
            acc = (acc >> 29) + a[8] + factor * b[8];
            result[8] = acc & TopMask;
            long top = acc >> 23;
            result[0] = r0 + 19 * top;
        }

        internal override void Add(long[] result, long[] a, long[] b)
        {
            result[0] = a[0] + b[0];
            result[1] = a[1] + b[1];
            result[2] = a[2] + b[2];
            result[3] = a[3] + b[3];
            result[4] = a[4] + b[4];
            result[5] = a[5] + b[5];
            result[6] = a[6] + b[6];
            result[7] = a[7] + b[7];
            result[8] = a[8] + b[8];
        }

        internal override void Subtract(long[] result, long[] a, long[] b)
        {
            result[0] = a[0] - b[0];
            result[1] = a[1] - b[1];
            result[2] = a[2] - b[2];
            result[3] = a[3] - b[3];
            result[4] = a[4] - b[4];
            result[5] = a[5] - b[5];
            result[6] = a[6] - b[6];
            result[7] = a[7] - b[7];
            result[8] = a[8] - b[8];
        }

        internal override void Enter(long[] value)
        {
        }

        internal override void Leave(long[] result, long[] a)
        {
            // The second pass takes in what the first one folded.
            Combine(result, _fourModuli, a, 1);
            Combine(result, result, result, 0);
            SubtractModulus(result);
        }
    }
}

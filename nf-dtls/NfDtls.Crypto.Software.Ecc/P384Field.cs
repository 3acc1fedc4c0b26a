namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Arithmetic modulo p = 2^384 - 2^128 - 2^96 + 2^32 - 1, in 14 limbs of 28 bits and Montgomery form with R = 2^392.
    /// </summary>
    /// <remarks>
    /// As <see cref="P256Field"/>; a product is about 1,350 IL instructions.
    /// </remarks>
    internal sealed class P384Field : PrimeField
    {
        private const long Mask = 0xFFFFFFF;
        private const long TopMask = 0xFFFFF;

        // R^2 mod p, R being 2^392.
        private readonly long[] _squareOfR = new long[]
        {
            0x00010000, 0x0FE00000, 0x00FFFFFF, 0x00000000, 0x00000002, 0x00000000, 0x0FFFFE00,
            0x00000FFF, 0x00020000, 0x00100000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
        };

        internal P384Field()
            : base(48, 14, 28, new long[]
            {
                0x0FFFFFFF, 0x0000000F, 0x00000000, 0x0FFFF000, 0x0FFEFFFF, 0x0FFFFFFF, 0x0FFFFFFF,
                0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x000FFFFF,
            })
        {
            Enter(Unit);
        }

        internal override void Multiply(long[] result, long[] a, long[] b)
        {
            long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
            long a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9];
            long a10 = a[10], a11 = a[11], a12 = a[12], a13 = a[13];
            long b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4];
            long b5 = b[5], b6 = b[6], b7 = b[7], b8 = b[8], b9 = b[9];
            long b10 = b[10], b11 = b[11], b12 = b[12], b13 = b[13];

            long acc = a0 * b0;
            long m0 = acc & Mask;
            acc = (acc >> 28) + a0 * b1 + a1 * b0 + (m0 << 4);
            long m1 = acc & Mask;
            acc = (acc >> 28) + a0 * b2 + a1 * b1 + a2 * b0 + (m1 << 4);
            long m2 = acc & Mask;
            acc = (acc >> 28) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + (m2 << 4) - (m0 << 12);
            long m3 = acc & Mask;
            acc = (acc >> 28) + a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (m3 << 4) - (m1 << 12) - (m0 << 16);
            long m4 = acc & Mask;
            acc = (acc >> 28) + a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + (m4 << 4) - (m2 << 12) - (m1 << 16);
            long m5 = acc & Mask;
            acc = (acc >> 28) + a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 + (m5 << 4) - (m3 << 12) - (m2 << 16);
            long m6 = acc & Mask;
            acc = (acc >> 28) + a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 + (m6 << 4) - (m4 << 12) - (m3 << 16);
            long m7 = acc & Mask;
            acc = (acc >> 28) + a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 + (m7 << 4) - (m5 << 12)
                - (m4 << 16);
            long m8 = acc & Mask;
            acc = (acc >> 28) + a0 * b9 + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 + a9 * b0 + (m8 << 4)
                - (m6 << 12) - (m5 << 16);
            long m9 = acc & Mask;
            acc = (acc >> 28) + a0 * b10 + a1 * b9 + a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 + a9 * b1 + a10 * b0
                + (m9 << 4) - (m7 << 12) - (m6 << 16);
            long m10 = acc & Mask;
            acc = (acc >> 28) + a0 * b11 + a1 * b10 + a2 * b9 + a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 + a9 * b2 + a10 * b1
                + a11 * b0 + (m10 << 4) - (m8 << 12) - (m7 << 16);
            long m11 = acc & Mask;
            acc = (acc >> 28) + a0 * b12 + a1 * b11 + a2 * b10 + a3 * b9 + a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 + a9 * b3 + a10 * b2
                + a11 * b1 + a12 * b0 + (m11 << 4) - (m9 << 12) - (m8 << 16);
            long m12 = acc & Mask;
            acc = (acc >> 28) + a0 * b13 + a1 * b12 + a2 * b11 + a3 * b10 + a4 * b9 + a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + a9 * b4 + a10 * b3
                + a11 * b2 + a12 * b1 + a13 * b0 + (m12 << 4) - (m10 << 12) - (m9 << 16) + (m0 << 20);
            long m13 = acc & Mask;
            acc = (acc >> 28) + a1 * b13 + a2 * b12 + a3 * b11 + a4 * b10 + a5 * b9 + a6 * b8 + a7 * b7 + a8 * b6 + a9 * b5 + a10 * b4 + a11 * b3
                + a12 * b2 + a13 * b1 + (m13 << 4) - (m11 << 12) - (m10 << 16) + (m1 << 20);
            result[0] = acc & Mask;
            acc = (acc >> 28) + a2 * b13 + a3 * b12 + a4 * b11 + a5 * b10 + a6 * b9 + a7 * b8 + a8 * b7 + a9 * b6 + a10 * b5 + a11 * b4 + a12 * b3
                + a13 * b2 - (m12 << 12) - (m11 << 16) + (m2 << 20);
            result[1] = acc & Mask;
            acc = (acc >> 28) + a3 * b13 + a4 * b12 + a5 * b11 + a6 * b10 + a7 * b9 + a8 * b8 + a9 * b7 + a10 * b6 + a11 * b5 + a12 * b4 + a13 * b3
                - (m13 << 12) - (m12 << 16) + (m3 << 20);
            result[2] = acc & Mask;
            acc = (acc >> 28) + a4 * b13 + a5 * b12 + a6 * b11 + a7 * b10 + a8 * b9 + a9 * b8 + a10 * b7 + a11 * b6 + a12 * b5 + a13 * b4
                - (m13 << 16) + (m4 << 20);
            result[3] = acc & Mask;
            acc = (acc >> 28) + a5 * b13 + a6 * b12 + a7 * b11 + a8 * b10 + a9 * b9 + a10 * b8 + a11 * b7 + a12 * b6 + a13 * b5 + (m5 << 20);
            result[4] = acc & Mask;
            acc = (acc >> 28) + a6 * b13 + a7 * b12 + a8 * b11 + a9 * b10 + a10 * b9 + a11 * b8 + a12 * b7 + a13 * b6 + (m6 << 20);
            result[5] = acc & Mask;
            acc = (acc >> 28) + a7 * b13 + a8 * b12 + a9 * b11 + a10 * b10 + a11 * b9 + a12 * b8 + a13 * b7 + (m7 << 20);
            result[6] = acc & Mask;
            acc = (acc >> 28) + a8 * b13 + a9 * b12 + a10 * b11 + a11 * b10 + a12 * b9 + a13 * b8 + (m8 << 20);
            result[7] = acc & Mask;
            acc = (acc >> 28) + a9 * b13 + a10 * b12 + a11 * b11 + a12 * b10 + a13 * b9 + (m9 << 20);
            result[8] = acc & Mask;
            acc = (acc >> 28) + a10 * b13 + a11 * b12 + a12 * b11 + a13 * b10 + (m10 << 20);
            result[9] = acc & Mask;
            acc = (acc >> 28) + a11 * b13 + a12 * b12 + a13 * b11 + (m11 << 20);
            result[10] = acc & Mask;
            acc = (acc >> 28) + a12 * b13 + a13 * b12 + (m12 << 20);
            result[11] = acc & Mask;
            acc = (acc >> 28) + a13 * b13 + (m13 << 20);
            result[12] = acc & Mask;
            result[13] = acc >> 28;
        }

        internal override void Square(long[] result, long[] a)
        {
            long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
            long a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9];
            long a10 = a[10], a11 = a[11], a12 = a[12], a13 = a[13];
            long d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1;
            long d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1, d8 = a8 << 1, d9 = a9 << 1;
            long d10 = a10 << 1, d11 = a11 << 1, d12 = a12 << 1;

            long acc = a0 * a0;
            long m0 = acc & Mask;
            acc = (acc >> 28) + d0 * a1 + (m0 << 4);
            long m1 = acc & Mask;
            acc = (acc >> 28) + d0 * a2 + a1 * a1 + (m1 << 4);
            long m2 = acc & Mask;
            acc = (acc >> 28) + d0 * a3 + d1 * a2 + (m2 << 4) - (m0 << 12);
            long m3 = acc & Mask;
            acc = (acc >> 28) + d0 * a4 + d1 * a3 + a2 * a2 + (m3 << 4) - (m1 << 12) - (m0 << 16);
            long m4 = acc & Mask;
            acc = (acc >> 28) + d0 * a5 + d1 * a4 + d2 * a3 + (m4 << 4) - (m2 << 12) - (m1 << 16);
            long m5 = acc & Mask;
            acc = (acc >> 28) + d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + (m5 << 4) - (m3 << 12) - (m2 << 16);
            long m6 = acc & Mask;
            acc = (acc >> 28) + d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + (m6 << 4) - (m4 << 12) - (m3 << 16);
            long m7 = acc & Mask;
            acc = (acc >> 28) + d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4 + (m7 << 4) - (m5 << 12) - (m4 << 16);
            long m8 = acc & Mask;
            acc = (acc >> 28) + d0 * a9 + d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5 + (m8 << 4) - (m6 << 12) - (m5 << 16);
            long m9 = acc & Mask;
            acc = (acc >> 28) + d0 * a10 + d1 * a9 + d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5 + (m9 << 4) - (m7 << 12) - (m6 << 16);
            long m10 = acc & Mask;
            acc = (acc >> 28) + d0 * a11 + d1 * a10 + d2 * a9 + d3 * a8 + d4 * a7 + d5 * a6 + (m10 << 4) - (m8 << 12) - (m7 << 16);
            long m11 = acc & Mask;
            acc = (acc >> 28) + d0 * a12 + d1 * a11 + d2 * a10 + d3 * a9 + d4 * a8 + d5 * a7 + a6 * a6 + (m11 << 4) - (m9 << 12) - (m8 << 16);
            long m12 = acc & Mask;
            acc = (acc >> 28) + d0 * a13 + d1 * a12 + d2 * a11 + d3 * a10 + d4 * a9 + d5 * a8 + d6 * a7 + (m12 << 4) - (m10 << 12) - (m9 << 16)
                + (m0 << 20);
            long m13 = acc & Mask;
            acc = (acc >> 28) + d1 * a13 + d2 * a12 + d3 * a11 + d4 * a10 + d5 * a9 + d6 * a8 + a7 * a7 + (m13 << 4) - (m11 << 12) - (m10 << 16)
                + (m1 << 20);
            result[0] = acc & Mask;
            acc = (acc >> 28) + d2 * a13 + d3 * a12 + d4 * a11 + d5 * a10 + d6 * a9 + d7 * a8 - (m12 << 12) - (m11 << 16) + (m2 << 20);
            result[1] = acc & Mask;
            acc = (acc >> 28) + d3 * a13 + d4 * a12 + d5 * a11 + d6 * a10 + d7 * a9 + a8 * a8 - (m13 << 12) - (m12 << 16) + (m3 << 20);
            result[2] = acc & Mask;
            acc = (acc >> 28) + d4 * a13 + d5 * a12 + d6 * a11 + d7 * a10 + d8 * a9 - (m13 << 16) + (m4 << 20);
            result[3] = acc & Mask;
            acc = (acc >> 28) + d5 * a13 + d6 * a12 + d7 * a11 + d8 * a10 + a9 * a9 + (m5 << 20);
            result[4] = acc & Mask;
            acc = (acc >> 28) + d6 * a13 + d7 * a12 + d8 * a11 + d9 * a10 + (m6 << 20);
            result[5] = acc & Mask;
            acc = (acc >> 28) + d7 * a13 + d8 * a12 + d9 * a11 + a10 * a10 + (m7 << 20);
            result[6] = acc & Mask;
            acc = (acc >> 28) + d8 * a13 + d9 * a12 + d10 * a11 + (m8 << 20);
            result[7] = acc & Mask;
            acc = (acc >> 28) + d9 * a13 + d10 * a12 + a11 * a11 + (m9 << 20);
            result[8] = acc & Mask;
            acc = (acc >> 28) + d10 * a13 + d11 * a12 + (m10 << 20);
            result[9] = acc & Mask;
            acc = (acc >> 28) + d11 * a13 + a12 * a12 + (m11 << 20);
            result[10] = acc & Mask;
            acc = (acc >> 28) + d12 * a13 + (m12 << 20);
            result[11] = acc & Mask;
            acc = (acc >> 28) + a13 * a13 + (m13 << 20);
            result[12] = acc & Mask;
            result[13] = acc >> 28;
        }

        internal override void Combine(long[] result, long[] a, long[] b, long factor)
        {
            long acc = a[0] + factor * b[0];
            long r0 = acc & Mask;
            acc = (acc >> 28) + a[1] + factor * b[1];
            long r1 = acc & Mask;
            acc = (acc >> 28) + a[2] + factor * b[2];
            result[2] = acc & Mask;
            acc = (acc >> 28) + a[3] + factor * b[3];
            long r3 = acc & Mask;
            acc = (acc >> 28) + a[4] + factor * b[4];
            long r4 = acc & Mask;
            acc = (acc >> 28) + a[5] + factor * b[5];
            result[5] = acc & Mask;
            acc = (acc >> 28) + a[6] + factor * b[6];
            result[6] = acc & Mask;
            acc = (acc >> 28) + a[7] + factor * b[7];
            result[7] = acc & Mask;
            acc = (acc >> 28) + a[8] + factor * b[8];
            result[8] = acc & Mask;
            acc = (acc >> 28) + a[9] + factor * b[9];
            result[9] = acc & Mask;
            acc = (acc >> 28) + a[10] + factor * b[10];
            result[10] = acc & Mask;
            acc = (acc >> 28) + a[11] + factor * b[11];
            result[11] = acc & Mask;
            acc = (acc >> 28) + a[12] + factor * b[12];
            result[12] = acc & Mask;
            acc = (acc >> 28) + a[13] + factor * b[13];
            result[13] = acc & TopMask;
            long top = acc >> 20;
            result[0] = r0 + top;
            result[1] = r1 - (top << 4);
            result[3] = r3 + (top << 12);
            result[4] = r4 + (top << 16);
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
            result[9] = a[9] + b[9];
            result[10] = a[10] + b[10];
            result[11] = a[11] + b[11];
            result[12] = a[12] + b[12];
            result[13] = a[13] + b[13];
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
            result[9] = a[9] - b[9];
            result[10] = a[10] - b[10];
            result[11] = a[11] - b[11];
            result[12] = a[12] - b[12];
            result[13] = a[13] - b[13];
        }

        internal override void Enter(long[] value)
        {
            Multiply(value, value, _squareOfR);
        }

        internal override void Leave(long[] result, long[] a)
        {
            // From 0 to p, and p only for 0.
            Multiply(result, a, One);
            SubtractModulus(result);
        }
    }
}

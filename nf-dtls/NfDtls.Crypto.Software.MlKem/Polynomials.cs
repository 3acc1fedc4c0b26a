namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Polynomials of ML-KEM (FIPS 203 section 4): 256 numbers below 3329 each. What may depend on a secret takes as long for every number: nothing
    /// branches on one, is divided by it or looked up by it.
    /// </summary>
    internal sealed class Polynomials
    {
        internal const int Q = 3329;
        internal const int Degree = 256;

        /// <summary>2^32 modulo Q: multiplied by it and reduced, a number is 2^16 times what it was.</summary>
        internal const int Square = 1353;

        // -1/Q modulo 2^16, and Square / 128 modulo Q.
        private const int MinusInverse = 3327;
        private const int Back = 1441;

        private readonly ushort[] _zetas;

        internal Polynomials(KemTables tables)
        {
            _zetas = tables.Zetas;
        }

        /// <summary>x, or x - Q where x is not below Q; x is below 2 Q.</summary>
        internal static int Once(int x)
        {
            x -= Q;
            return x + (Q & (x >> 31));
        }

        /// <summary>x to so many bits (section 4.2.1).</summary>
        internal static int Compress(int x, int bits)
        {
            int n = (x << bits) + (Q / 2);

            // The quotient by a reciprocal is right or 1 too small, for n below 2^22.
            int quotient = (int)(((uint)(n >> 6) * 40317) >> 21);
            return (quotient + 1 + ((n - (quotient * Q) - Q) >> 31)) & ((1 << bits) - 1);
        }

        internal static void Add(ushort[] to, ushort[] poly)
        {
            for (int i = 0; i < Degree; i++)
            {
                to[i] = (ushort)Once(to[i] + poly[i]);
            }
        }

        internal static void Scale(ushort[] poly, int factor)
        {
            for (int i = 0; i < Degree; i++)
            {
                poly[i] = (ushort)Reduce(poly[i] * factor);
            }
        }

        /// <summary>The transform (algorithm 9).</summary>
        internal void Transform(ushort[] poly)
        {
            int at = 1;
            for (int half = 128; half >= 2; half >>= 1)
            {
                for (int start = 0; start < Degree; start += 2 * half)
                {
                    int zeta = _zetas[at];
                    at++;
                    for (int i = start; i < start + half; i++)
                    {
                        int product = zeta * poly[i + half];
                        product = (product + (((product * MinusInverse) & 0xFFFF) * Q)) >> 16;
                        product -= Q;
                        product += Q & (product >> 31);
                        int low = poly[i];
                        int less = low - product;
                        int more = low + product - Q;
                        poly[i + half] = (ushort)(less + (Q & (less >> 31)));
                        poly[i] = (ushort)(more + (Q & (more >> 31)));
                    }
                }
            }
        }

        /// <summary>The transform back (algorithm 10), of a sum of products as <see cref="Multiply"/> leaves them.</summary>
        internal void TransformBack(ushort[] poly)
        {
            int at = 127;
            for (int half = 2; half <= 128; half <<= 1)
            {
                for (int start = 0; start < Degree; start += 2 * half)
                {
                    int zeta = _zetas[at];
                    at--;
                    for (int i = start; i < start + half; i++)
                    {
                        int low = poly[i];
                        int high = poly[i + half];
                        int more = low + high - Q;
                        int less = high - low;
                        poly[i] = (ushort)(more + (Q & (more >> 31)));
                        poly[i + half] = (ushort)Reduce(zeta * (less + (Q & (less >> 31))));
                    }
                }
            }

            Scale(poly, Back);
        }

        /// <summary>Adds the product of two transformed polynomials (algorithm 11), divided by 2^16.</summary>
        internal void Multiply(ushort[] sum, ushort[] a, ushort[] b)
        {
            for (int i = 0; i < Degree; i += 2)
            {
                int zeta = _zetas[64 + (i >> 2)];
                int turned = Reduce(b[i + 1] * ((i & 2) == 0 ? zeta : Q - zeta));
                sum[i] = (ushort)Once(sum[i] + Reduce((a[i] * b[i]) + (a[i + 1] * turned)));
                sum[i + 1] = (ushort)Once(sum[i + 1] + Reduce((a[i] * b[i + 1]) + (a[i + 1] * b[i])));
            }
        }

        /// <summary>Small numbers of SHAKE's output (algorithm 8): each the difference of two sums of two bits.</summary>
        internal static void Sample(Keccak sponge, ushort[] poly)
        {
            for (int i = 0; i < Degree; i += 2)
            {
                int bits = sponge.Next();
                int sums = (bits & 0x55) + ((bits >> 1) & 0x55);
                poly[i] = (ushort)Once((sums & 3) + Q - ((sums >> 2) & 3));
                poly[i + 1] = (ushort)Once(((sums >> 4) & 3) + Q - ((sums >> 6) & 3));
            }
        }

        /// <summary>Writes one in full, 12 bits a number.</summary>
        internal static void Write(byte[] to, int at, ushort[] poly)
        {
            for (int i = 0; i < Degree; i += 2)
            {
                to[at] = (byte)poly[i];
                to[at + 1] = (byte)(poly[i] >> 8 | poly[i + 1] << 4);
                to[at + 2] = (byte)(poly[i + 1] >> 4);
                at += 3;
            }
        }

        /// <summary>Reads one of a public key; false where a number is not below Q.</summary>
        internal static bool Read(ushort[] poly, byte[] from, int at)
        {
            bool isRight = true;
            for (int i = 0; i < Degree; i += 2)
            {
                int one = from[at] | (from[at + 1] & 15) << 8;
                int two = from[at + 1] >> 4 | from[at + 2] << 4;
                poly[i] = (ushort)one;
                poly[i + 1] = (ushort)two;
                isRight &= one < Q && two < Q;
                at += 3;
            }

            return isRight;
        }

        /// <summary>Writes one compressed.</summary>
        internal static void WriteCompressed(byte[] to, ushort[] poly, int bits)
        {
            int at = 0;
            int kept = 0;
            int count = 0;
            for (int i = 0; i < Degree; i++)
            {
                kept |= Compress(poly[i], bits) << count;
                for (count += bits; count >= 8; count -= 8)
                {
                    to[at] = (byte)kept;
                    at++;
                    kept >>= 8;
                }
            }
        }

        /// <summary>Reads one that was compressed.</summary>
        internal static void ReadCompressed(ushort[] poly, byte[] from, int at, int bits)
        {
            int kept = 0;
            int count = 0;
            for (int i = 0; i < Degree; i++)
            {
                for (; count < bits; count += 8)
                {
                    kept |= from[at] << count;
                    at++;
                }

                poly[i] = (ushort)((((kept & ((1 << bits) - 1)) * Q) + (1 << (bits - 1))) >> bits);
                kept >>= bits;
                count -= bits;
            }
        }

        /// <summary>x / 2^16 modulo Q (Montgomery), for x below 2^16 Q.</summary>
        private static int Reduce(int x)
        {
            x = ((x + (((x * MinusInverse) & 0xFFFF) * Q)) >> 16) - Q;
            return x + (Q & (x >> 31));
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Poly1305 (RFC 8439 section 2.5) over whole blocks. Numbers modulo 2^130 - 5 are five limbs of 26 bits, so that sums
    /// of five products stay below 2^64.
    /// </summary>
    internal sealed class Poly1305
    {
        private const uint Mask = 0x3FFFFFF;

        private readonly uint[] _multiplier = new uint[5];
        private readonly uint[] _sum = new uint[5];
        private readonly uint[] _addend = new uint[4];

        /// <summary>Begins with a key of 32 bytes.</summary>
        internal void Start(byte[] key, int offset)
        {
            // RFC 8439's clamp, cut into limbs.
            _multiplier[0] = LittleEndian.Load32(key, offset) & 0x3FFFFFF;
            _multiplier[1] = LittleEndian.Load32(key, offset + 3) >> 2 & 0x3FFFF03;
            _multiplier[2] = LittleEndian.Load32(key, offset + 6) >> 4 & 0x3FFC0FF;
            _multiplier[3] = LittleEndian.Load32(key, offset + 9) >> 6 & 0x3F03FFF;
            _multiplier[4] = LittleEndian.Load32(key, offset + 12) >> 8 & 0x00FFFFF;
            for (int i = 0; i < 4; i++)
            {
                _addend[i] = LittleEndian.Load32(key, offset + 16 + 4 * i);
            }

            Array.Clear(_sum, 0, 5);
        }

        /// <summary>Adds a block of 16 bytes.</summary>
        internal void Add(byte[] data, int offset)
        {
            uint[] multiplier = _multiplier;
            uint[] sum = _sum;
            ulong h0 = sum[0] + (LittleEndian.Load32(data, offset) & Mask);
            ulong h1 = sum[1] + (LittleEndian.Load32(data, offset + 3) >> 2 & Mask);
            ulong h2 = sum[2] + (LittleEndian.Load32(data, offset + 6) >> 4 & Mask);
            ulong h3 = sum[3] + (LittleEndian.Load32(data, offset + 9) >> 6);
            ulong h4 = sum[4] + (LittleEndian.Load32(data, offset + 12) >> 8 | 1 << 24);

            uint r0 = multiplier[0];
            uint r1 = multiplier[1];
            uint r2 = multiplier[2];
            uint r3 = multiplier[3];
            uint r4 = multiplier[4];

            // What would stand at 2^130 and above comes back times 5.
            uint s1 = r1 * 5;
            uint s2 = r2 * 5;
            uint s3 = r3 * 5;
            uint s4 = r4 * 5;
            ulong d0 = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
            ulong d1 = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2 + (d0 >> 26);
            ulong d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3 + (d1 >> 26);
            ulong d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4 + (d2 >> 26);
            ulong d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0 + (d3 >> 26);

            ulong low = ((uint)d0 & Mask) + (d4 >> 26) * 5;
            sum[0] = (uint)low & Mask;
            sum[1] = ((uint)d1 & Mask) + (uint)(low >> 26);
            sum[2] = (uint)d2 & Mask;
            sum[3] = (uint)d3 & Mask;
            sum[4] = (uint)d4 & Mask;
        }

        /// <summary>Writes the tag of 16 bytes.</summary>
        internal void Finish(byte[] destination, int offset)
        {
            // Twice round makes every limb shorter than 27 bits and the number less than 2^130.
            uint[] sum = _sum;
            for (int round = 0; round < 2; round++)
            {
                Carry(sum);
            }

            // sum - (2^130 - 5), which is sum + 5 with the bit at 2^130 taken away, is the number wanted if that bit is there.
            uint[] reduced = _multiplier;
            Array.Copy(sum, reduced, 5);
            reduced[0] += 5;
            for (int i = 0; i < 4; i++)
            {
                reduced[i + 1] += reduced[i] >> 26;
                reduced[i] &= Mask;
            }

            uint take = 0 - (reduced[4] >> 26);
            for (int i = 0; i < 5; i++)
            {
                sum[i] ^= (sum[i] ^ reduced[i] & Mask) & take;
            }

            ulong carry = 0;
            for (int i = 0; i < 4; i++)
            {
                uint word = sum[i] >> 6 * i | sum[i + 1] << 26 - 6 * i;
                carry += (ulong)word + _addend[i];
                LittleEndian.Store32(destination, offset + 4 * i, (uint)carry);
                carry >>= 32;
            }

            Clear();
        }

        internal void Clear()
        {
            Array.Clear(_multiplier, 0, 5);
            Array.Clear(_sum, 0, 5);
            Array.Clear(_addend, 0, 4);
        }

        private static void Carry(uint[] sum)
        {
            for (int i = 0; i < 4; i++)
            {
                sum[i + 1] += sum[i] >> 26;
                sum[i] &= Mask;
            }

            sum[0] += (sum[4] >> 26) * 5;
            sum[4] &= Mask;
        }
    }
}

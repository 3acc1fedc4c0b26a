using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>The key stream of ChaCha20 (RFC 8439 section 2.3).</summary>
    internal sealed class ChaCha20
    {
        /// <summary>The block made last, as numbers.</summary>
        internal readonly uint[] Work = new uint[16];
        private readonly uint[] _input = new uint[16];

        internal ChaCha20(byte[] key, int offset)
        {
            // "expand 32-byte k"
            _input[0] = 0x61707865;
            _input[1] = 0x3320646E;
            _input[2] = 0x79622D32;
            _input[3] = 0x6B206574;
            for (int i = 0; i < 8; i++)
            {
                _input[4 + i] = LittleEndian.Load32(key, offset + 4 * i);
            }
        }

        /// <summary>Begins with the block of a number, under a nonce of 12 bytes.</summary>
        internal void Start(uint block, byte[] nonce, int nonceOffset)
        {
            _input[12] = block;
            for (int i = 0; i < 3; i++)
            {
                _input[13 + i] = LittleEndian.Load32(nonce, nonceOffset + 4 * i);
            }
        }

        /// <summary>Leaves the next 64 bytes in <see cref="Work"/> and counts on.</summary>
        internal void Next()
        {
            uint[] work = Work;
            uint[] input = _input;
            Array.Copy(input, work, 16);
            for (int i = 0; i < 10; i++)
            {
                QuarterRound(work, 0, 4, 8, 12);
                QuarterRound(work, 1, 5, 9, 13);
                QuarterRound(work, 2, 6, 10, 14);
                QuarterRound(work, 3, 7, 11, 15);
                QuarterRound(work, 0, 5, 10, 15);
                QuarterRound(work, 1, 6, 11, 12);
                QuarterRound(work, 2, 7, 8, 13);
                QuarterRound(work, 3, 4, 9, 14);
            }

            for (int i = 0; i < 16; i++)
            {
                work[i] += input[i];
            }

            input[12]++;
        }

        /// <summary>Writes the first bytes of the block made last, a multiple of 4.</summary>
        internal void Store(byte[] destination, int offset, int count)
        {
            for (int i = 0; i < count; i += 4)
            {
                LittleEndian.Store32(destination, offset + i, Work[i >> 2]);
            }
        }

        internal void Clear()
        {
            Array.Clear(_input, 0, 16);
            Array.Clear(Work, 0, 16);
        }

        private static void QuarterRound(uint[] state, int first, int second, int third, int fourth)
        {
            uint a = state[first];
            uint b = state[second];
            uint c = state[third];
            uint d = state[fourth];
            a += b;
            d ^= a;
            d = d << 16 | d >> 16;
            c += d;
            b ^= c;
            b = b << 12 | b >> 20;
            a += b;
            d ^= a;
            d = d << 8 | d >> 24;
            c += d;
            b ^= c;
            b = b << 7 | b >> 25;
            state[first] = a;
            state[second] = b;
            state[third] = c;
            state[fourth] = d;
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>SHA-256 (FIPS 180-4 section 6.2).</summary>
    internal sealed class Sha256 : BlockHash
    {
        /// <summary>A word times this is the word twice.</summary>
        private const ulong Twice = 0x100000001;

        private readonly Sha2Constants _constants;
        private readonly uint[] _state;

        internal Sha256(Sha2Constants constants)
            : this(constants, new uint[8])
        {
        }

        private Sha256(Sha2Constants constants, uint[] state)
            : base(state, constants.Saved32, constants.Tail32)
        {
            _constants = constants;
            _state = state;
            Reset();
        }

        public override int Size
        {
            get { return 32; }
        }

        /// <inheritdoc/>
        /// <remarks>Without data: what stands in the schedule already, as words.</remarks>
        internal override void Compress(byte[] data, int offset)
        {
            uint[] schedule = _constants.Schedule32;
            for (int t = 0; data != null && t < 16; t++)
            {
                schedule[t] = (uint)(data[offset] << 24 | data[offset + 1] << 16 | data[offset + 2] << 8 | data[offset + 3]);
                offset += 4;
            }

            // A word that stands in a long twice is turned by a shift; of such a long only the lower half of a sum counts. Those that are
            // wanted again soon are kept so: of the words 15 and 16, and 1 and 2, before the one that is made.
            ulong even = schedule[0];
            ulong near = schedule[14] * Twice;
            ulong nearer = schedule[15] * Twice;
            for (int t = 16; t < 64; t += 2)
            {
                ulong odd = schedule[t - 15] * Twice;
                near = (uint)((near >> 17 ^ near >> 19 ^ near >> 42) + schedule[t - 7] + (odd >> 7 ^ odd >> 18 ^ odd >> 35) + even) * Twice;
                schedule[t] = (uint)near;
                even = schedule[t - 14] * Twice;
                nearer = (uint)((nearer >> 17 ^ nearer >> 19 ^ nearer >> 42) + schedule[t - 6] + (even >> 7 ^ even >> 18 ^ even >> 35) + odd) * Twice;
                schedule[t + 1] = (uint)nearer;
            }

            uint[] rounds = _constants.Rounds32;
            uint[] state = _state;
            ulong a = state[0] * Twice;
            ulong b = state[1];
            ulong c = state[2];
            ulong d = state[3];
            ulong e = state[4] * Twice;
            ulong f = state[5];
            ulong g = state[6];
            ulong h = state[7];
            for (int t = 0; t < 64; t += 8)
            {
                h += (e >> 6 ^ e >> 11 ^ e >> 25) + (g ^ e & (f ^ g)) + rounds[t] + schedule[t];
                d = (uint)(d + h) * Twice;
                h = (uint)(h + (a >> 2 ^ a >> 13 ^ a >> 22) + (a & b | c & (a | b))) * Twice;

                g += (d >> 6 ^ d >> 11 ^ d >> 25) + (f ^ d & (e ^ f)) + rounds[t + 1] + schedule[t + 1];
                c = (uint)(c + g) * Twice;
                g = (uint)(g + (h >> 2 ^ h >> 13 ^ h >> 22) + (h & a | b & (h | a))) * Twice;

                f += (c >> 6 ^ c >> 11 ^ c >> 25) + (e ^ c & (d ^ e)) + rounds[t + 2] + schedule[t + 2];
                b = (uint)(b + f) * Twice;
                f = (uint)(f + (g >> 2 ^ g >> 13 ^ g >> 22) + (g & h | a & (g | h))) * Twice;

                e += (b >> 6 ^ b >> 11 ^ b >> 25) + (d ^ b & (c ^ d)) + rounds[t + 3] + schedule[t + 3];
                a = (uint)(a + e) * Twice;
                e = (uint)(e + (f >> 2 ^ f >> 13 ^ f >> 22) + (f & g | h & (f | g))) * Twice;

                d += (a >> 6 ^ a >> 11 ^ a >> 25) + (c ^ a & (b ^ c)) + rounds[t + 4] + schedule[t + 4];
                h = (uint)(h + d) * Twice;
                d = (uint)(d + (e >> 2 ^ e >> 13 ^ e >> 22) + (e & f | g & (e | f))) * Twice;

                c += (h >> 6 ^ h >> 11 ^ h >> 25) + (b ^ h & (a ^ b)) + rounds[t + 5] + schedule[t + 5];
                g = (uint)(g + c) * Twice;
                c = (uint)(c + (d >> 2 ^ d >> 13 ^ d >> 22) + (d & e | f & (d | e))) * Twice;

                b += (g >> 6 ^ g >> 11 ^ g >> 25) + (a ^ g & (h ^ a)) + rounds[t + 6] + schedule[t + 6];
                f = (uint)(f + b) * Twice;
                b = (uint)(b + (c >> 2 ^ c >> 13 ^ c >> 22) + (c & d | e & (c | d))) * Twice;

                a += (f >> 6 ^ f >> 11 ^ f >> 25) + (h ^ f & (g ^ h)) + rounds[t + 7] + schedule[t + 7];
                e = (uint)(e + a) * Twice;
                a = (uint)(a + (b >> 2 ^ b >> 13 ^ b >> 22) + (b & c | d & (b | c))) * Twice;
            }

            state[0] += (uint)a;
            state[1] += (uint)b;
            state[2] += (uint)c;
            state[3] += (uint)d;
            state[4] += (uint)e;
            state[5] += (uint)f;
            state[6] += (uint)g;
            state[7] += (uint)h;
        }

        /// <summary>The digest need not become bytes in between, nor these be padded.</summary>
        internal override void CompressDigest(Array state)
        {
            uint[] schedule = _constants.Schedule32;
            Array.Copy(_state, schedule, 8);
            schedule[8] = 0x80000000;
            Array.Clear(schedule, 9, 6);
            schedule[15] = 8 * (64 + 32);
            Array.Copy(state, _state, 8);
            Compress(null, 0);
        }

        internal override void WriteState(byte[] destination, int offset)
        {
            for (int i = 0; i < 8; i++)
            {
                BigEndian.Store32(destination, offset + 4 * i, (int)_state[i]);
            }
        }

        internal override Array NewState()
        {
            return new uint[8];
        }

        protected override void Restart()
        {
            ulong[] initial = _constants.Initial;
            for (int i = 0; i < 8; i++)
            {
                _state[i] = (uint)(initial[i] >> 32);
            }
        }

        protected override void ClearSchedule()
        {
            Array.Clear(_constants.Schedule32, 0, 64);
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>SHA-512 and SHA-384 (FIPS 180-4 sections 6.4 and 6.5).</summary>
    internal sealed class Sha512 : BlockHash
    {
        private readonly Sha2Constants _constants;
        private readonly ulong[] _state;
        private readonly ulong[] _schedule = new ulong[80];
        private readonly int _size;

        /// <param name="constants">The provider's constants.</param>
        /// <param name="size">64 for SHA-512, 48 for SHA-384.</param>
        internal Sha512(Sha2Constants constants, int size)
            : this(constants, size, new ulong[8])
        {
        }

        private Sha512(Sha2Constants constants, int size, ulong[] state)
            : base(state, new ulong[8], new byte[128])
        {
            constants.Make64();
            _constants = constants;
            _size = size;
            _state = state;
            Reset();
        }

        public override int Size
        {
            get { return _size; }
        }

        internal override void Compress(byte[] data, int offset)
        {
            ulong[] schedule = _schedule;
            for (int t = 0; t < 16; t++)
            {
                schedule[t] = BigEndian.Load64(data, offset + 8 * t);
            }

            for (int t = 16; t < 80; t++)
            {
                ulong near = schedule[t - 2];
                ulong far = schedule[t - 15];
                schedule[t] = ((near << 45 | near >> 19) ^ (near << 3 | near >> 61) ^ near >> 6) + schedule[t - 7]
                    + ((far << 63 | far >> 1) ^ (far << 56 | far >> 8) ^ far >> 7) + schedule[t - 16];
            }

            ulong[] rounds = _constants.Rounds64;
            ulong[] state = _state;
            ulong a = state[0];
            ulong b = state[1];
            ulong c = state[2];
            ulong d = state[3];
            ulong e = state[4];
            ulong f = state[5];
            ulong g = state[6];
            ulong h = state[7];
            for (int t = 0; t < 80; t++)
            {
                h += ((e << 50 | e >> 14) ^ (e << 46 | e >> 18) ^ (e << 23 | e >> 41)) + (g ^ e & (f ^ g)) + rounds[t] + schedule[t];
                d += h;
                h += ((a << 36 | a >> 28) ^ (a << 30 | a >> 34) ^ (a << 25 | a >> 39)) + (a & b | c & (a | b));
                ulong next = h;
                h = g;
                g = f;
                f = e;
                e = d;
                d = c;
                c = b;
                b = a;
                a = next;
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }

        internal override void WriteState(byte[] destination, int offset)
        {
            for (int i = 0; i < _size / 8; i++)
            {
                BigEndian.Store64(destination, offset + 8 * i, _state[i]);
            }
        }

        internal override Array NewState()
        {
            return new ulong[8];
        }

        protected override void Restart()
        {
            Array.Copy(_constants.Initial, _size == 48 ? 8 : 0, _state, 0, 8);
        }

        protected override void ClearSchedule()
        {
            Array.Clear(_schedule, 0, 80);
        }
    }
}

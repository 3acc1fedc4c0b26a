using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>SHA-256 (FIPS 180-4 section 6.2).</summary>
    internal sealed class Sha256 : BlockHash
    {
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

        internal override void Compress(byte[] data, int offset)
        {
            uint[] schedule = _constants.Schedule32;
            for (int t = 0; t < 16; t++)
            {
                schedule[t] = (uint)BigEndian.Load32(data, offset + 4 * t);
            }

            for (int t = 16; t < 64; t++)
            {
                uint near = schedule[t - 2];
                uint far = schedule[t - 15];
                schedule[t] = ((near << 15 | near >> 17) ^ (near << 13 | near >> 19) ^ near >> 10) + schedule[t - 7]
                    + ((far << 25 | far >> 7) ^ (far << 14 | far >> 18) ^ far >> 3) + schedule[t - 16];
            }

            uint[] rounds = _constants.Rounds32;
            uint[] state = _state;
            uint a = state[0];
            uint b = state[1];
            uint c = state[2];
            uint d = state[3];
            uint e = state[4];
            uint f = state[5];
            uint g = state[6];
            uint h = state[7];
            for (int t = 0; t < 64; t++)
            {
                h += ((e << 26 | e >> 6) ^ (e << 21 | e >> 11) ^ (e << 7 | e >> 25)) + (g ^ e & (f ^ g)) + rounds[t] + schedule[t];
                d += h;
                h += ((a << 30 | a >> 2) ^ (a << 19 | a >> 13) ^ (a << 10 | a >> 22)) + (a & b | c & (a | b));
                uint next = h;
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

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>SHA-1 (FIPS 180-4 section 6.1).</summary>
    internal sealed class Sha1 : BlockHash
    {
        private readonly uint[] _state;
        private readonly uint[] _schedule = new uint[80];

        internal Sha1()
            : this(new uint[5])
        {
        }

        private Sha1(uint[] state)
            : base(state, new uint[5], new byte[64])
        {
            _state = state;
            Reset();
        }

        public override int Size
        {
            get { return 20; }
        }

        internal override void Compress(byte[] data, int offset)
        {
            uint[] schedule = _schedule;
            for (int t = 0; t < 16; t++)
            {
                schedule[t] = (uint)BigEndian.Load32(data, offset + 4 * t);
            }

            for (int t = 16; t < 80; t++)
            {
                uint word = schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16];
                schedule[t] = word << 1 | word >> 31;
            }

            uint[] state = _state;
            uint a = state[0];
            uint b = state[1];
            uint c = state[2];
            uint d = state[3];
            uint e = state[4];
            for (int t = 0; t < 80; t++)
            {
                uint mixed;
                if (t < 20)
                {
                    mixed = (d ^ b & (c ^ d)) + 0x5A827999;
                }
                else if (t < 40)
                {
                    mixed = (b ^ c ^ d) + 0x6ED9EBA1;
                }
                else if (t < 60)
                {
                    mixed = (b & c | d & (b | c)) + 0x8F1BBCDC;
                }
                else
                {
                    mixed = (b ^ c ^ d) + 0xCA62C1D6;
                }

                mixed += (a << 5 | a >> 27) + e + schedule[t];
                e = d;
                d = c;
                c = b << 30 | b >> 2;
                b = a;
                a = mixed;
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
        }

        internal override void WriteState(byte[] destination, int offset)
        {
            for (int i = 0; i < 5; i++)
            {
                BigEndian.Store32(destination, offset + 4 * i, (int)_state[i]);
            }
        }

        internal override Array NewState()
        {
            return new uint[5];
        }

        protected override void Restart()
        {
            _state[0] = 0x67452301;
            _state[1] = 0xEFCDAB89;
            _state[2] = 0x98BADCFE;
            _state[3] = 0x10325476;
            _state[4] = 0xC3D2E1F0;
        }

        protected override void ClearSchedule()
        {
            Array.Clear(_schedule, 0, 80);
        }
    }
}

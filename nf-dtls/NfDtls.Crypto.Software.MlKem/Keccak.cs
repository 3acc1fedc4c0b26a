using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Keccak's sponge (FIPS 202): what the SHA-3 hashes and SHAKE are made of. What it does takes as long whatever the bytes are.</summary>
    internal sealed class Keccak
    {
        /// <summary>Bytes of a block.</summary>
        internal const int Shake128 = 168;
        internal const int Shake256 = 136;
        internal const int Sha3256 = 136;
        internal const int Sha3512 = 72;

        /// <summary>What stands behind the last byte that goes in.</summary>
        internal const int HashEnd = 0x06;
        internal const int ShakeEnd = 0x1F;

        private readonly KemTables _tables;
        private readonly ulong[] _lanes = new ulong[25];
        private readonly ulong[] _parity = new ulong[5];
        private int _rate;
        private int _at;

        internal Keccak(KemTables tables)
        {
            _tables = tables;
        }

        /// <summary>Begins with blocks of so many bytes.</summary>
        internal void Begin(int rate)
        {
            Array.Clear(_lanes, 0, 25);
            _rate = rate;
            _at = 0;
        }

        /// <summary>Takes bytes in.</summary>
        internal void Absorb(byte[] bytes, int offset, int count)
        {
            for (int i = offset; i < offset + count; i++)
            {
                Add(_at, bytes[i]);
                _at++;
                if (_at == _rate)
                {
                    Permute();
                }
            }
        }

        internal void Absorb(int value)
        {
            Add(_at, value);
            _at++;
        }

        /// <summary>Nothing more goes in: the first block of what comes out is there.</summary>
        internal void Turn(int end)
        {
            Add(_at, end);
            Add(_rate - 1, 0x80);
            Permute();
        }

        /// <summary>The next byte that comes out.</summary>
        internal int Next()
        {
            if (_at == _rate)
            {
                Permute();
            }

            int value = (int)(_lanes[_at >> 3] >> ((_at & 7) << 3)) & 0xFF;
            _at++;
            return value;
        }

        internal void Squeeze(byte[] to, int offset, int count)
        {
            for (int i = offset; i < offset + count; i++)
            {
                to[i] = (byte)Next();
            }
        }

        internal void Clear()
        {
            Array.Clear(_lanes, 0, 25);
            Array.Clear(_parity, 0, 5);
        }

        private void Add(int at, int value)
        {
            _lanes[at >> 3] ^= (ulong)(uint)value << ((at & 7) << 3);
        }

        private void Permute()
        {
            ulong[] lanes = _lanes;
            ulong[] parity = _parity;
            byte[] places = _tables.Places;
            for (int round = 0; round < 24; round++)
            {
                // To each lane the parities of two columns beside it (theta).
                for (int x = 0; x < 5; x++)
                {
                    parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
                }

                for (int x = 0; x < 5; x++)
                {
                    ulong right = parity[x == 4 ? 0 : x + 1];
                    ulong change = parity[x == 0 ? 4 : x - 1] ^ (right << 1 | right >> 63);
                    lanes[x] ^= change;
                    lanes[x + 5] ^= change;
                    lanes[x + 10] ^= change;
                    lanes[x + 15] ^= change;
                    lanes[x + 20] ^= change;
                }

                // Each lane is moved, and turned further than the one before (rho and pi).
                ulong moving = lanes[1];
                int turned = 0;
                for (int i = 0; i < 24; i++)
                {
                    turned = (turned + i + 1) & 63;
                    int place = places[i];
                    ulong before = lanes[place];
                    lanes[place] = moving << turned | moving >> (64 - turned);
                    moving = before;
                }

                // Each lane is mixed with the two behind it in its row (chi).
                for (int row = 0; row < 25; row += 5)
                {
                    ulong first = lanes[row];
                    ulong second = lanes[row + 1];
                    ulong third = lanes[row + 2];
                    ulong fourth = lanes[row + 3];
                    ulong fifth = lanes[row + 4];
                    lanes[row] = first ^ (~second & third);
                    lanes[row + 1] = second ^ (~third & fourth);
                    lanes[row + 2] = third ^ (~fourth & fifth);
                    lanes[row + 3] = fourth ^ (~fifth & first);
                    lanes[row + 4] = fifth ^ (~first & second);
                }

                lanes[0] ^= _tables.Rounds[round];
            }

            _at = 0;
        }
    }
}

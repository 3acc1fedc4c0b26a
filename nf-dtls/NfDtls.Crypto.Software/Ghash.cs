using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// GHASH (SP 800-38D section 6.4), four bits a step by a table of 256 bytes a key. A block is two words of 64 bits whose
    /// highest bit is the polynomial's constant term, so multiplying by x is a shift to the right.
    /// </summary>
    internal sealed class Ghash
    {
        // The hash key times every polynomial of degree below 4; the index's highest bit is the constant term.
        private readonly ulong[] _highTable = new ulong[16];
        private readonly ulong[] _lowTable = new ulong[16];
        private readonly ulong[] _reduction = new ulong[16];
        private ulong _high;
        private ulong _low;

        internal Ghash(ulong keyHigh, ulong keyLow)
        {
            _highTable[8] = keyHigh;
            _lowTable[8] = keyLow;
            for (int i = 4; i > 0; i >>= 1)
            {
                // A bit that leaves at the end is x^128 = 1 + x + x^2 + x^7.
                ulong carry = 0 - (keyLow & 1);
                keyLow = keyHigh << 63 | keyLow >> 1;
                keyHigh = keyHigh >> 1 ^ carry & 0xE100000000000000;
                _highTable[i] = keyHigh;
                _lowTable[i] = keyLow;
            }

            for (int bit = 1; bit < 16; bit <<= 1)
            {
                // What leaves by a shift of four places: its lowest bit goes first, and is then moved three times more.
                _reduction[bit] = (ulong)0xE1 << 56 - (bit == 1 ? 3 : bit == 2 ? 2 : bit == 4 ? 1 : 0);
                for (int i = 1; i < bit; i++)
                {
                    _highTable[bit + i] = _highTable[bit] ^ _highTable[i];
                    _lowTable[bit + i] = _lowTable[bit] ^ _lowTable[i];
                    _reduction[bit + i] = _reduction[bit] ^ _reduction[i];
                }
            }
        }

        /// <summary>Begins a new hash.</summary>
        internal void Start()
        {
            _high = 0;
            _low = 0;
        }

        /// <summary>Adds a block.</summary>
        internal void Add(ulong high, ulong low)
        {
            high ^= _high;
            low ^= _low;
            ulong[] highTable = _highTable;
            ulong[] lowTable = _lowTable;
            ulong[] reduction = _reduction;
            ulong productHigh = 0;
            ulong productLow = 0;
            for (int half = 0; half < 2; half++)
            {
                for (int shift = 0; shift < 64; shift += 4)
                {
                    int out4 = (int)productLow & 15;
                    productLow = productHigh << 60 | productLow >> 4;
                    productHigh = productHigh >> 4 ^ reduction[out4];
                    int in4 = (int)(low >> shift) & 15;
                    productHigh ^= highTable[in4];
                    productLow ^= lowTable[in4];
                }

                low = high;
            }

            _high = productHigh;
            _low = productLow;
        }

        /// <summary>Adds bytes and fills the last block up with zeros, for which it uses 16 bytes of scratch.</summary>
        internal void Add(byte[] data, int offset, int count, byte[] scratch)
        {
            for (; count >= 16; count -= 16)
            {
                Add(BigEndian.Load64(data, offset), BigEndian.Load64(data, offset + 8));
                offset += 16;
            }

            if (count > 0)
            {
                Array.Clear(scratch, 0, 16);
                Array.Copy(data, offset, scratch, 0, count);
                Add(BigEndian.Load64(scratch, 0), BigEndian.Load64(scratch, 8));
            }
        }

        /// <summary>Writes the 16 bytes of the hash.</summary>
        internal void Finish(byte[] destination, int offset)
        {
            BigEndian.Store64(destination, offset, _high);
            BigEndian.Store64(destination, offset + 8, _low);
        }

        internal void Clear()
        {
            Array.Clear(_highTable, 0, 16);
            Array.Clear(_lowTable, 0, 16);
            Start();
        }
    }
}

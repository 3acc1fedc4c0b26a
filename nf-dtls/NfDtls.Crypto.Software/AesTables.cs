namespace NfDtls.Crypto.Software
{
    /// <summary>The tables of AES (FIPS 197), computed rather than stored: 2,048 bytes, one set a provider, and 256 where CBC is spoken.</summary>
    internal sealed class AesTables
    {
        /// <summary>
        /// SubBytes and MixColumns in one: for a byte whose S-box value is s, the column (2s, s, s, 3s), the first in the
        /// highest byte, twice over: shifted to the right by up to 32 bits, the lower half is the column turned by as many. The S-box itself
        /// is bits 8 to 15.
        /// </summary>
        internal readonly ulong[] Columns = new ulong[256];

        private byte[] _inverseBox;

        internal AesTables()
        {
            // 3 generates the field's multiplicative group: the inverse of 3^i is 3^(255-i).
            byte[] powers = new byte[256];
            int power = 1;
            for (int i = 0; i < 256; i++)
            {
                powers[i] = (byte)power;
                power = AesKey.Double(power) ^ power;
            }

            Add(0, 0);
            for (int i = 0; i < 255; i++)
            {
                Add(powers[i], powers[255 - i]);
            }
        }

        /// <summary>The inverse S-box, which decrypting blocks takes: no cipher of records but CBC does.</summary>
        internal byte[] InverseBox
        {
            get
            {
                if (_inverseBox == null)
                {
                    byte[] inverse = new byte[256];
                    for (int i = 0; i < 256; i++)
                    {
                        inverse[(byte)(Columns[i] >> 8)] = (byte)i;
                    }

                    _inverseBox = inverse;
                }

                return _inverseBox;
            }
        }

        private void Add(int value, int inverse)
        {
            int turned = inverse | inverse << 8;
            int box = 0x63 ^ (inverse ^ turned >> 7 ^ turned >> 6 ^ turned >> 5 ^ turned >> 4) & 0xFF;
            int twice = AesKey.Double(box);
            Columns[value] = (uint)(twice << 24 | box << 16 | box << 8 | twice ^ box) * 0x100000001UL;
        }
    }
}

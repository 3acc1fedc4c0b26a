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
            // 3 generates the field's multiplicative group: its powers are all numbers but 0.
            Add(0, 0);
            int power = 1;
            int inverse = 1;
            do
            {
                Add(power, inverse);
                power ^= AesKey.Double(power);
                inverse = Third(inverse);
            }
            while (power != 1);
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

        /// <summary>A number of the field divided by 3, that is, multiplied by F6.</summary>
        private static int Third(int value)
        {
            value ^= value << 1;
            value ^= value << 2;
            value ^= value << 4;
            value &= 0xFF;
            return value ^ (value >> 7) * 0x09;
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

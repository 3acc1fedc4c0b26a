namespace NfDtls.Crypto.Software
{
    /// <summary>Constants of Keccak and of the transform, computed rather than stored: one set a provider, some 750 bytes of a board's heap.</summary>
    internal sealed class KemTables
    {
        // 2^16 modulo 3329: numbers of the transform stand multiplied by it.
        private const int One = 2285;

        /// <summary>Keccak's round constants.</summary>
        internal readonly ulong[] Rounds = new ulong[24];

        /// <summary>Where each lane of Keccak moves, from the second one on.</summary>
        internal readonly byte[] Places = new byte[24];

        /// <summary>17^BitRev7(i) 2^16 modulo 3329.</summary>
        internal readonly ushort[] Zetas = new ushort[128];

        internal KemTables()
        {
            int register = 1;
            for (int round = 0; round < 24; round++)
            {
                for (int bit = 0; bit < 7; bit++)
                {
                    Rounds[round] ^= (ulong)(uint)(register & 1) << ((1 << bit) - 1);
                    register = ((register << 1) ^ ((register >> 7) * 0x71)) & 0xFF;
                }
            }

            int x = 1;
            int y = 0;
            for (int i = 0; i < 24; i++)
            {
                int next = ((2 * x) + (3 * y)) % 5;
                x = y;
                y = next;
                Places[i] = (byte)(x + (5 * y));
            }

            int power = One;
            for (int i = 0; i < 128; i++)
            {
                int reversed = 0;
                for (int bit = 0; bit < 7; bit++)
                {
                    reversed |= ((i >> bit) & 1) << (6 - bit);
                }

                Zetas[reversed] = (ushort)power;
                power = power * 17 % Polynomials.Q;
            }
        }
    }
}

namespace NfDtls.Crypto.Software
{
    /// <summary>What a key must be for the arithmetic to be possible, and its work bounded.</summary>
    internal static class RsaKey
    {
        internal const int MinBits = 1024;
        internal const int MaxBits = 4096;

        /// <summary>Whether the modulus is odd and of a possible size, and the exponent odd, from 3 to 2^32 - 1.</summary>
        internal static bool IsUsable(PublicKey key)
        {
            if (key.Kind != KeyKind.Rsa || key.ExponentCount < 1 || key.ExponentCount > 4 || key.Bits < MinBits || key.Bits > MaxBits)
            {
                return false;
            }

            uint exponent = Exponent(key);
            return (exponent & 1) != 0 && exponent != 1 && (key.Buffer[key.Offset + key.Count - 1] & 1) != 0;
        }

        /// <summary>
        /// Whether the primes are odd, together as long as the modulus and not too unlike, and no number is longer than what
        /// it is reduced by. That the numbers belong together shows when a signature is checked.
        /// </summary>
        internal static bool IsComplete(StoredPrivateKey key)
        {
            if (key.Kind != KeyKind.Rsa || !IsUsable(key.Public))
            {
                return false;
            }

            int bits = key.Public.Bits;
            int bits1 = Bits(key, StoredPrivateKey.Prime1);
            int bits2 = Bits(key, StoredPrivateKey.Prime2);
            return bits1 >= bits / 3 && bits2 >= bits / 3 && bits1 + bits2 >= bits && bits1 + bits2 <= bits + 1
                && IsOdd(key, StoredPrivateKey.Prime1) && IsOdd(key, StoredPrivateKey.Prime2)
                && Bits(key, StoredPrivateKey.Exponent1) <= bits1
                && Bits(key, StoredPrivateKey.Exponent2) <= bits2
                && Bits(key, StoredPrivateKey.Coefficient) <= bits1;
        }

        /// <summary>The public exponent of a key whose exponent has at most four bytes.</summary>
        internal static uint Exponent(PublicKey key)
        {
            uint exponent = 0;
            for (int i = 0; i < key.ExponentCount; i++)
            {
                exponent = exponent << 8 | key.Buffer[key.ExponentOffset + i];
            }

            return exponent;
        }

        /// <summary>Number of the highest bit set of a number that is not zero.</summary>
        internal static int TopBit(uint number)
        {
            int bit = 0;
            while (number > 1)
            {
                number >>= 1;
                bit++;
            }

            return bit;
        }

        /// <summary>Bits of one of a private key's numbers, which it tells by its length.</summary>
        internal static int Bits(StoredPrivateKey key, int part)
        {
            int offset = key.OffsetOf(part);
            int end = offset + key.CountOf(part);
            while (offset < end && key.Buffer[offset] == 0)
            {
                offset++;
            }

            return offset == end ? 0 : 8 * (end - offset - 1) + TopBit(key.Buffer[offset]) + 1;
        }

        private static bool IsOdd(StoredPrivateKey key, int part)
        {
            return (key.Buffer[key.OffsetOf(part) + key.CountOf(part) - 1] & 1) != 0;
        }
    }
}

namespace NfDtls.Tests
{
    /// <summary>Numbers that are the same in every run and on every platform (xorshift).</summary>
    internal sealed class SeededRandom
    {
        private uint _state;

        internal SeededRandom(int seed)
        {
            _state = ((uint)seed * 2654435761u) | 1;
        }

        /// <summary>0 to below the bound.</summary>
        internal int Next(int bound)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)((_state >> 3) % (uint)bound);
        }

        internal int Next(int least, int bound)
        {
            return least + Next(bound - least);
        }

        internal byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                bytes[i] = (byte)Next(256);
            }

            return bytes;
        }
    }
}

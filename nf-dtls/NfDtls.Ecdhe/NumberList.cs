namespace NfDtls.Ecdhe
{
    /// <summary>A peer's list of two-byte numbers: groups, schemes. What stands behind the 128th is not looked at.</summary>
    internal static class NumberList
    {
        private const int MaxCount = 128;

        /// <summary>Reads a list and its length in two bytes; null where it is empty or odd.</summary>
        internal static int[] Read(WireReader reader)
        {
            int length = reader.ReadUInt16();
            int at = reader.Skip(length);
            if (reader.Failed || length == 0 || (length & 1) != 0)
            {
                return null;
            }

            int count = length / 2 < MaxCount ? length / 2 : MaxCount;
            int[] numbers = new int[count];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = (reader.Buffer[at + (2 * i)] << 8) | reader.Buffer[at + (2 * i) + 1];
            }

            return numbers;
        }

        internal static bool Contains(int[] numbers, int number)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                if (numbers[i] == number)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

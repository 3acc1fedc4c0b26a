namespace NfDtls.Samples.CollectorCheck
{
    /// <summary>
    /// Arrays of known bytes, which only a fault of the collector can change. Static methods: nanoCLR gives each a frame of its own, so that they
    /// leave the caller's evaluation stack alone.
    /// </summary>
    public static class Witnesses
    {
        /// <summary>Bytes of one of them: small, so that some array's bytes come to lie where an object once began.</summary>
        private const int Length = 96;

        // What an array and its place in the table take beyond its bytes.
        private const int Overhead = 24;

        /// <summary>Room for the arrays; they are made by <see cref="Fill"/>.</summary>
        /// <param name="bytes">Bytes of heap that they may take.</param>
        public static byte[][] Reserve(int bytes)
        {
            return new byte[bytes / (Length + Overhead)][];
        }

        /// <summary>Makes the arrays anew. Even places hold the value, odd ones the value without its lowest bit.</summary>
        public static void Fill(byte[][] arrays, int value)
        {
            for (int i = 0; i < arrays.Length; i++)
            {
                byte[] array = new byte[Length];
                for (int j = 0; j < Length; j++)
                {
                    array[j] = Expected(j, value);
                }

                arrays[i] = array;
            }
        }

        /// <summary>How many bytes are not what was written.</summary>
        public static int CountChanged(byte[][] arrays, int value)
        {
            int changed = 0;
            for (int i = 0; i < arrays.Length; i++)
            {
                byte[] array = arrays[i];
                for (int j = 0; j < Length; j++)
                {
                    if (array[j] != Expected(j, value))
                    {
                        changed++;
                    }
                }
            }

            return changed;
        }

        /// <summary>Lets the arrays go.</summary>
        public static void Clear(byte[][] arrays)
        {
            for (int i = 0; i < arrays.Length; i++)
            {
                arrays[i] = null;
            }
        }

        private static byte Expected(int place, int value)
        {
            return (byte)((place & 1) == 0 ? value : value & 0xFE);
        }
    }
}

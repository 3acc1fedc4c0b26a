namespace NfDtls.Samples.CollectorCheck
{
    /// <summary>
    /// Leaves a dead reference on the evaluation stack of a frame, lets data take the place of the object it named, and collects while a method
    /// runs inline in that frame. A runtime with the fault follows the reference and marks an object that is none: a bit of the data changes.
    /// </summary>
    public static class Check
    {
        // One of them has the bit that is set when an object is marked, the other one has not.
        private static readonly int[] Values = { 0x40, 0x21 };

        /// <summary>How many bytes of living objects the collector changed: 0 where the runtime is sound.</summary>
        /// <param name="heap">Bytes of heap that are free.</param>
        public static int CountChanged(int heap)
        {
            byte[][] witnesses = Witnesses.Reserve(heap / 4 * 3);
            int pieces = heap / 100;
            Litter litter = new Litter();
            int changed = 0;
            for (int i = 0; i < Values.Length; i++)
            {
                changed += Try(witnesses, litter, Values[i], pieces, pieces * 4);
                Witnesses.Clear(witnesses);
                Litter.Make(pieces);
            }

            return changed;
        }

        private static int Try(byte[][] witnesses, Litter litter, int value, int pieces, int more)
        {
            // This call gives the frame a large evaluation stack; the next leaves references above its foot that are dead from there on.
            Twelve(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
            Three(null, new byte[40], new byte[300]);

            // None of the calls behind it puts more than two values on this frame's stack, so the third place keeps its reference.
            Litter.Make(pieces);
            Witnesses.Fill(witnesses, value);
            litter.MakeInline(more);
            return Witnesses.CountChanged(witnesses, value);
        }

        private static int Three(object first, object second, object third)
        {
            return first == second || second == third ? 1 : 0;
        }

        private static int Twelve(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l)
        {
            return a + b + c + d + e + f + g + h + i + j + k + l;
        }
    }
}

using System;

namespace NfDtls.Samples.CollectorCheck
{
    /// <summary>The check on a board.</summary>
    public static class Platform
    {
        // What a large heap has too much is taken by arrays of so many bytes: the less is free, the sooner data take the place of what was let go.
        private const int Piece = 16000;

        /// <summary>Runs the check and says what it found.</summary>
        public static void Main()
        {
            object[] ballast = new object[2000];
            int free = (int)nanoFramework.Runtime.Native.GC.Run(true);
            for (int i = 0; i < ballast.Length && free > Verdict.MostHeap; i++)
            {
                ballast[i] = new byte[Piece];
                free = (int)nanoFramework.Runtime.Native.GC.Run(false);
            }

            int changed = Check.CountChanged(free < Verdict.MostHeap ? free : Verdict.MostHeap);
            Console.WriteLine(Verdict.Of(changed));
        }
    }
}

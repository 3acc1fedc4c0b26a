namespace NfDtls.Samples.CollectorCheck
{
    /// <summary>Short-lived objects, so many that the runtime collects on its own.</summary>
    public sealed class Litter
    {
        private const int Length = 200;

        /// <summary>
        /// Makes so many. An instance method: nanoCLR runs such a one inline, in the frame of its caller, and that is where the fault lies.
        /// </summary>
        public int MakeInline(int count)
        {
            int made = 0;
            for (int i = 0; i < count; i++)
            {
                made += new byte[Length].Length;
            }

            return made;
        }

        /// <summary>The same from a frame of its own.</summary>
        public static int Make(int count)
        {
            int made = 0;
            for (int i = 0; i < count; i++)
            {
                made += new byte[Length].Length;
            }

            return made;
        }
    }
}

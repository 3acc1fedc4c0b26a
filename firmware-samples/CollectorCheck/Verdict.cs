namespace NfDtls.Samples.CollectorCheck
{
    /// <summary>What the check says.</summary>
    public static class Verdict
    {
        /// <summary>Bytes of heap that the check leaves free for itself, where there are more.</summary>
        public const int MostHeap = 50000;

        /// <summary>The line for so many changed bytes.</summary>
        public static string Of(int changed)
        {
            return changed == 0
                ? "The collector changed nothing: this runtime does not show the fault."
                : "The collector changed " + changed.ToString() + " bytes of living objects: this runtime has the fault (docs/nano.md).";
        }
    }
}

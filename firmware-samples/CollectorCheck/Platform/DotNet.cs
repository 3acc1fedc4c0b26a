using System;

namespace NfDtls.Samples.CollectorCheck
{
    /// <summary>The check on .NET, which has no such fault.</summary>
    public static class Platform
    {
        /// <summary>Runs the check and says what it found.</summary>
        public static void Main()
        {
            Console.WriteLine(Verdict.Of(Check.CountChanged(Verdict.MostHeap)));
        }
    }
}

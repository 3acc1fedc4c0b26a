using System;
using CsCheck;

namespace NfDtls.Tests.Engine;

/// <summary>What holds of everything that a generator makes: a failure names its seed, and the smallest case that fails.</summary>
internal static class Law
{
    private const ulong Seed = 2026;

    // Cases that are tried after one that fails: smaller ones, of which the smallest that fails is told.
    private const int Shrinking = 300;

    /// <summary>Tries so many cases, the same ones in each run: a seed for each, as CsCheck's own is for the first alone.</summary>
    internal static void Holds<T>(Gen<T> cases, int count, Action<T> law)
    {
        for (uint i = 1; i <= count; i++)
        {
            string seed = new PCG(i, Seed).ToString();
            try
            {
                cases.Sample(law, seed: seed, iter: 1, threads: 1);
            }
            catch (CsCheckException)
            {
                cases.Sample(law, seed: seed, iter: Shrinking, threads: 1);
                throw;
            }
        }
    }
}

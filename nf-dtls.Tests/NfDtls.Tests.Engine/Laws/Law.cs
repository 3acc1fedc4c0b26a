using System;
using CsCheck;

namespace NfDtls.Tests.Engine;

/// <summary>What holds of everything that a generator makes: a failure names its seed, and the smallest case that fails.</summary>
internal static class Law
{
    private const ulong Seed = 2026;

    /// <summary>Tries so many cases, the same ones in each run: a seed for each, as CsCheck's own is for the first alone.</summary>
    internal static void Holds<T>(Gen<T> cases, int count, Action<T> law)
    {
        for (uint i = 1; i <= count; i++)
        {
            cases.Sample(law, seed: new PCG(i, Seed).ToString(), iter: 1, threads: 1);
        }
    }
}

using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Ecc;

/// <summary>The providers that vectors run over, each where it supports the algorithm.</summary>
internal static class Providers
{
    private static readonly string[] Names = ["Software", "Host"];

    internal static List<(string Name, CryptoProvider Provider)> With(int algorithm)
    {
        CryptoProvider[] all = [Ecc.Software(1), new HostProvider()];
        List<(string, CryptoProvider)> found = [];
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Supports(algorithm))
            {
                found.Add((Names[i], all[i]));
            }
        }

        return found;
    }
}

using System;
using System.Linq;

namespace NfDtls.Tool;

/// <summary>What hellos may offer.</summary>
internal static class ProbeOffers
{
    /// <summary>Groups, the commonest first.</summary>
    public static readonly int[] Groups =
    [
        NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.Secp521r1, 30, NamedGroup.X25519MlKem768, 0x11EB, 0x11ED, NamedGroup.MlKem768, 26, 27, 28, 0x100, 0x101,
    ];

    /// <summary>Those in which a key can be had here, so that a server's choice can be followed.</summary>
    public static readonly int[] SharedGroups = [.. Groups.Where(ProbeHello.CanShare)];

    /// <summary>Suites of DTLS 1.3.</summary>
    public static readonly int[] Newer = [.. WireNames.Suites.Where(Is13)];

    /// <summary>Suites of DTLS 1.2, AEAD among them.</summary>
    public static readonly int[] Earlier = [.. WireNames.Suites.Where(s => !Is13(s))];

    /// <summary>Suites that DTLS 1.0 may have.</summary>
    public static readonly int[] Oldest = [.. Earlier.Where(s => WireNames.OfSuite(s).EndsWith("_SHA", StringComparison.Ordinal) && !WireNames.OfSuite(s).Contains("RC4", StringComparison.Ordinal))];

    public static bool Is13(int suite)
    {
        return suite >> 8 == 0x13;
    }

    /// <summary>A hello that offers all of both versions.</summary>
    public static ProbeHello Everything(string host)
    {
        return new ProbeHello { Versions = [0xFEFC, 0xFEFD], Suites = [.. Newer, .. Earlier], Groups = SharedGroups, Name = host };
    }
}

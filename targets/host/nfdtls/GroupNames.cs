using System;
using System.Collections.Generic;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>Groups to agree on keys in, by their names.</summary>
internal static class GroupNames
{
    /// <summary>The groups for names between commas, in their order; for null, every elliptic curve.</summary>
    public static int[] Parse(string? names, CryptoProvider crypto)
    {
        if (names == null)
        {
            return [NamedGroup.Secp256r1, NamedGroup.X25519, NamedGroup.Secp384r1, NamedGroup.Secp521r1];
        }

        List<int> groups = [];
        foreach (string name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int group = name.ToLowerInvariant() switch
            {
                "secp256r1" or "p-256" => NamedGroup.Secp256r1,
                "secp384r1" or "p-384" => NamedGroup.Secp384r1,
                "secp521r1" or "p-521" => NamedGroup.Secp521r1,
                "x25519" => NamedGroup.X25519,
                "x25519mlkem768" => NamedGroup.X25519MlKem768,
                _ => throw ToolException.Usage($"There is no group {name} here. Known are secp256r1, secp384r1, secp521r1, x25519 and, in DTLS 1.3, x25519mlkem768."),
            };
            if (!IsSupported(group, crypto))
            {
                throw ToolException.Usage($"The provider that --crypto names cannot do {name}.");
            }

            if (!groups.Contains(group))
            {
                groups.Add(group);
            }
        }

        return groups.Count > 0 ? [.. groups] : throw ToolException.Usage("--groups names no group.");
    }

    /// <summary>Those of DTLS 1.2, which has elliptic curves alone.</summary>
    public static GroupTable Earlier(int[] groups)
    {
        GroupTable table = new GroupTable();
        foreach (int group in groups)
        {
            if (group != NamedGroup.X25519MlKem768)
            {
                table.Add(group);
            }
        }

        return table;
    }

    /// <summary>Whether a provider can do it; the post-quantum one is two to it.</summary>
    public static bool IsSupported(int group, CryptoProvider crypto)
    {
        return group == NamedGroup.X25519MlKem768
            ? crypto.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768) && crypto.Supports(CryptoAlgorithm.Agree + NamedGroup.X25519)
            : crypto.Supports(CryptoAlgorithm.Agree + group);
    }
}

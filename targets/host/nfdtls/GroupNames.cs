using System;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>Groups of elliptic curves by their names.</summary>
internal static class GroupNames
{
    /// <summary>The table for names between commas, in their order; for null, every group.</summary>
    public static GroupTable Parse(string? names, CryptoProvider crypto)
    {
        if (names == null)
        {
            return GroupTable.All();
        }

        GroupTable groups = new GroupTable();
        foreach (string name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int group = name.ToLowerInvariant() switch
            {
                "secp256r1" or "p-256" => NamedGroup.Secp256r1,
                "secp384r1" or "p-384" => NamedGroup.Secp384r1,
                "secp521r1" or "p-521" => NamedGroup.Secp521r1,
                "x25519" => NamedGroup.X25519,
                _ => throw ToolException.Usage($"There is no group {name} here. Known are secp256r1, secp384r1, secp521r1 and x25519."),
            };
            if (!crypto.Supports(CryptoAlgorithm.Agree + group))
            {
                throw ToolException.Usage($"The provider that --crypto names cannot do {name}.");
            }

            if (!groups.Contains(group))
            {
                groups.Add(group);
            }
        }

        return groups.Count > 0 ? groups : throw ToolException.Usage("--groups names no group.");
    }
}

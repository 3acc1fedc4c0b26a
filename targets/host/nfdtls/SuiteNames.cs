using System;

namespace NfDtls.Tool;

/// <summary>Cipher suites by their IANA names.</summary>
internal static class SuiteNames
{
    /// <summary>The table for the names, in their order; for none, every suite that the provider can do.</summary>
    public static CipherSuiteTable Parse(string[] names, CryptoProvider crypto)
    {
        CipherSuiteTable known = PskSuites.All();
        CipherSuiteTable chosen = new CipherSuiteTable();
        foreach (string name in names)
        {
            CipherSuite suite = Find(known, name) ?? throw ToolException.Usage($"There is no suite {name} here. Known are {List(known)}.");
            if (!suite.IsSupportedBy(crypto))
            {
                throw ToolException.Usage($"The provider that --crypto names cannot do {suite.Name}.");
            }

            if (chosen.Find(suite.Id) == null)
            {
                chosen.Add(suite);
            }
        }

        return names.Length == 0 ? known : chosen;
    }

    private static CipherSuite? Find(CipherSuiteTable table, string name)
    {
        for (int i = 0; i < table.Count; i++)
        {
            if (string.Equals(table.At(i).Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return table.At(i);
            }
        }

        return null;
    }

    private static string List(CipherSuiteTable table)
    {
        string[] names = new string[table.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = table.At(i).Name;
        }

        return string.Join(", ", names);
    }
}

using System;
using NfDtls.Dtls13;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Tool;

/// <summary>Cipher suites by their IANA names.</summary>
internal static class SuiteNames
{
    /// <summary>The table for the names, in their order; for none, every suite.</summary>
    public static CipherSuiteTable Parse(string[] names, VersionChoice versions, GroupTable groups, CryptoProvider crypto)
    {
        CipherSuiteTable known = versions.Has13 ? Suites13.AddTo(new CipherSuiteTable()) : new CipherSuiteTable();
        if (versions.Has12)
        {
            AddEarlier(known, new EcdheExtensions(groups, SchemeTable.All()));
        }

        CipherSuiteTable chosen = new CipherSuiteTable();
        foreach (string name in names)
        {
            CipherSuite suite = Find(known, name) ?? throw ToolException.Usage($"There is no suite {name} in {versions.Text} here. Known are {List(known)}.");
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

    /// <summary>All of both versions.</summary>
    public static CipherSuiteTable All(GroupTable groups)
    {
        CipherSuiteTable all = Suites13.AddTo(new CipherSuiteTable());
        AddEarlier(all, new EcdheExtensions(groups, SchemeTable.All()));
        return all;
    }

    /// <summary>One suite with a pre-shared key for each version, that with the smallest records.</summary>
    public static CipherSuiteTable Constrained(VersionChoice versions)
    {
        CipherSuiteTable table = versions.Has13 ? Suites13.Constrained() : new CipherSuiteTable();
        return versions.Has12 ? table.Add(PskSuites.Constrained().At(0)) : table;
    }

    /// <summary>Those of DTLS 1.2: forward secrecy before the rest, AEAD before CBC, small before large.</summary>
    private static void AddEarlier(CipherSuiteTable table, EcdheExtensions extensions)
    {
        table
            .Add(EcdheSuites.EcdsaAes128Ccm8(extensions)).Add(EcdheSuites.EcdsaAes128Ccm(extensions))
            .Add(EcdheSuites.EcdsaAes128GcmSha256(extensions)).Add(EcdheSuites.EcdsaAes256GcmSha384(extensions))
            .Add(EcdheSuites.EcdsaChaCha20Poly1305Sha256(extensions))
            .Add(EcdheSuites.RsaAes128GcmSha256(extensions)).Add(EcdheSuites.RsaAes256GcmSha384(extensions))
            .Add(EcdheSuites.RsaChaCha20Poly1305Sha256(extensions))
            .Add(EcdheSuites.PskAes128Ccm8Sha256(extensions)).Add(EcdheSuites.PskAes128CcmSha256(extensions))
            .Add(EcdheSuites.PskAes128GcmSha256(extensions)).Add(EcdheSuites.PskChaCha20Poly1305Sha256(extensions))
            .Add(EcdheSuites.EcdsaAes128CbcSha256(extensions)).Add(EcdheSuites.RsaAes128CbcSha256(extensions))
            .Add(EcdheSuites.PskAes128CbcSha256(extensions));
        CipherSuiteTable psk = PskSuites.All();
        for (int i = 0; i < psk.Count; i++)
        {
            table.Add(psk.At(i));
        }

        table
            .Add(CertificateSuites.RsaAes128GcmSha256(extensions)).Add(CertificateSuites.RsaAes128CbcSha256(extensions))
            .Add(CertificateSuites.RsaAes256CbcSha256(extensions)).Add(CertificateSuites.RsaAes128CbcSha(extensions));
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

using System;
using System.Collections.Generic;
using System.Net.Security;
using NfDtls.Dtls13;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Net;

/// <summary>The suites, by their numbers.</summary>
internal static class SuiteList
{
    /// <summary>A fresh table of the suites that were named, or of those with an AEAD.</summary>
    /// <exception cref="ArgumentException">One is not known here.</exception>
    internal static CipherSuiteTable Make(DtlsConnectionOptions options)
    {
        CipherSuiteTable all = All();
        CipherSuiteTable table = new();
        if (options.CipherSuites == null)
        {
            for (int i = 0; i < all.Count; i++)
            {
                if (!IsCbc(all.At(i)) && IsOfVersions(all.At(i), options.EnabledProtocols))
                {
                    table.Add(all.At(i));
                }
            }

            return table;
        }

        HashSet<TlsCipherSuite> seen = [];
        foreach (TlsCipherSuite named in options.CipherSuites)
        {
            CipherSuite? suite = all.Find((int)named);
            if (suite == null)
            {
                throw new ArgumentException($"{nameof(options.CipherSuites)}: {named} is not known here.", nameof(options));
            }

            if (seen.Add(named))
            {
                table.Add(suite);
            }
        }

        return table;
    }

    private static CipherSuiteTable All()
    {
        EcdheExtensions extensions = new(GroupTable.All(), SchemeTable.All());
        CipherSuiteTable table = Suites13.AddTo(new CipherSuiteTable());
        return table
            .Add(EcdheSuites.EcdsaAes128GcmSha256(extensions)).Add(EcdheSuites.EcdsaAes256GcmSha384(extensions)).Add(EcdheSuites.EcdsaChaCha20Poly1305Sha256(extensions))
            .Add(EcdheSuites.EcdsaAes128Ccm(extensions)).Add(EcdheSuites.EcdsaAes128Ccm8(extensions))
            .Add(EcdheSuites.RsaAes128GcmSha256(extensions)).Add(EcdheSuites.RsaAes256GcmSha384(extensions)).Add(EcdheSuites.RsaChaCha20Poly1305Sha256(extensions))
            .Add(EcdheSuites.PskAes128GcmSha256(extensions)).Add(EcdheSuites.PskChaCha20Poly1305Sha256(extensions))
            .Add(EcdheSuites.PskAes128CcmSha256(extensions)).Add(EcdheSuites.PskAes128Ccm8Sha256(extensions))
            .Add(PskSuites.Aes128GcmSha256()).Add(PskSuites.Aes256GcmSha384()).Add(PskSuites.ChaCha20Poly1305Sha256())
            .Add(PskSuites.Aes128Ccm()).Add(PskSuites.Aes128Ccm8())
            .Add(EcdheSuites.EcdsaAes128CbcSha256(extensions)).Add(EcdheSuites.RsaAes128CbcSha256(extensions))
            .Add(EcdheSuites.PskAes128CbcSha256(extensions)).Add(PskSuites.Aes128CbcSha256());
    }

    private static bool IsOfVersions(CipherSuite suite, DtlsProtocols protocols)
    {
        bool is13 = suite.Id >> 8 == 0x13;
        return (protocols & (is13 ? DtlsProtocols.Dtls13 : DtlsProtocols.Dtls12)) != 0;
    }

    private static bool IsCbc(CipherSuite suite)
    {
        return suite.Name.Contains("_CBC_", StringComparison.Ordinal);
    }
}

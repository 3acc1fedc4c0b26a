using System;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client and a server of DTLS 1.2 that may both sleep.</summary>
internal sealed class SleepBed : SleepingEnds
{
    private readonly string _suite;
    private readonly bool _host;

    internal SleepBed(Action<DtlsOptions> changing)
        : this("TLS_PSK_WITH_AES_128_CCM_8", false, changing)
    {
    }

    internal SleepBed(string suite = "TLS_PSK_WITH_AES_128_CCM_8", bool host = false, Action<DtlsOptions>? changing = null)
    {
        Changing = changing;
        _suite = suite;
        _host = host;
        Start();
    }

    internal static CipherSuite Suite(string name)
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            if (table.At(i).Name == name)
            {
                return table.At(i);
            }
        }

        throw new ArgumentException(name);
    }

    protected override DtlsOptions Options(bool isServer, int seed)
    {
        DtlsOptions options = TestBed.Options(_host, seed);
        options.Suites = TestBed.Only(Suite(_suite));
        return options;
    }
}

using System;
using NfDtls.Tests.Extensions;

namespace NfDtls.Tests.Dtls13;

/// <summary>A client and a server of DTLS 1.3 that may both sleep.</summary>
internal sealed class SleepBed13 : SleepingEnds
{
    internal SleepBed13(Action<DtlsOptions>? changing = null, bool connects = true)
    {
        Changing = changing;
        Start(connects);
    }

    protected override DtlsOptions Options(bool isServer, int seed)
    {
        return Bed13.Options(isServer, seed, Bed13.NoGroup, true);
    }
}

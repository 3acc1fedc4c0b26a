using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;

namespace NfDtls.Ops;

/// <summary>The options of a client and a server, piece by piece, so that each program has what it needs and no more.</summary>
internal static class Ends
{
    internal static SeededEntropy Entropy(bool isServer)
    {
        return new SeededEntropy(isServer ? 3u : 5u);
    }

    internal static DtlsOptions Make(DtlsOptions options, CryptoProvider crypto, bool isServer)
    {
        options.Crypto = crypto;
        options.MaxSessions = isServer ? 4 : 1;
        options.Psk = new PskStore();
        options.Psk.Add(new byte[16], "device-000000001");
        return options;
    }

    internal static DtlsOptions Use12(DtlsOptions options)
    {
        options.Suites = PskSuites.Constrained();
        return options;
    }

    internal static DtlsOptions Use13(DtlsOptions options, bool isServer)
    {
        options.Suites = Suites13.Constrained();
        options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(new int[0], true) : new Version13(new int[0], true));
        return options;
    }

    internal static DtlsOptions Resume(DtlsOptions options, bool isServer)
    {
        options.Features = [new SessionResumption()];
        options.ServerName = isServer ? null : "server.example";
        return options;
    }
}

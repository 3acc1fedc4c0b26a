using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Options of DTLS 1.3 for both ends of the engine's network.</summary>
internal static class Bed13
{
    internal static readonly int[] NoGroup = [];
    internal static readonly int[] X25519 = [NamedGroup.X25519];

    /// <summary>One end with one key, over managed cryptography.</summary>
    internal static DtlsOptions Options(bool isServer, int seed, int[] groups, bool allowsPskAlone, CipherSuiteTable? suites = null)
    {
        DtlsOptions options = TestBed.Options(seed);
        SoftwareProvider software = new(new SeededEntropy(seed));
        options.Crypto = groups.Length == 0 ? software : new CompositeProvider([software, new SoftwareEccProvider(software)]);
        options.Suites = suites ?? Suites13.Constrained();
        options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, allowsPskAlone) : new Version13(groups, allowsPskAlone));
        return options;
    }

    internal static TestBed Make(int[] groups, bool allowsPskAlone, int seed = 1)
    {
        return new TestBed(Options(false, seed, groups, allowsPskAlone), Options(true, seed + 1000, groups, allowsPskAlone), seed);
    }

    internal static TestBed PskAlone(int seed = 1)
    {
        return Make(NoGroup, true, seed);
    }

    internal static bool Connect(TestBed bed, long milliseconds = 100_000)
    {
        bed.Client.Engine.Connect(bed.Network.Now);
        return bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, milliseconds) && bed.Client.State == AssociationState.Connected;
    }
}

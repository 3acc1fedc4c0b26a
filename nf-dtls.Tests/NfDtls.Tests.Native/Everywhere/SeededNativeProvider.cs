using NfDtls.Crypto.Software;
using Managed = NfDtls.Crypto.Software.SoftwareProvider;

namespace NfDtls.Tests.Native;

/// <summary>The native provider, but for random bytes, which are the same in each run.</summary>
internal sealed class SeededNativeProvider : EagerNativeProvider
{
    private readonly Managed _random;

    internal SeededNativeProvider(EntropySource entropy)
    {
        _random = new Managed(entropy);
    }

    public override void Random(byte[] destination, int offset, int count)
    {
        _random.Random(destination, offset, count);
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.OpenSsl;
using NfDtls.Crypto.Software;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Crypto;

/// <summary>The providers that the shared tests run over here: the managed one comes first, as some of them expect.</summary>
internal static class Providers
{
    internal static readonly string[] Names = ["Software", "OpenSsl", "Composite", "OpenSsl without the processor"];

    internal static CryptoProvider[] All()
    {
        return [Software(), Tested(), new CompositeProvider([Tested(), Software()]), new OpenSslProvider(false)];
    }

    /// <summary>Those whose records allocate nothing.</summary>
    internal static CryptoProvider[] Frugal()
    {
        return All();
    }

    /// <summary>The one whose keys and signatures are tested.</summary>
    internal static CryptoProvider Tested()
    {
        return new OpenSslProvider();
    }

    private static SoftwareProvider Software()
    {
        return new SoftwareProvider(new SystemEntropy());
    }

    private sealed class SystemEntropy : EntropySource
    {
        public override void Read(byte[] destination, int offset, int count)
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(System.MemoryExtensions.AsSpan(destination, offset, count));
        }
    }
}

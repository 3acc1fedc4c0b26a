using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Crypto;

/// <summary>The providers that the shared tests run over here: the managed one comes first, as some of them expect.</summary>
internal static class Providers
{
    internal static readonly string[] Names = ["Software", "Native", "Composite"];

    internal static CryptoProvider[] All()
    {
        return [Software(), Native(), new CompositeProvider([Native(), Software()])];
    }

    /// <summary>Those whose records allocate nothing.</summary>
    internal static CryptoProvider[] Frugal()
    {
        return All();
    }

    /// <summary>The one whose keys and signatures are tested.</summary>
    internal static CryptoProvider Tested()
    {
        return Native();
    }

    internal static SoftwareProvider Software()
    {
        return new SoftwareProvider(new SystemEntropy());
    }

    internal static NativeProvider Native()
    {
        try
        {
            return new NativeProvider();
        }
        catch (NotSupportedException exception)
        {
            Assert.Inconclusive("The native library is missing; run ./build.sh native. " + exception.InnerException?.Message);
            throw;
        }
    }
}

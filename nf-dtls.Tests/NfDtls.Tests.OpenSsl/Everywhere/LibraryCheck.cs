using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.OpenSsl;

namespace NfDtls.Tests.OpenSsl;

/// <summary>Without a libcrypto of OpenSSL 3 all tests here are inconclusive.</summary>
[TestClass]
public class LibraryCheck
{
    [AssemblyInitialize]
    public static void RequireLibrary(TestContext context)
    {
        if (!OpenSslProvider.IsAvailable)
        {
            Assert.Inconclusive("The system has no libcrypto of OpenSSL 3 or later.");
        }
    }
}

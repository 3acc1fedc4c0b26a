using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;

namespace NfDtls.Tests.Native;

/// <summary>Without the native library all tests here are inconclusive.</summary>
[TestClass]
public class LibraryCheck
{
    [AssemblyInitialize]
    public static void RequireLibrary(TestContext context)
    {
        try
        {
            GC.KeepAlive(new NativeProvider());
        }
        catch (NotSupportedException)
        {
            Assert.Inconclusive("The native library is missing; run ./build.sh native.");
        }
    }
}

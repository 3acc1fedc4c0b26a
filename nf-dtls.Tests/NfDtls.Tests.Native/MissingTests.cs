using System;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;

namespace NfDtls.Tests.Crypto;

/// <summary>What is said where the native side is missing.</summary>
[TestClass]
public class MissingTests
{
    [TestMethod]
    public void A_missing_native_side_is_said_with_the_version_and_checksum_wanted()
    {
        // The assembly once more, in a context of its own where no library is found.
        AssemblyLoadContext apart = new("apart", true);
        Assembly assembly = apart.LoadFromAssemblyPath(typeof(NativeProvider).Assembly.Location);
        NativeLibrary.SetDllImportResolver(assembly, (_, _, _) => throw new DllNotFoundException());
        Type provider = assembly.GetType(typeof(NativeProvider).FullName!, true)!;
        Exception? thrown = null;
        try
        {
            Activator.CreateInstance(provider);
        }
        catch (TargetInvocationException exception)
        {
            thrown = exception.InnerException;
        }

        Assert.IsInstanceOfType<NotSupportedException>(thrown);
        Assert.Contains("missing", thrown.Message);
        Assert.Contains(NativeProvider.NativeVersion, thrown.Message);
        Assert.Contains("0x" + NativeProvider.NativeChecksum.ToString("X8"), thrown.Message);
        apart.Unload();
    }
}

using System;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.OpenSsl;

namespace NfDtls.Tests.OpenSsl;

/// <summary>What is said where the system has no libcrypto, or an older one.</summary>
[TestClass]
public class MissingTests
{
    [TestMethod]
    public void Without_a_library_the_provider_is_not_available_and_says_why()
    {
        Verify(["libcrypto-of-no-system.so"]);
    }

    [TestMethod]
    public void A_library_that_lacks_the_functions_is_none()
    {
        Verify(["libc.so.6", "libcrypto-of-no-system.so"]);
    }

    [TestMethod]
    public void The_library_says_its_version()
    {
        Assert.IsTrue(OpenSslProvider.IsAvailable);
        Assert.Contains("OpenSSL", OpenSslProvider.LibraryVersion);
    }

    /// <summary>The assembly once more, in a context of its own, which looks for other files.</summary>
    private static void Verify(string[] files)
    {
        AssemblyLoadContext apart = new("apart", true);
        Assembly assembly = apart.LoadFromAssemblyPath(typeof(OpenSslProvider).Assembly.Location);
        string[] names = (string[])assembly.GetType("NfDtls.Crypto.OpenSsl.LibCrypto", true)!.GetField("FileNames", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = files[Math.Min(i, files.Length - 1)];
        }

        Type provider = assembly.GetType(typeof(OpenSslProvider).FullName!, true)!;
        Assert.AreEqual(false, provider.GetProperty(nameof(OpenSslProvider.IsAvailable))!.GetValue(null));
        Assert.AreEqual("", provider.GetProperty(nameof(OpenSslProvider.LibraryVersion))!.GetValue(null));
        TargetInvocationException thrown = Assert.ThrowsExactly<TargetInvocationException>(() => Activator.CreateInstance(provider));
        Assert.IsInstanceOfType<NotSupportedException>(thrown.InnerException);
        Assert.Contains("OpenSSL 3", thrown.InnerException.Message);
        apart.Unload();
    }
}

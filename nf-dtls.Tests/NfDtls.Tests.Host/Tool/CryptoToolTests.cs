using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.OpenSsl;

namespace NfDtls.Tests.Host;

/// <summary>Where the tool's cryptography comes from when --crypto does not say.</summary>
[TestClass]
public class CryptoToolTests
{
    [TestMethod]
    public void The_tool_takes_the_systems_OpenSSL_where_there_is_one_and_says_so()
    {
        string expected = OpenSslProvider.IsAvailable ? "openssl" : "host";
        using ToolRun demo = ToolRun.ToEnd("demo").Ended(0);
        StringAssert.Matches(demo.Errors, new System.Text.RegularExpressions.Regex("cryptography\\W+" + expected + "\\b"));
        using ToolRun told = ToolRun.ToEnd("demo --crypto host").Ended(0);
        StringAssert.Matches(told.Errors, new System.Text.RegularExpressions.Regex("cryptography\\W+host\\b"));
    }

    [TestMethod]
    public void Where_the_system_has_no_OpenSSL_the_tool_takes_dotnets_own()
    {
        Apart apart = new Apart();
        Assembly library = apart.LoadFromAssemblyName(new AssemblyName("NfDtls.Crypto.OpenSsl"));
        string[] names = (string[])library.GetType("NfDtls.Crypto.OpenSsl.LibCrypto", true)!.GetField("FileNames", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        Array.Fill(names, "libcrypto-of-no-system.so");
        Type choice = apart.LoadFromAssemblyName(new AssemblyName("NfDtls.Tool")).GetType("NfDtls.Tool.CryptoChoice", true)!;
        Assert.AreEqual("host", choice.GetProperty("Default")!.GetValue(null));
    }

    /// <summary>Loads anew what is ours.</summary>
    private sealed class Apart : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return assemblyName.Name!.StartsWith("NfDtls", StringComparison.Ordinal) && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}

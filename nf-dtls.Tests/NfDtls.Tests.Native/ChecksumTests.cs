using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;

namespace NfDtls.Tests.Crypto;

/// <summary>
/// The native checksum, computed from the assembly as the metadata processor does: a CRC, most significant bit first, over
/// the assembly's, the class's and the method's name with its types, for each method in its order. While no native method has
/// been counted its sum is 0 again for each of the three, so of the first method only the name counts.
/// </summary>
[TestClass]
public class ChecksumTests
{
    [TestMethod]
    public void The_provider_names_the_checksum_of_the_native_methods()
    {
        Assert.AreEqual(Checksum().ToString("X8"), NativeProvider.NativeChecksum.ToString("X8"), "a native method was changed: firmware must follow");
    }

    [TestMethod]
    public void The_glue_has_every_native_method_at_its_place()
    {
        string glue = Glue("nfdtls_native.cpp");
        string table = Regex.Match(glue, @"method_lookup\[\] = \{(.*?)\};", RegexOptions.Singleline).Groups[1].Value;
        List<string> rows = [.. Regex.Matches(table, @"\b(\w+)(?=,)").Select(match => match.Value)];
        CollectionAssert.AreEqual(NativeNames(), rows);

        // The header declares them under the same names, and the entry points stand under them.
        string header = Glue("nfdtls_native.h");
        string entries = Glue("nfdtls_native_NfDtls_Native_NativeMethods.cpp");
        foreach (string name in NativeNames())
        {
            Assert.Contains($"NANOCLR_NATIVE_DECLARE({name});", header);
            Assert.Contains($"HRESULT Methods::{name}(CLR_RT_StackFrame &stack)", entries);
        }
    }

    [TestMethod]
    public void The_glue_names_the_checksum_and_the_version_of_the_assembly()
    {
        // As the build of nanoCLR reads them.
        Match data = Regex.Match(
            Glue("nfdtls_native.cpp"),
            @"[ \t\r\n]+CLR_RT_NativeAssemblyData[ \t\r\n]+g_CLR_AssemblyNative_NfDtls_Native[ \t\r\n]*=[^{]+{[^0]+0x([0-9A-Za-z]+)[^{]+{[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)");
        Assert.IsTrue(data.Success, "the build of nanoCLR would not find them");
        Assert.AreEqual(Checksum().ToString("X8"), data.Groups[1].Value, "checksum");
        string version = string.Join('.', data.Groups.Values.Skip(2).Select(group => group.Value));
        Assert.AreEqual(AssemblyName.GetAssemblyName(NativeAssembly).Version!.ToString(), version);
        Assert.AreEqual(NativeProvider.NativeVersion, version);
        Assert.Contains("\"NfDtls.Native\"", data.Value, "the assembly's name");
    }

    [TestMethod]
    public void The_host_binding_has_the_same_methods_in_the_same_order()
    {
        Type binding = typeof(NativeProvider).Assembly.GetType("NfDtls.Native.NativeMethods", true)!;
        List<string> names = [];
        foreach (MethodInfo method in binding.GetMethods(BindingFlags.Static | BindingFlags.Public))
        {
            string name = method.Name + "___STATIC__I4";
            foreach (ParameterInfo parameter in method.GetParameters())
            {
                name += parameter.ParameterType == typeof(int) ? "__I4" : "__SZARRAY_U1";
            }

            names.Add(name);
        }

        CollectionAssert.AreEqual(NativeNames(), names);
    }

    private static string NativeAssembly
    {
        get { return Path.Combine(AppContext.BaseDirectory, "NfDtls.Native.dll"); }
    }

    private static string Glue(string file)
    {
        return File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nanoclr", file));
    }

    private static uint Checksum()
    {
        uint checksum = 0;
        bool any = false;
        foreach (string name in NativeNames())
        {
            if (any)
            {
                checksum = Crc(checksum, "NfDtls.Native");
                checksum = Crc(checksum, "NfDtls_Native_NativeMethods");
            }

            checksum = Crc(checksum, name);
            any = true;
        }

        return checksum;
    }

    /// <summary>Every method of the assembly in its order. There is no class but the one, and no method that is not native: each would take a place.</summary>
    private static List<string> NativeNames()
    {
        using PEReader file = new(File.OpenRead(NativeAssembly));
        MetadataReader reader = file.GetMetadataReader();
        List<string> names = [];
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string name = reader.GetString(type.Name);
            Assert.IsTrue(name is "<Module>" or "NativeMethods", "the checksum would cover " + name);
            foreach (MethodDefinitionHandle method in type.GetMethods())
            {
                MethodDefinition definition = reader.GetMethodDefinition(method);
                Assert.AreEqual(0, definition.RelativeVirtualAddress, "not native");
                names.Add(reader.GetString(definition.Name) + "___STATIC__" + Types(reader.GetBlobBytes(definition.Signature)));
            }
        }

        return names;
    }

    /// <summary>The types of a static method's signature: there are but int (8) and byte[] (0x1D, 5).</summary>
    private static string Types(byte[] signature)
    {
        List<string> types = [];
        for (int i = 2; i < signature.Length; i++)
        {
            types.Add(signature[i] == 8 ? "I4" : "SZARRAY_U1");
            i += signature[i] == 8 ? 0 : 1;
        }

        Assert.HasCount(signature[1] + 1, types);
        return string.Join("__", types);
    }

    private static uint Crc(uint crc, string text)
    {
        foreach (byte b in Encoding.ASCII.GetBytes(text))
        {
            crc ^= (uint)b << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
            }
        }

        return crc;
    }
}

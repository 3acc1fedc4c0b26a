using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;

namespace NfDtls.Tests.Crypto;

/// <summary>
/// The native checksum, computed from the assembly as the metadata processor does: a CRC over the assembly's, the class's and
/// the method's name with its types, for each method in its order.
/// </summary>
[TestClass]
public class ChecksumTests
{
    [TestMethod]
    public void The_provider_names_the_checksum_of_the_native_methods()
    {
        uint checksum = 0;
        foreach (string name in NativeNames())
        {
            checksum = Crc(checksum, "NfDtls.Native");
            checksum = Crc(checksum, "NfDtls_Native_NativeMethods");
            checksum = Crc(checksum, name);
        }

        Assert.AreEqual(NativeProvider.NativeChecksum.ToString("X8"), checksum.ToString("X8"), "a native method was changed: firmware must follow");
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

    /// <summary>Every method of the assembly, which has no class but the one.</summary>
    private static List<string> NativeNames()
    {
        using PEReader file = new(System.IO.File.OpenRead(typeof(ChecksumTests).Assembly.Location.Replace("NfDtls.Tests.Native.dll", "NfDtls.Native.dll")));
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

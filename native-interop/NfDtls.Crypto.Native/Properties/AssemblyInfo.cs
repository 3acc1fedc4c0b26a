using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("NfDtls.Crypto.Native")]
[assembly: AssemblyDescription("NfDtls's cryptography over native code and the chip's engines.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

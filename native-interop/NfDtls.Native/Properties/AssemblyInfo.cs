using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("NfDtls.Native")]
[assembly: AssemblyDescription("The native methods of NfDtls, and nothing else.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("1.0.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyNativeVersion("1.0.0.0")]

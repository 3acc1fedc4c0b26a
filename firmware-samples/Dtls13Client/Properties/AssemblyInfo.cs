using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("Dtls13Client")]
[assembly: AssemblyDescription("A client that speaks DTLS 1.3 with a pre-shared key.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

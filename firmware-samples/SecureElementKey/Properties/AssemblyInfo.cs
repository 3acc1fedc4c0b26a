using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("SecureElementKey")]
[assembly: AssemblyDescription("A client whose private key is in a secure element, which signs for it.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("NFUnitTest")]
[assembly: AssemblyDescription("Tests of NfDtls.Crypto.Software.MlKem.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

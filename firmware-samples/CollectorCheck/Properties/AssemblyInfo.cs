using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("CollectorCheck")]
[assembly: AssemblyDescription("Tells whether a firmware's garbage collector writes into living objects.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

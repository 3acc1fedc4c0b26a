using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("CertificateClient")]
[assembly: AssemblyDescription("A client that proves itself by a certificate, checks the server's, and asks for the time before.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("EchoServer")]
[assembly: AssemblyDescription("Several PSK clients on one UDP port, each served an echo.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

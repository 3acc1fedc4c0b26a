using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("SleepyDevice")]
[assembly: AssemblyDescription("A client that keeps its DTLS association over deep sleep and goes on from another address, without a handshake.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

using System.Reflection;

[assembly: AssemblyTitle("DtlsDevice1")]
[assembly: AssemblyVersion("1.0.0.0")]
[assembly: AssemblyFileVersion("1.0.0.0")]

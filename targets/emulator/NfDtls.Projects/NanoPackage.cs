using System.IO;

namespace NfDtls.Projects;

/// <summary>A package of nanoFramework's that brings a class library, in the version that the project is made for.</summary>
public sealed record NanoPackage(string Library, string Id, string Version)
{
    private static readonly NanoPackage[] All =
    {
        new("mscorlib", "nanoFramework.CoreLibrary", "1.17.11"),
        new("nanoFramework.Runtime.Events", "nanoFramework.Runtime.Events", "1.11.37"),
        new("nanoFramework.Runtime.Native", "nanoFramework.Runtime.Native", "1.7.11"),
        new("nanoFramework.System.Collections", "nanoFramework.System.Collections", "1.5.75"),
        new("nanoFramework.System.Security.Cryptography", "nanoFramework.System.Security.Cryptography", "1.0.38"),
        new("nanoFramework.System.Text", "nanoFramework.System.Text", "1.3.42"),
        new("nanoFramework.TestFramework", "nanoFramework.TestFramework", "3.0.77"),
        new("System.IO.Streams", "nanoFramework.System.IO.Streams", "1.1.96"),
        new("System.Math", "nanoFramework.System.Math", "1.5.116"),
        new("System.Net", "nanoFramework.System.Net", "1.11.60"),
        new("System.Threading", "nanoFramework.System.Threading", "1.1.52"),
    };

    /// <summary>The package of a library.</summary>
    public static NanoPackage Of(string library)
    {
        foreach (NanoPackage package in All)
        {
            if (package.Library == library)
            {
                return package;
            }
        }

        throw new InvalidDataException($"No package is known for the library {library}; add it to NanoPackage.");
    }
}

using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Model;

/// <summary>The generation of firmware, class libraries and metadata processor that an assembly is for; they do not mix.</summary>
internal enum CoreLibrary
{
    /// <summary>Version 1, by which all rules were measured.</summary>
    One = 1,

    /// <summary>Version 2, the preview with generics; what is allowed there beyond version 1 was read from its sources and not run.</summary>
    Two = 2,
}

internal static class CoreLibraries
{
    private const string Name = "mscorlib";

    /// <exception cref="FormatException">The surface is that of another generation.</exception>
    public static void Expect(CoreLibrary version, SurfaceSet surfaces)
    {
        if (surfaces.Find(Name) is { } library && library.Version.Major != (int)version)
        {
            throw new FormatException($"the surface has {Name} {library.Version}, and the rules are those of version {(int)version}: "
                + $"name that version's libraries with --surface, or say --core-library {library.Version.Major}");
        }
    }
}

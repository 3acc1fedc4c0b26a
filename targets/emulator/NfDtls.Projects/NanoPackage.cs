namespace NfDtls.Projects;

/// <summary>A package of nanoFramework's that brings a class library, in the version that the project is made for.</summary>
public sealed record NanoPackage(string Library, string Id, string Version, string NativeVersion, uint Checksum)
{
    /// <summary>Whether firmware must bring native methods for it.</summary>
    public bool IsNative => Checksum != 0;
}

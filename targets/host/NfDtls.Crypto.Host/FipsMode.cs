using System;
using System.IO;

namespace NfDtls.Crypto.Host;

/// <summary>Whether the system is in FIPS mode, where a validated module has to do all cryptography.</summary>
internal static class FipsMode
{
    /// <summary>Where Linux says so: a line with 1, and elsewhere no file. It does not change while the system runs.</summary>
    private const string KernelsFile = "/proc/sys/crypto/fips_enabled";

    /// <summary>What the system says, read once; tests put in what they want.</summary>
    internal static bool IsOn { get; set; } = Says(KernelsFile);

    /// <summary>What a file says; one that is not there, or cannot be read, says no.</summary>
    internal static bool Says(string file)
    {
        try
        {
            return File.Exists(file) && File.ReadAllText(file).Trim() == "1";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

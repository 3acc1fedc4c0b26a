using System.Security.Cryptography;

namespace NfDtls.Tool;

/// <summary>What is to be made.</summary>
internal sealed class KeyGenSettings
{
    /// <summary>"ca", "server", "device", "raw" or "psk".</summary>
    public required string Kind { get; init; }

    public required string[] Names { get; init; }

    /// <summary>The prefix of the issuing authority's files, or null.</summary>
    public required string? Authority { get; init; }

    /// <summary>Whether it becomes C# source.</summary>
    public required bool IsSource { get; init; }

    /// <summary>The files' prefix, or null.</summary>
    public required string? Prefix { get; init; }

    public required bool Replaces { get; init; }

    public required int Days { get; init; }

    public required int KeyBytes { get; init; }

    public required ECCurve Curve { get; init; }
}

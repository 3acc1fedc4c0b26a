using System;
using System.Collections.Generic;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;

namespace NfDtls.Tool;

/// <summary>What --versions names, with the groups of DTLS 1.3 and whether a pre-shared key may do alone there.</summary>
internal sealed class VersionChoice
{
    // As many as a Version13 has; the post-quantum one goes in front where a provider can do it and it is named.
    private const int MaxGroups = 4;

    // First hellos in several fragments that a server puts together at a time.
    private const int HelloPlaces = 4;

    private readonly int[] _groups;
    private readonly bool _allowsPskAlone;

    private VersionChoice(bool has12, bool has13, int[] groups, bool allowsPskAlone)
    {
        Has12 = has12;
        Has13 = has13;
        _groups = groups;
        _allowsPskAlone = allowsPskAlone;
    }

    public bool Has12 { get; }

    public bool Has13 { get; }

    /// <summary>"DTLS 1.2", "DTLS 1.3" or both.</summary>
    public string Text
    {
        get { return !Has13 ? "DTLS 1.2" : Has12 ? "DTLS 1.3 or 1.2" : "DTLS 1.3"; }
    }

    /// <param name="names">The option's text, or null for 1.2.</param>
    /// <param name="groups">Groups for the key agreement, the preferred first; none only where a key may do alone.</param>
    /// <param name="allowsPskAlone">Whether psk_ke is allowed.</param>
    /// <param name="crypto">Those that it lacks are left out.</param>
    public static VersionChoice Parse(string? names, int[]? groups, bool allowsPskAlone, CryptoProvider crypto)
    {
        bool has12 = names == null;
        bool has13 = false;
        foreach (string name in (names ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            has12 |= name == "1.2";
            has13 |= name == "1.3";
            if (name != "1.2" && name != "1.3")
            {
                throw ToolException.Usage($"--versions is a list of 1.2 and 1.3, not {name}.");
            }
        }

        if (!has12 && !has13)
        {
            throw ToolException.Usage("--versions names no version: 1.2, 1.3 or both.");
        }

        if (allowsPskAlone && !has13)
        {
            throw ToolException.Usage("--psk-alone is about DTLS 1.3: give --versions 1.3 or 1.2,1.3.");
        }

        bool isHybrid = Array.IndexOf(groups ?? [], NamedGroup.X25519MlKem768) >= 0;
        if (isHybrid && (!has13 || (has12 && groups!.Length == 1)))
        {
            throw ToolException.Usage(has13
                ? "DTLS 1.2 has no x25519mlkem768: name another group beside it, or give --versions 1.3."
                : "x25519mlkem768 is of DTLS 1.3: give --versions 1.3 or 1.2,1.3.");
        }

        List<int> usable = [];
        foreach (int group in groups ?? [])
        {
            if (usable.Count < MaxGroups && GroupNames.IsSupported(group, crypto))
            {
                usable.Add(group);
            }
        }

        return new VersionChoice(has12, has13, [.. usable], allowsPskAlone);
    }

    /// <summary>The table for an end.</summary>
    public VersionTable Make(bool ofServer)
    {
        VersionTable table = new VersionTable();
        if (Has13)
        {
            table.Add(ofServer ? new ServerVersion13(_groups, _allowsPskAlone) { HelloPlaces = HelloPlaces } : new Version13(_groups, _allowsPskAlone));
        }

        return Has12 ? table.Add(new Dtls12()) : table;
    }

    /// <summary>A version's name by its number.</summary>
    public static string NameOf(int version)
    {
        return version == DtlsVersion.Dtls12 ? "DTLS 1.2" : "DTLS 1.3";
    }
}

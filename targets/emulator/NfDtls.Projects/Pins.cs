using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace NfDtls.Projects;

/// <summary>targets/nanoframework.txt: the firmware and the packages that are used, and the native sides of those that are known.</summary>
public sealed class Pins
{
    /// <summary>The file's place in the repository.</summary>
    public const string File = "targets/nanoframework.txt";

    private const string FirmwareName = "firmware";

    private readonly Dictionary<string, string> _pins = new();
    private readonly List<NanoPackage> _packages = new();
    private readonly List<NativeSide> _firmware = new();
    private readonly Dictionary<string, string> _with = new();
    private readonly List<NativeSide> _own = new();

    private Pins()
    {
    }

    /// <summary>The native side of an assembly in the firmware of a commit.</summary>
    private sealed record NativeSide(string Commit, string Assembly, string Version, uint Checksum);

    /// <summary>The commit of nf-interpreter.</summary>
    public string Firmware => _pins[FirmwareName];

    /// <summary>What a firmware is built with besides: versions by name.</summary>
    public IReadOnlyDictionary<string, string> With => _with;

    /// <summary>The native version of an assembly of ours, and its checksum as the pages write it.</summary>
    public (string Version, string Checksum) Own(string assembly)
    {
        NativeSide side = _own.Single(side => side.Assembly == assembly);
        return (side.Version, $"0x{side.Checksum:X8}");
    }

    /// <summary>The pinned packages.</summary>
    public IEnumerable<NanoPackage> Packages => _pins.Keys.Where(id => id != FirmwareName).Select(Package);

    /// <summary>Reads the file of a repository.</summary>
    public static Pins Load(string root)
    {
        return Parse(System.IO.File.ReadAllLines(Path.Combine(root, File)));
    }

    /// <summary>Reads lines of words: what a line is, and its values.</summary>
    public static Pins Parse(IEnumerable<string> lines)
    {
        Pins pins = new();
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            pins.Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), line);
        }

        return pins;
    }

    /// <summary>The package of a library.</summary>
    public NanoPackage Of(string library)
    {
        return Packages.FirstOrDefault(package => package.Library == library)
            ?? throw new InvalidDataException($"No pinned package brings the library {library}; add it to {File}.");
    }

    /// <summary>Each way in which the pinned packages do not fit the pinned firmware; none where a program deploys.</summary>
    public IEnumerable<string> Disagreements()
    {
        if (_firmware.All(side => side.Commit != Firmware))
        {
            yield return $"Nothing is known of the firmware {Firmware}.";
        }

        foreach (NanoPackage package in Packages.Where(package => package.IsNative))
        {
            NativeSide? side = _firmware.FirstOrDefault(side => side.Commit == Firmware && side.Assembly == package.Library);
            if (side == null)
            {
                yield return $"{package.Library}: the firmware {Firmware} has no native side.";
            }
            else if (side.Checksum != package.Checksum || side.Version != package.NativeVersion)
            {
                yield return $"{package.Library}: the firmware {Firmware} wants {side.Version} 0x{side.Checksum:X8}, "
                    + $"{package.Id} {package.Version} has {package.NativeVersion} 0x{package.Checksum:X8}.";
            }
        }
    }

    private NanoPackage Package(string id)
    {
        return _packages.FirstOrDefault(package => package.Id == id && package.Version == _pins[id])
            ?? throw new InvalidDataException($"Nothing is known of {id} {_pins[id]}; add what it holds to {File}.");
    }

    private void Add(string[] words, string line)
    {
        switch (words[0], words.Length)
        {
            case ("pin", 3):
                _pins.Add(words[1], words[2]);
                break;
            case ("package", 6):
                _packages.Add(new NanoPackage(words[3], words[1], words[2], words[4], Checksum(words[5])));
                break;
            case (FirmwareName, 6):
                _firmware.Add(new NativeSide(words[1], words[3], words[4], Checksum(words[5])));
                break;
            case ("with", 3):
                _with.Add(words[1], words[2]);
                break;
            case ("own", 4):
                _own.Add(new NativeSide("", words[1], words[2], Checksum(words[3])));
                break;
            default:
                throw new InvalidDataException($"{File} has a line that is not understood: {line}");
        }
    }

    private static uint Checksum(string text)
    {
        return uint.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}

using System;
using System.CommandLine;
using System.Security.Cryptography;

namespace NfDtls.Tool;

/// <summary>The options of nfdtls keygen, read and checked.</summary>
internal sealed class KeyGenOptions
{
    private static readonly string[] Kinds = ["ca", "server", "device", "raw", "psk"];

    private readonly Argument<string?> _kind = new("KIND") { Description = "ca, server, device, raw or psk.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _out = new("--out") { HelpName = "PREFIX", Description = "Where the files go: PREFIX.pem (certificate), PREFIX.key (private key), PREFIX.pub (raw public key), PREFIX.cs (C# source). The kind of thing where it is not given; a pre-shared key then goes to stdout." };
    private readonly Option<string[]> _name = new("--name") { HelpName = "NAME", Description = "Who it is for: a host name or address of a server (repeatable), a device's name, an authority's, the identity of a pre-shared key." };
    private readonly Option<string?> _ca = new("--ca") { HelpName = "PREFIX", Description = "The authority that issues: what keygen ca was given as --out." };
    private readonly Option<string?> _days = new("--days") { HelpName = "N", Description = "Days that a certificate holds: 3650 for an authority, 365 for others." };
    private readonly Option<string?> _curve = new("--curve") { HelpName = "p256|p384|p521", Description = "The curve of a key, p256 by default." };
    private readonly Option<string?> _bytes = new("--bytes") { HelpName = "N", Description = "Bytes of a pre-shared key, 16 by default." };
    private readonly Option<string?> _form = new("--form") { HelpName = "pem|csharp", Description = "Files in PEM (a pre-shared key: two lines of text), or a class of C# source with the same, for a device without files." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace files that are there." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print objects of JSON, one a line." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_kind);
        foreach (Option option in new Option[] { _out, _name, _ca, _days, _curve, _bytes, _form, _force, Json })
        {
            command.Options.Add(option);
        }
    }

    public KeyGenSettings Read(ParseResult result)
    {
        string? kind = result.GetValue(_kind);
        if (kind == null || Array.IndexOf(Kinds, kind) < 0)
        {
            throw ToolException.Usage($"{(kind == null ? "KIND is missing" : "There is no kind " + kind)}: it is ca, server, device, raw or psk.");
        }

        string form = result.GetValue(_form) ?? "pem";
        if (form is not ("pem" or "csharp"))
        {
            throw ToolException.Usage($"--form must be pem or csharp, not {form}.");
        }

        string[] names = result.GetValue(_name) ?? [];
        bool isIssued = kind is "server" or "device";
        string? ca = result.GetValue(_ca);
        if (isIssued != (ca != null))
        {
            throw ToolException.Usage(isIssued ? $"A certificate of a {kind} needs the authority that issues it: give --ca PREFIX, which `nfdtls keygen ca --out PREFIX` makes." : "--ca is for certificates of servers and devices.");
        }

        if (names.Length == 0 && kind is "server" or "device" or "psk" || (names.Length > 1 && kind != "server"))
        {
            throw ToolException.Usage(names.Length > 1 ? $"--name of a {kind} is one." : $"--name is missing: {(kind == "psk" ? "the key's identity" : "who the certificate is for")}.");
        }

        return new KeyGenSettings
        {
            Kind = kind,
            Names = names,
            Authority = ca,
            IsSource = form == "csharp",
            Prefix = result.GetValue(_out),
            Replaces = result.GetValue(_force),
            Days = Numbers.Whole(result.GetValue(_days) ?? (kind == "ca" ? "3650" : "365"), 1, 36500, "--days"),
            KeyBytes = Numbers.Whole(result.GetValue(_bytes) ?? "16", 16, 64, "--bytes"),
            Curve = (result.GetValue(_curve) ?? "p256") switch
            {
                "p256" => ECCurve.NamedCurves.nistP256,
                "p384" => ECCurve.NamedCurves.nistP384,
                "p521" => ECCurve.NamedCurves.nistP521,
                string other => throw ToolException.Usage($"--curve must be p256, p384 or p521, not {other}."),
            },
        };
    }
}

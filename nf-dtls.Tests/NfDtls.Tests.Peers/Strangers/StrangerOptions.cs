using System;
using System.Collections.Generic;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Strangers;

/// <summary>What a stranger shall do. What a library does not have it says with "misused".</summary>
internal sealed class StrangerOptions
{
    /// <summary>The one suite, by its name in the registry.</summary>
    internal string Suite { get; set; } = "TLS_PSK_WITH_AES_128_CCM_8";

    /// <summary>Own CID, 0 to 32 bytes; null without the extension. A server with one of a byte or more follows a peer that moves.</summary>
    internal byte[]? Cid { get; set; }

    /// <summary>A client asks for tickets and shows them; a server gives them, sealed under a key of its process.</summary>
    internal bool Tickets { get; set; }

    /// <summary>A server keeps sessions by their ID. A client always shows what it has.</summary>
    internal bool Cache { get; set; }

    /// <summary>Whether it may renegotiate, and does when it is asked.</summary>
    internal bool Renegotiation { get; set; }

    /// <summary>max_fragment_length: 512, 1024, 2048 or 4096; 0 without.</summary>
    internal int MaxFragmentLength { get; set; }

    /// <summary>Protocols, the best first.</summary>
    internal string[] Alpn { get; set; } = [];

    /// <summary>Where a client reads a session from before it connects, if the file is there, and writes one on command.</summary>
    internal string? SessionFile { get; set; }

    /// <summary>Whether a server asks for a cookie.</summary>
    internal bool Cookies { get; set; } = true;

    /// <summary>Whether extended_master_secret is offered or taken.</summary>
    internal bool ExtendedMasterSecret { get; set; } = true;

    /// <summary>Whether encrypt_then_mac is offered or taken.</summary>
    internal bool EncryptThenMac { get; set; } = true;

    /// <summary>Whether what comes is sent back, as our ends want it. Of two strangers only one may.</summary>
    internal bool Echo { get; set; } = true;

    /// <summary>Bytes of a datagram.</summary>
    internal int Mtu { get; set; } = 1500;

    /// <summary>Milliseconds after which a flight is sent again for the first time.</summary>
    internal int Retransmit { get; set; } = 1000;

    /// <summary>Whether it has the pre-shared key of the tests where it has no certificates.</summary>
    internal bool HasPsk { get; set; } = true;

    /// <summary>Files of certificates; null where there is none.</summary>
    internal string? Chain { get; set; }

    internal string? Key { get; set; }

    internal string? Trusted { get; set; }

    /// <summary>The name that a client wants of the server's certificate, and shows it (server_name).</summary>
    internal string? ServerName { get; set; }

    /// <summary>Options of the program's that none of the above stands for, as "name=value".</summary>
    internal List<string> More { get; } = [];

    /// <summary>The server of a row with certificates.</summary>
    internal static StrangerOptions ServerOf(Row row, WorkFolder folder)
    {
        StrangerOptions options = Of(row);
        Party.Server(row).WriteTo(folder, out string chain, out string key);
        options.Chain = chain;
        options.Key = key;
        options.Trusted = row.IsMutual ? Party.Client(row).WriteRoot(folder) : null;
        return options;
    }

    /// <summary>The client of a row with certificates.</summary>
    internal static StrangerOptions ClientOf(Row row, WorkFolder folder)
    {
        StrangerOptions options = Of(row);
        options.Trusted = Party.Server(row).WriteRoot(folder);
        options.ServerName = Party.ServerName;
        if (row.IsMutual)
        {
            Party.Client(row).WriteTo(folder, out string chain, out string key);
            options.Chain = chain;
            options.Key = key;
        }

        return options;
    }

    internal string[] Arguments()
    {
        List<string> arguments = ["suite=" + Suite, "mtu=" + Mtu, "retransmit=" + Retransmit, .. More];
        Flag(arguments, "tickets", Tickets);
        Flag(arguments, "cache", Cache);
        Flag(arguments, "renegotiation", Renegotiation);
        Flag(arguments, "cookies", Cookies);
        Flag(arguments, "ems", ExtendedMasterSecret);
        Flag(arguments, "etm", EncryptThenMac);
        Flag(arguments, "echo", Echo);
        Add(arguments, "cid", Cid == null ? null : Convert.ToHexString(Cid));
        Add(arguments, "mfl", MaxFragmentLength == 0 ? null : MaxFragmentLength.ToString());
        Add(arguments, "alpn", Alpn.Length == 0 ? null : string.Join(',', Alpn));
        Add(arguments, "session", SessionFile);
        Add(arguments, "chain", Chain);
        Add(arguments, "key", Key);
        Add(arguments, "ca", Trusted);
        Add(arguments, "name", ServerName);
        bool hasKey = HasPsk && Chain == null && Trusted == null;
        Add(arguments, "psk", hasKey ? TestSuite.KeyHex : null);
        Add(arguments, "identity", hasKey ? TestSuite.Identity : null);
        return [.. arguments];
    }

    private static StrangerOptions Of(Row row)
    {
        StrangerOptions options = new() { Suite = row.Suite.Name, Mtu = row.Mtu };
        options.More.Add("curve=" + (row.Groups[0] == NamedGroup.X25519 ? "x25519" : "secp256r1"));
        return options;
    }

    private static void Flag(List<string> arguments, string name, bool value)
    {
        arguments.Add(name + (value ? "=1" : "=0"));
    }

    private static void Add(List<string> arguments, string name, string? value)
    {
        if (value != null)
        {
            arguments.Add(name + "=" + value);
        }
    }
}

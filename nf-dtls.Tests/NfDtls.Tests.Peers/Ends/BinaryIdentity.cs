using System;
using System.Linq;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>A pre-shared key whose identity is no text: a UUID as its bytes, without a zero, at which the programs' strings end.</summary>
internal static class BinaryIdentity
{
    internal const string Hex = "9c3fe18010ff44c2a07bd10599eef012";

    internal static byte[] Bytes
    {
        get { return Convert.FromHexString(Hex); }
    }

    internal static DtlsOptions Options(TestSuite suite)
    {
        DtlsOptions options = suite.Options();
        options.Psk = new PskStore();
        options.Psk.Add(TestSuite.Key, Bytes, null);
        return options;
    }

    /// <summary>
    /// Starts a program with this identity behind an option in place of what stands there. .NET's arguments are UTF-8, so a shell
    /// makes the bytes.
    /// </summary>
    internal static PeerProgram Start(bool echo, string name, string option, string[] arguments, params string[] more)
    {
        string octal = string.Concat(Bytes.Select(value => "\\" + Convert.ToString(value, 8).PadLeft(3, '0')));
        int place = Array.IndexOf(arguments, option) + 1;
        string[] quoted = [.. arguments.Concat(more).Select((text, i) => i == place ? "\"$(printf '" + octal + "')\"" : "'" + text + "'")];
        return PeerProgram.Start(echo, "sh", "-c", "exec " + PeerProgram.Find(name) + " " + string.Join(' ', quoted));
    }
}

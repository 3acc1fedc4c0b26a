using System;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Strangers;

/// <summary>A library newer than the machine's, and the program of ours that makes a peer of it.</summary>
internal sealed class StrangerLibrary
{
    /// <summary>mbedTLS 3.6: connection IDs, tickets, session IDs, renegotiation, max_fragment_length, ALPN, exporter.</summary>
    internal static readonly StrangerLibrary Mbed = new("MbedStranger.c", ["mbedtls", "mbedx509", "mbedcrypto"], "libmbedtls-dev", "trixie", "testing", "sid");

    /// <summary>
    /// wolfSSL 5.9: connection IDs, tickets, session IDs, max_fragment_length, ALPN, exporter. Debian's build has no renegotiation, and of the
    /// suites with a pre-shared key only those with ECDHE or DHE, and TLS_PSK_WITH_CHACHA20_POLY1305_SHA256. Its server always asks for a cookie, and
    /// its client with a CID takes no records of a server without (5.9.2).
    /// </summary>
    internal static readonly StrangerLibrary Wolf = new("WolfStranger.c", ["wolfssl"], "libwolfssl-dev", "sid", "testing");

    private readonly Lazy<string> _program;
    private readonly string _source;
    private readonly string[] _libraries;
    private readonly string _package;
    private readonly string[] _suites;

    private StrangerLibrary(string source, string[] libraries, string package, params string[] suites)
    {
        _source = source;
        _libraries = libraries;
        _package = package;
        _suites = suites;
        _program = new(Compile);
    }

    /// <summary>By the name that it has in tests' rows.</summary>
    internal static StrangerLibrary Named(string name)
    {
        return name switch
        {
            "mbedTLS" => Mbed,
            "wolfSSL" => Wolf,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such library."),
        };
    }

    /// <summary>The program's path. Ends the test as inconclusive, and says why, where the library cannot be had or the program not be made of it.</summary>
    internal string Program
    {
        get { return _program.Value; }
    }

    /// <summary>Which packages it is made of.</summary>
    internal string Found
    {
        get { return DebianPackages.Fetch(_package, _suites).Found; }
    }

    private string Compile()
    {
        DebianPackages packages = DebianPackages.Fetch(_package, _suites);
        string program = Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(_source));
        string made = program + "." + Environment.ProcessId;
        using PeerProgram compiler = PeerProgram.Start(
            false, "gcc", ["-O1", "-o", made, Path.Combine(AppContext.BaseDirectory, "Strangers", _source), .. packages.Unpacked.CompilerArguments(_libraries)]);
        string output = compiler.WaitForExit();
        if (compiler.ExitCode != 0)
        {
            throw new AssertInconclusiveException("The peer does not compile: nothing was tested against " + packages.Found + ". " + output);
        }

        // Whole at once, and though another process may run what is there.
        File.Move(made, program, true);
        return program;
    }
}

using System;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Mbed;

/// <summary>The peer made of mbedTLS, which has no program of its own: compiled once, where gcc and libmbedtls-dev are there.</summary>
internal static class MbedProgram
{
    private static readonly Lazy<string?> Compiled = new(Compile);
    private static string _reason = "";

    /// <summary>Starts it, or ends the test as inconclusive where it cannot be compiled.</summary>
    internal static PeerProgram Start(params string[] arguments)
    {
        return PeerProgram.Start(false, Compiled.Value ?? throw new AssertInconclusiveException(_reason), arguments);
    }

    private static string? Compile()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "mbed-peer");
        if (!File.Exists("/usr/include/mbedtls/ssl.h"))
        {
            _reason = "The package libmbedtls-dev is not installed: nothing was tested against mbedTLS.";
            return null;
        }

        using PeerProgram compiler = PeerProgram.Start(
            false, "gcc", "-O1", "-o", program, Path.Combine(AppContext.BaseDirectory, "Mbed", "MbedPeer.c"), "-lmbedtls", "-lmbedx509", "-lmbedcrypto");
        string output = compiler.WaitForExit();
        if (compiler.ExitCode == 0)
        {
            return program;
        }

        // mbedTLS 3 hides what 2.28 shows.
        _reason = "The peer made of mbedTLS does not compile: nothing was tested against it. " + output;
        return null;
    }
}

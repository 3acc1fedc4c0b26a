using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;

namespace NfDtls.Bench;

/// <summary>The peers in C, over the libraries of the distribution or of a newer one: compiled into a folder, where gcc and their headers are there.</summary>
internal static class Programs
{
    private static readonly Dictionary<string, (string Source, string[] Libraries, string? Package)> Known = new()
    {
        [Contestant.OpenSsl] = ("OpenSslBench.c", ["ssl", "crypto"], null),
        [Contestant.Mbed] = ("MbedBench.c", ["mbedtls", "mbedx509", "mbedcrypto"], null),
        [Contestant.Wolf] = ("WolfBench.c", ["wolfssl"], "libwolfssl-dev"),
    };

    private static readonly Dictionary<string, string> Compiled = [];

    /// <summary>Compiles one; false, with the reason, where that does not work.</summary>
    internal static bool TryCompile(string name, string folder, out string reason)
    {
        (string source, string[] libraries, string? package) = Known[name];
        UnpackedPackages? newer = package == null ? null : UnpackedPackages.Find(package);
        if (package != null && newer == null)
        {
            reason = package + " is not below " + UnpackedPackages.Folder + ", where the tests of NfDtls.Tests.Peers unpack it.";
            return false;
        }

        IEnumerable<string> link = newer == null ? libraries.Select(library => "-l" + library) : newer.CompilerArguments(libraries);
        string program = Path.Combine(folder, name + "-bench");
        ProcessStartInfo start = new("gcc") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", source), .. link])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process compiler = Process.Start(start)!;
            string errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            reason = errors.Split('\n')[0];
            Compiled[name] = program;
            return compiler.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            reason = "gcc: " + e.Message;
            return false;
        }
    }

    internal static string PathOf(string name)
    {
        return Compiled[name];
    }

    internal static IEnumerable<string> Arguments(Row row, string folder)
    {
        string work = row.Work switch
        {
            Work.Handshake => "handshake",
            Work.Echo => "echo",
            _ => "send",
        };
        yield return "work=" + work;
        yield return "suite=" + Row.NameOf(row.Suite);
        yield return "version=" + (row.Is13 ? "1.3" : "1.2");
        yield return "resumed=" + (row.IsResumed ? "1" : "0");
        yield return "way=" + (row.Way == Way.Memory ? "memory" : "udp");
        yield return FormattableString.Invariant($"size={row.Size}");
        yield return "psk=" + Encoding.ASCII.GetString(Identities.Psk);
        yield return "identity=" + Identities.PskIdentity;
        if (OurOptions.HasCertificates(row))
        {
            yield return "host=" + Identities.ServerName;
            yield return "root=" + Identities.File(folder, row.Suite, "root");
            yield return "leaf=" + Identities.File(folder, row.Suite, "leaf");
            yield return "key=" + Identities.File(folder, row.Suite, "key");
        }
    }
}

using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>A process of openssl s_client, spoken to by lines.</summary>
internal sealed class ForeignClient : IDisposable
{
    private const int EchoRetry = 2000;

    private readonly Process _process;
    private Task<string?>? _line;

    internal ForeignClient(string program, IPEndPoint server)
    {
        ProcessStartInfo start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "s_client", "-dtls1_2", "-connect", server.ToString(), "-psk", Convert.ToHexString(Setup.Key), "-psk_identity", Setup.Identity,
            "-cipher", "PSK-AES128-CCM8:@SECLEVEL=0", "-quiet", "-no_ign_eof", "-nocommands", "-timeout",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("openssl did not start.");
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the program is, or null.</summary>
    internal static string? Find()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            foreach (string name in new[] { "openssl", "openssl.exe" })
            {
                if (File.Exists(Path.Combine(folder, name)))
                {
                    return Path.Combine(folder, name);
                }
            }
        }

        return null;
    }

    internal void Echo(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            EchoOne("line " + i + " of " + _process.Id);
        }
    }

    /// <summary>The end of its input lets it say goodbye and end.</summary>
    internal void Close()
    {
        _process.StandardInput.Close();
        Assert.IsTrue(_process.WaitForExit(Setup.Patience), "openssl does not end.");
        Assert.AreEqual(0, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void EchoOne(string text)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < Setup.Patience)
        {
            _process.StandardInput.Write(text + "\n");
            _process.StandardInput.Flush();
            _line ??= _process.StandardOutput.ReadLineAsync();
            while (_line.Wait(EchoRetry))
            {
                string? line = _line.Result;
                Assert.IsNotNull(line, "openssl has ended.");
                if (line == text)
                {
                    _line = null;
                    return;
                }

                // A late echo of a line that was sent twice.
                _line = _process.StandardOutput.ReadLineAsync();
            }
        }

        Assert.Fail("No echo comes of " + text + ".");
    }
}

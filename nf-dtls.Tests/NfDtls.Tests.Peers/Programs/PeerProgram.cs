using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.NetworkInformation;
using System.Text;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Peers.Programs;

/// <summary>A peer that runs as a process of its own, and is killed with the test.</summary>
internal sealed class PeerProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<Thread> _pumps = [];
    private readonly string _name;
    private volatile int _piece;
    private bool _isDisposed;

    private PeerProgram(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>What it has written so far, for the message of a failure.</summary>
    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _name + " wrote: " + _output;
            }
        }
    }

    internal bool HasExited
    {
        get { return _process.HasExited; }
    }

    internal int ExitCode
    {
        get { return _process.ExitCode; }
    }

    /// <summary>Starts it, or ends the test as inconclusive where it is not installed.</summary>
    /// <param name="echo">Whether what it writes goes back to its input.</param>
    /// <param name="name">Its file name.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static PeerProgram Start(bool echo, string name, params string[] arguments)
    {
        ProcessStartInfo start = new(Find(name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException(name + " did not start.");
        PeerProgram program = new(process, name);
        program.Pump(process.StandardError.BaseStream, null);
        program.Pump(process.StandardOutput.BaseStream, echo ? process.StandardInput.BaseStream : null);
        return program;
    }

    /// <summary>Waits until something listens on a UDP port.</summary>
    internal void WaitForPort(int port)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!Array.Exists(IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners(), listener => listener.Port == port))
        {
            Assert.IsFalse(HasExited, Output);
            Assert.IsFalse(Patience.IsOver(clock), "It does not listen on port " + port + ". " + Output);
            Thread.Sleep(5);
        }
    }

    /// <summary>Writes text to its input.</summary>
    internal void Write(string text)
    {
        Stream input = _process.StandardInput.BaseStream;
        input.Write(Encoding.ASCII.GetBytes(text));
        input.Flush();
    }

    /// <summary>Waits until it has written something.</summary>
    internal void WaitForOutput(string text)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (HasExited)
            {
                Assert.Contains(text, WaitForExit(), "It ended.");
                return;
            }

            Assert.IsFalse(Patience.IsOver(clock), "It did not write \"" + text + "\". " + Output);
            Thread.Sleep(5);
        }
    }

    /// <summary>
    /// What it writes from now on goes back to its input in pieces of so many bytes, where it does go back. gnutls-cli writes each
    /// byte by itself, so that its echo would come in as many records as it happens.
    /// </summary>
    internal void EchoInPiecesOf(int bytes)
    {
        _piece = bytes;
    }

    /// <summary>Ends its input, which is how clients are told to close.</summary>
    internal void EndInput()
    {
        _process.StandardInput.BaseStream.Close();
    }

    /// <summary>Waits for its end and returns all that it wrote.</summary>
    internal string WaitForExit()
    {
        Assert.IsTrue(_process.WaitForExit(Patience.Milliseconds) || !Patience.WaitedInVain(), "It does not end. " + Output);
        foreach (Thread pump in _pumps)
        {
            Assert.IsTrue(pump.Join(Patience.Milliseconds) || !Patience.WaitedInVain(), "Its output does not end. " + Output);
        }

        return Output;
    }

    /// <summary>It does nothing from now on; disposal still ends it.</summary>
    internal void Freeze()
    {
        using Process stop = Process.Start(Find("sh"), ["-c", "kill -STOP " + _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        stop.WaitForExit();
        Assert.AreEqual(0, stop.ExitCode, Output);
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill(true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>The path of a program; ends the test as inconclusive where it is not installed.</summary>
    internal static string Find(string name)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new AssertInconclusiveException("The program " + name + " is not installed: nothing was tested against it.");
    }

    private void Pump(Stream from, Stream? to)
    {
        Thread thread = new(() =>
        {
            byte[] buffer = new byte[16384];
            List<byte> echo = [];
            try
            {
                for (int count = from.Read(buffer); count > 0; count = from.Read(buffer))
                {
                    if (to == null)
                    {
                        Keep(buffer, count);
                    }
                    else
                    {
                        echo.AddRange(buffer.AsSpan(0, count));
                        SendBack(echo, to);
                    }
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // It has ended, and its pipes with it.
            }
        });
        thread.IsBackground = true;
        _pumps.Add(thread);
        thread.Start();
    }

    private void SendBack(List<byte> echo, Stream to)
    {
        int piece = _piece == 0 ? echo.Count : _piece;
        for (; echo.Count > 0 && echo.Count >= piece; echo.RemoveRange(0, piece))
        {
            to.Write(echo.GetRange(0, piece).ToArray());
            to.Flush();
        }
    }

    private void Keep(byte[] buffer, int count)
    {
        lock (_output)
        {
            if (_output.Length < 100000)
            {
                _output.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }
    }
}

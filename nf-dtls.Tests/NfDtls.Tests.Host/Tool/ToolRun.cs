using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>The command-line tool as a process of its own.</summary>
internal sealed partial class ToolRun : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new StringBuilder();
    private readonly StringBuilder _errors = new StringBuilder();

    /// <summary>Starts it; words are separated by spaces. With variables of its environment.</summary>
    public ToolRun(string arguments, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(System.IO.Path.Combine(AppContext.BaseDirectory, "NfDtls.Tool.dll"));
        foreach (string argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            start.ArgumentList.Add(argument);
        }

        // The server answers, however slow the machine is, unless a test is about that it does not.
        if (arguments.StartsWith("client ", StringComparison.Ordinal) && !arguments.Contains("--close-timeout", StringComparison.Ordinal))
        {
            start.ArgumentList.Insert(2, "--close-timeout");
            start.ArgumentList.Insert(3, Setup.Patience.ToString());
        }

        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(_errors, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>Runs it to its end.</summary>
    public static ToolRun ToEnd(string arguments, string input = "")
    {
        ToolRun run = new ToolRun(arguments);
        run.Write(input);
        run.EndInput();
        run.WaitForEnd();
        return run;
    }

    /// <summary>Runs it to its end, which its input comes to once the output is there that is expected.</summary>
    public static ToolRun ToEnd(string arguments, string input, Func<ToolRun, bool> isExpected)
    {
        ToolRun run = new ToolRun(arguments);
        run.Write(input);
        Setup.Until(() => isExpected(run) || run._process.HasExited, "what is expected");
        run.EndInput();
        run.WaitForEnd();
        return run;
    }

    /// <summary>Runs it to its end, which its input comes to once these lines have come back.</summary>
    public static ToolRun ToEnd(string arguments, string input, string expected)
    {
        return ToEnd(arguments, input, run => run.Output == expected);
    }

    /// <summary>Starts a server on a port that is free, and waits until it listens.</summary>
    public static ToolRun Server(string arguments, out int port)
    {
        ToolRun run = new ToolRun("server 0 " + arguments);
        Match listening = Match.Empty;
        Setup.Until(() => (listening = Listening().Match(run.Errors)).Success || run._process.HasExited, "a server that listens");
        Assert.IsTrue(listening.Success, run.Errors);
        port = int.Parse(listening.Groups[1].Value);
        return run;
    }

    /// <summary>Writes to its input. Where it has ended already nobody reads that, and what it ended with is seen later.</summary>
    public void Write(string text)
    {
        try
        {
            _process.StandardInput.Write(text);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            _process.WaitForExit();
        }
    }

    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            _process.WaitForExit();
        }
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public void Terminate()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("This system has no signals.");
        }

        Assert.AreEqual(0, Send(_process.Id, SigTerm));
    }

    /// <summary>Ends it without a word, as a crash would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public int WaitForEnd()
    {
        Assert.IsTrue(_process.WaitForExit(Setup.Patience), "the tool does not end:\n" + Errors);

        // Waits for the rest of its output, too.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Checks what it ended with.</summary>
    public ToolRun Ended(int code)
    {
        Assert.AreEqual(code, WaitForEnd(), Errors);
        return this;
    }

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended in between.
        }

        _process.Dispose();
    }

    [GeneratedRegex("listening on UDP port ([0-9]+)")]
    private static partial Regex Listening();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int process, int signal);

    private static void Keep(StringBuilder text, string? line)
    {
        if (line != null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}

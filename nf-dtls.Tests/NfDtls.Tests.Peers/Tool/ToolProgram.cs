using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Tool;

/// <summary>The command-line tool as a process, run to its end.</summary>
internal static class ToolProgram
{
    /// <summary>Runs it and checks what it ends with; what it wrote to stdout, which its progress on stderr does not mix with. Words are separated by spaces.</summary>
    internal static string Run(string arguments, int exitCode = 0)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "NfDtls.Tool.dll");
        ProcessStartInfo start = new("dotnet", [tool, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience.Milliseconds))
        {
            process.Kill();
            Assert.Fail("The tool does not end: " + arguments);
        }

        Assert.AreEqual(exitCode, process.ExitCode, output.Result + errors.Result);
        return output.Result;
    }
}

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.NetworkInformation;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The first program of docs/getting-started.md, made and run by the commands that stand there, against OpenSSL by the command that stands there.</summary>
[TestClass]
public sealed class FirstProgramTests
{
    private const string Page = "docs/getting-started.md";

    [TestMethod]
    public void The_first_program_is_made_as_the_page_says_and_talks_to_OpenSSL()
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls-first-").FullName;
        try
        {
            int port = FreePorts.Udp();
            foreach (string command in Commands("dotnet new console", "dotnet add ../first/first.csproj reference"))
            {
                Run(command, folder);
            }

            string program = Pages.Blocks(Page, "csharp").First().Text;
            File.WriteAllText(Path.Combine(folder, "first", "Program.cs"), program.Replace("5684", port.ToString(), StringComparison.Ordinal));

            // As Release, which is built already.
            string project = Path.Combine(folder, "first");
            Run("dotnet build -c Release -v quiet ../first", folder);
            if (!Has("openssl"))
            {
                Assert.Inconclusive("The program openssl is not installed: the first program was built, and not run.");
            }

            using Process server = Start(Commands("openssl s_server").Single().Replace("5684", port.ToString(), StringComparison.Ordinal));
            try
            {
                Task<string> heard = Heard(server);
                SpinWait.SpinUntil(() => IsBound(port) || server.HasExited, Command.Patience);
                Assert.Contains("TLS_PSK_WITH_", Run(Commands("dotnet run --project ../first").Single() + " -c Release --no-build", folder));
                Assert.IsTrue(heard.Wait(Command.Patience), "OpenSSL did not hear it.");
                Assert.AreEqual("hi", heard.Result, project);
            }
            finally
            {
                // Whatever fails: it would listen for ever.
                server.Kill();
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>The page's commands that begin so, in their order.</summary>
    private static string[] Commands(params string[] beginnings)
    {
        string[] commands = Pages.Blocks(Page, "sh").SelectMany(block => block.Text.Split('\n')).Where(line => beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal))).ToArray();
        Assert.HasCount(beginnings.Length, commands);
        return commands;
    }

    private static string Run(string command, string folder)
    {
        ProcessStartInfo start = new("bash") { ArgumentList = { "-c", command.Replace("../first", folder + "/first", StringComparison.Ordinal) }, WorkingDirectory = Place.Root };
        return Command.Run(start);
    }

    private static Process Start(string command)
    {
        return Process.Start(new ProcessStartInfo("bash", ["-c", "exec " + command]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>The first line that comes, or what there is of it when the server ends.</summary>
    private static async Task<string> Heard(Process server)
    {
        return await server.StandardOutput.ReadLineAsync() ?? "";
    }

    private static bool Has(string program)
    {
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
    }

    private static bool IsBound(int port)
    {
        return IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Any(listener => listener.Port == port);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>
/// Every command of the pages is run by a test, or says here why it cannot be. Calls of nfdtls are run from the pages themselves by
/// PageCommandTests of NfDtls.Tests.Host, those of openssl in docs/certificates.md by KeyFileTests, and what a sample's page says of it and
/// its peers by the tests of NfDtls.Tests.Samples that begin with the sample's name.
/// </summary>
[TestClass]
public sealed partial class PageCommandTests
{
    private const string Board = "needs a board at a serial port, and nanoff, which wants nanoFramework's servers";
    private const string Firmware = "needs nf-interpreter, compilers and an hour; what it names is checked by TargetTests";
    private const string Emulated = "needs nf-interpreter's sources and an hour; the page says when it was done and with what result";

    /// <summary>A page, or all whose path begins so; how a command begins; and the test that runs the same, as Project/Class.Method, or null and why none can.</summary>
    private static readonly (string Page, string Begins, string? Test, string Why)[] Commands =
    [
        ("README.md", "./build.sh demo", null, ".ci/run runs it in a clone"),
        ("README.md", "./build.sh test", null, ".ci/run runs it, and this test in it"),
        ("docs/getting-started.md", "./build.sh demo", null, ".ci/run runs it in a clone"),
        ("docs/getting-started.md", "openssl s_server", "NfDtls.Tests.Host/PageCommandTests.What_getting_started_says_of_openssl_works", ""),
        ("docs/getting-started.md", "dotnet new console", "NfDtls.Tests.Projects/FirstProgramTests.The_first_program_is_made_as_the_page_says_and_talks_to_OpenSSL", ""),
        ("docs/getting-started.md", "dotnet add ../first/first.csproj reference", "NfDtls.Tests.Projects/FirstProgramTests.The_first_program_is_made_as_the_page_says_and_talks_to_OpenSSL", ""),
        ("docs/getting-started.md", "dotnet run", "NfDtls.Tests.Projects/FirstProgramTests.The_first_program_is_made_as_the_page_says_and_talks_to_OpenSSL", ""),
        ("docs/getting-started.md", "dotnet new nugetconfig", null, "./build.sh test restores a program from such a source: nuget/pack.sh"),
        ("docs/getting-started.md", "dotnet nuget add source", null, "./build.sh test restores a program from such a source: nuget/pack.sh"),
        ("docs/getting-started.md", "dotnet add ../first/first.csproj package", null, "./build.sh test restores a program from such a source: nuget/pack.sh"),
        ("docs/gateway.md", "./build.sh gateway", "NfDtls.Tests.Samples/GatewayTests.What_a_device_tells_over_coap_is_told_by_rest_and_what_rest_is_told_the_device_gets", ""),
        ("docs/gateway.md", "redis-server", "NfDtls.Tests.Cluster/GatewayFleetTests.A_device_goes_on_without_a_handshake_when_its_node_is_killed_and_the_gateway_tells_where", ""),
        ("docs/gateway.md", "coap-client-openssl", "NfDtls.Tests.Samples/GatewayTests.What_a_device_tells_over_coap_is_told_by_rest_and_what_rest_is_told_the_device_gets", ""),
        ("docs/gateway.md", "curl", "NfDtls.Tests.Samples/GatewayTests.What_a_device_tells_over_coap_is_told_by_rest_and_what_rest_is_told_the_device_gets", ""),
        ("firmware-samples/README.md", "nanoff", null, Board),
        ("firmware-samples/README.md", "picocom", null, Board),
        ("firmware-samples/README.md", "export NANO_TOOLCHAIN", null, "a setting for what comes next"),
        ("firmware-samples/README.md", "./build.sh nano", null, "the pipeline of azure-pipelines.yml runs it, where a feed has nanoFramework's packages"),
        ("nuget/NfDtls.Templates.md", "", null, "./build.sh test makes a project of each template of the packages, and lets them talk: nuget/templates.sh"),
        ("targets/ESP32/", "", null, Firmware),
        ("targets/STM32/", "", null, Firmware),
        ("targets/README.md", "", null, Firmware),
        ("targets/emulator/cortex-m/README.md", "", null, Emulated),
    ];

    private static readonly string[] SampleTests = Directory.EnumerateFiles(Place.In("nf-dtls.Tests/NfDtls.Tests.Samples"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();

    [TestMethod]
    public void Every_command_of_a_page_is_run_by_a_test_or_says_why_not()
    {
        (string Page, string Line)[] lines = Lines().ToArray();
        Assert.IsGreaterThan(50, lines.Length);
        string[] open = lines.Where(line => Covering(line.Page, line.Line).Length == 0).Select(line => line.Page + ": " + line.Line).ToArray();
        Assert.IsEmpty(open, string.Join('\n', open));
        string[] idle = Commands.Where(command => !lines.Any(line => IsOf(command, line.Page, line.Line))).Select(command => command.Page + ": " + command.Begins).ToArray();
        Assert.IsEmpty(idle, "No page has: " + string.Join('\n', idle));
    }

    [TestMethod]
    public void The_tests_that_run_commands_are_there()
    {
        string[] tests = [.. Commands.Select(command => command.Test).OfType<string>().Distinct(), "NfDtls.Tests.Host/PageCommandTests.Every_call_of_the_tool_is_run_here", "NfDtls.Tests.Peers/KeyFileTests.What_a_refusal_tells_to_do_makes_the_key_that_was_meant"];
        foreach (string test in tests)
        {
            Match parts = TestPattern().Match(test);
            Assert.IsTrue(parts.Success, test);
            bool isThere = Directory.EnumerateFiles(Place.In("nf-dtls.Tests/" + parts.Groups[1].Value), parts.Groups[2].Value + ".cs", SearchOption.AllDirectories)
                .Any(path => Regex.IsMatch(File.ReadAllText(path), @"public (async Task|void) " + parts.Groups[3].Value + @"\("));
            Assert.IsTrue(isThere, test);
        }

        foreach ((string page, string begins, string? test, string why) in Commands)
        {
            Assert.IsTrue(test != null || why.Length > 0, page + ": " + begins);
        }
    }

    [TestMethod]
    public void No_block_of_code_goes_unread_for_want_of_the_name_that_its_language_has_here()
    {
        // C# is csharp, and compiled by SnippetTests; commands are sh or console, and looked after here; JSON is read below.
        string[] others = ["", "cs", "c#", "bash", "shell", "zsh", "powershell", "pwsh", "cmd", "jsonc"];
        foreach (string page in Pages.All)
        {
            foreach (string language in Pages.Languages(page))
            {
                Assert.DoesNotContain(language, others, page);
            }
        }
    }

    [TestMethod]
    public void The_json_of_the_pages_is_json()
    {
        int blocks = 0;
        foreach (string page in Pages.All)
        {
            foreach ((int line, string text) in Pages.Blocks(page, "json"))
            {
                blocks++;
                try
                {
                    System.Text.Json.JsonDocument.Parse(text).Dispose();
                }
                catch (System.Text.Json.JsonException e)
                {
                    Assert.Fail(page + " from line " + line + " on: " + e.Message);
                }
            }
        }

        Assert.AreNotEqual(0, blocks);
    }

    private static (string Page, string Begins, string? Test, string Why)[] Covering(string page, string line)
    {
        bool isTool = line.StartsWith("artifacts/nfdtls/nfdtls ", StringComparison.Ordinal) && (page == "README.md" || page.StartsWith("docs/", StringComparison.Ordinal) || page.StartsWith("firmware-samples/", StringComparison.Ordinal));
        bool isOfKeys = page == "docs/certificates.md" && line.StartsWith("openssl ", StringComparison.Ordinal);
        return isTool || isOfKeys || HasTests(page) ? [(page, line, "", "")] : Commands.Where(command => IsOf(command, page, line)).ToArray();
    }

    /// <summary>Whether a page is that of a sample that tests run with its peers.</summary>
    private static bool HasTests(string page)
    {
        string[] parts = page.Split('/');
        return parts.Length == 3 && parts[0] == "firmware-samples" && parts[2] == "README.md"
            && SampleTests.Any(text => text.Contains("public void " + parts[1] + "_", StringComparison.Ordinal));
    }

    private static bool IsOf((string Page, string Begins, string? Test, string Why) command, string page, string line)
    {
        return (command.Page.EndsWith('/') ? page.StartsWith(command.Page, StringComparison.Ordinal) : page == command.Page) && line.StartsWith(command.Begins, StringComparison.Ordinal);
    }

    /// <summary>The commands of every block of a shell's, a line each.</summary>
    private static IEnumerable<(string Page, string Line)> Lines()
    {
        foreach (string page in Pages.All)
        {
            foreach (string line in new[] { "sh", "console" }.SelectMany(language => Pages.Blocks(page, language)).SelectMany(block => block.Text.Split('\n')))
            {
                if (line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'))
                {
                    yield return (page, line.Trim());
                }
            }
        }
    }

    [GeneratedRegex(@"^([^/]+)/(\w+)\.(\w+)$")]
    private static partial Regex TestPattern();
}

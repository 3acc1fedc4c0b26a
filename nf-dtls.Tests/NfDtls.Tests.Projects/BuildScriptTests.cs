using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>build.sh and what the pages say of it.</summary>
[TestClass]
public sealed partial class BuildScriptTests
{
    private const string Results = """
        <TestRun><Results>
        <UnitTestResult executionId="1" testName="Good" outcome="Passed"><Output><StdOut>loud</StdOut></Output></UnitTestResult>
        <UnitTestResult executionId="2" testName="Bad" outcome="Failed"><Output><ErrorInfo><Message>Assert.Fail failed. Wrong.</Message></ErrorInfo></Output></UnitTestResult>
        <UnitTestResult executionId="3" testName="First" outcome="NotExecuted">
          <Output><ErrorInfo><Message>Assert.Inconclusive failed. No vectors &amp; no &quot;tools&quot;.</Message><StackTrace>at First()</StackTrace></ErrorInfo></Output>
        </UnitTestResult>
        <UnitTestResult executionId="4" testName="Second" outcome="NotExecuted"><Output><ErrorInfo><Message>No vectors &amp; no &quot;tools&quot;.</Message></ErrorInfo></Output></UnitTestResult>
        <UnitTestResult executionId="5" testName="Third" outcome="NotExecuted"><Output><ErrorInfo><Message>The program
        is not installed.</Message></ErrorInfo></Output></UnitTestResult>
        <UnitTestResult executionId="6" testName="Fourth" outcome="NotExecuted" />
        </Results><ResultSummary><Counters total="6" executed="2" passed="1" failed="1" /></ResultSummary></TestRun>
        """;

    [TestMethod]
    public void The_usage_the_readme_and_the_architecture_page_have_the_verbs_that_there_are()
    {
        string script = Pages.Read("build.sh");
        string[] verbs = CasePattern().Match(script).Groups[1].Value.Split(" | ").Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.Contains(verbs, "test");
        CollectionAssert.AreEqual(verbs, Sorted(UsagePattern().Matches(script).Select(match => match.Groups[1].Value).Where(verb => verb != "help")));
        CollectionAssert.AreEqual(verbs, Sorted(ReadmePattern().Matches(Pages.Read("README.md")).Select(match => match.Groups[1].Value)));
        CollectionAssert.AreEqual(verbs, Sorted(Pages.Table("docs/architecture.md", "| Verb | What it does | Leaves |").Select(row => row[0].Trim('`'))));
    }

    [TestMethod]
    public void Every_verb_that_a_page_or_the_pipeline_calls_is_one()
    {
        string[] verbs = CasePattern().Match(Pages.Read("build.sh")).Groups[1].Value.Split(" | ");
        foreach (string page in Pages.All.Append("azure-pipelines.yml").Append(".ci/run"))
        {
            foreach (Match call in CallPattern().Matches(Pages.Read(page)))
            {
                Assert.Contains(call.Groups[1].Value, verbs, page);
            }
        }
    }

    [TestMethod]
    public void Every_option_of_the_tool_that_the_readme_shows_is_one()
    {
        string sources = string.Join('\n', Directory.EnumerateFiles(Place.In("targets/host/nfdtls"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] calls = Pages.Blocks("README.md", "sh").SelectMany(block => block.Text.Split('\n')).Where(line => line.Contains("nfdtls/nfdtls", StringComparison.Ordinal)).ToArray();
        Assert.AreNotEqual(0, calls.Length);
        foreach (string option in calls.SelectMany(call => call.Split(' ')).Where(word => word.StartsWith("--", StringComparison.Ordinal)))
        {
            Assert.Contains("\"" + option + "\"", sources);
        }
    }

    [TestMethod]
    public void The_demo_builds_the_tool_alone()
    {
        string demo = Function("verb_demo", "build.sh");
        Assert.Contains("build_tool", demo);
        Assert.DoesNotContain("build_solution", demo);
        Assert.DoesNotContain(".slnx", Function("build_tool", "build.sh"));
    }

    [TestMethod]
    [DataRow("error NU1301: Unable to load the service index for source", 3, "0 3\n")]
    [DataRow("error NU1301: Unable to load the service index for source", 9, "1 3\n")]
    [DataRow("error CS1002: ; expected", 3, "1 1\n")]
    public void A_build_for_which_a_feed_does_not_answer_is_tried_again_and_no_other(string error, int succeeds, string said)
    {
        string build = "build() { count=$(($(cat \"$file\") + 1)); echo $count > \"$file\"; [ $count -ge " + succeeds + " ] || { echo '" + error + "'; return 1; }; }";
        string output = Bash(
            build + "; " + Function("watched", "build.sh") + "\n}\n" + Function("show_projects", "build.sh") + "\n}\nstatus=0; watched build > /dev/null || status=$?; echo $status $(cat \"$file\"); rm \"$file\"",
            "file=$(mktemp); echo 0 > \"$file\"");
        Assert.AreEqual(said, output);
    }

    [TestMethod]
    public void No_test_project_is_stopped_by_the_clock()
    {
        Assert.DoesNotContain("timeout ", Pages.Read("nf-dtls.Tests/run.sh").Replace("hang-timeout", string.Empty, StringComparison.Ordinal));
    }

    [TestMethod]
    public void Every_skipped_test_gives_its_reason_in_the_summary()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("nfdtls-results-").FullName, "results.trx");
        File.WriteAllText(file, Results);
        Assert.AreEqual(
            "2 No vectors & no \"tools\".\n1 The program is not installed.\n1 no reason given by Fourth\n",
            Bash("skip_reasons '" + file + "'"));
    }

    [TestMethod]
    public void The_summary_tells_the_reasons_beside_the_sums()
    {
        string output = Bash("tally one 5 0 2; tally two 3 1 0; because 2 one 'no tool here'; show_summary");
        Assert.Contains("one                               5 passed    0 failed    2 skipped\n", output);
        Assert.Contains("2 skipped or inconclusive:\n     2 of one: no tool here\n", output);
    }

    [TestMethod]
    public void Of_what_dotnet_says_of_tests_the_failures_are_shown()
    {
        string log = "Test run for x\\n  Passed One [1 ms]\\n  Standard Output Messages:\\n noise\\n  Failed Two [2 ms]\\n  Error Message:\\n   wrong\\n  Skipped Three\\n  why\\n\\nTest Run Failed.\\nTotal tests: 3\\n";
        Assert.AreEqual("  Failed Two [2 ms]\n  Error Message:\n   wrong\nTest Run Failed.\nTotal tests: 3\n", Bash("printf '" + log + "' | show_tests"));
        Assert.AreEqual("3\n", Bash("printf '" + log + "' > \"$file\"; tests_done \"$file\"; rm \"$file\"", "file=$(mktemp)"));
    }

    [TestMethod]
    [DataRow("", "compiled against nanoFramework's packages\n", "real real real")]
    [DataRow("System.Net|System.Text", "compiled against the packages nanoFramework.CoreLibrary 1.17.11,\n  and generated references for nanoFramework.System.Net nanoFramework.System.Text (no feed has these)\n", "real generated generated")]
    [DataRow("CoreLibrary|System.Net|System.Text", "compiled against generated references (no feed has nanoFramework's packages)\n", "generated generated generated")]
    [DataRow("no answer", "compiled against generated references (no feed has nanoFramework's packages)\n", "generated generated generated")]
    public void The_nano_flavour_takes_the_packages_that_a_feed_has_and_says_what_it_takes(string missing, string said, string taken)
    {
        // A restore that finds nothing of what is missing, and names it as NuGet does, line after line; and a tool that generates all.
        string folder = Directory.CreateTempSubdirectory("nfdtls-references-").FullName;
        string script = $$"""
            nano={{folder}}/nano NFDTLS_TEST_DATA={{folder}}
            mkdir -p {{folder}}/bin {{folder}}/nanoframework/surface
            cat > {{folder}}/bin/dotnet <<'STUB'
            #!/usr/bin/env bash
            missing='{{missing}}' bad=0
            if [ "$missing" = "no answer" ]; then echo "x.csproj : error NU1301: Unable to load the service index for source https://feed."; exit 1; fi
            for id in CoreLibrary System.Net System.Text; do
                grep -q "nanoFramework.$id\"" "$2" || continue
                if [ -n "$missing" ] && grep -qxE "$missing" <<< "$id"; then
                    echo "x.csproj : error NU1101: Unable to find package nanoFramework.$id. No packages exist with this id in source(s): feed"
                    bad=1
                    continue
                fi
                name=nanoFramework.$id
                if [ "$id" = CoreLibrary ]; then name=mscorlib; fi
                lower=$(tr '[:upper:]' '[:lower:]' <<< "nanoFramework.$id")
                place={{folder}}/nano/probe/packages/$lower/$(sed -n -E "s/.*nanoFramework.$id\" Version=\"\[(.*)\]\".*/\1/p" "$2")/lib
                if [ -z "$missing" ] || [ "$(grep -c PackageDownload "$2")" = 1 ]; then mkdir -p "$place"; echo real > "$place/$name.dll"; fi
            done
            exit $bad
            STUB
            chmod +x {{folder}}/bin/dotnet
            PATH={{folder}}/bin:$PATH
            quietly() { "$@"; }
            tool() { mkdir -p "$5"; for f in mscorlib nanoFramework.System.Net nanoFramework.System.Text; do echo generated > "$5/$f.dll"; done; }
            nano_packages=(nanoFramework.CoreLibrary=1.17.11 nanoFramework.System.Net=1.0.0 nanoFramework.System.Text=2.0.0)
            {{Function("references_from_packages", "build.sh")}}
            }
            references_found=""
            {{Function("find_references", "build.sh")}}
            }
            packages_found=() packages_missing=()
            find_references
            echo $(cat $nano_surface/{mscorlib,nanoFramework.System.Net,nanoFramework.System.Text}.dll)
            """;
        Assert.AreEqual("nano flavour: " + said + taken + "\n", Bash(script));
    }

    /// <summary>What a command writes that knows the functions of run.sh.</summary>
    private static string Bash(string command, string before = "true")
    {
        ProcessStartInfo start = new("bash")
        {
            ArgumentList = { "-euo", "pipefail", "-c", before + "; say() { printf '%s\\n' \"$@\"; }; source '" + Place.In("nf-dtls.Tests/run.sh") + "'; " + command },
        };
        return Command.Run(start);
    }

    private static string Function(string name, string script)
    {
        string text = Pages.Read(script);
        int begin = text.IndexOf("\n" + name + "() {", StringComparison.Ordinal);
        return text[begin..text.IndexOf("\n}\n", begin, StringComparison.Ordinal)];
    }

    private static string[] Sorted(System.Collections.Generic.IEnumerable<string> names)
    {
        return names.Order(StringComparer.Ordinal).ToArray();
    }

    [GeneratedRegex(@"\n    ([a-z |]+)\) ""verb_\$verb""")]
    private static partial Regex CasePattern();

    [GeneratedRegex(@"\n  ([a-z]+)(?: [^\n]*?)?  +[a-z]", RegexOptions.None)]
    private static partial Regex UsagePattern();

    [GeneratedRegex(@"\n\| `\./build\.sh ([a-z]+)[^`]*` \|")]
    private static partial Regex ReadmePattern();

    [GeneratedRegex(@"\./build\.sh ([a-z]+)")]
    private static partial Regex CallPattern();
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using YamlDotNet.RepresentationModel;

namespace NfDtls.Tests.Projects;

/// <summary>azure-pipelines.yml, which only Azure can run.</summary>
[TestClass]
public sealed partial class PipelineTests
{
    private static readonly string[] KnownTasks = ["UseDotNet@2", "PublishTestResults@2", "NuGetToolInstaller@1", "VSBuild@1", "VSTest@3", "PublishPipelineArtifact@1"];

    [TestMethod]
    public void It_runs_on_main_and_on_every_request_to_change_it()
    {
        YamlMappingNode pipeline = Load();
        CollectionAssert.AreEqual(new[] { "main" }, Texts(pipeline["trigger"]));
        CollectionAssert.AreEqual(new[] { "main" }, Texts(pipeline["pr"]));
    }

    [TestMethod]
    public void It_has_a_job_on_each_system_with_steps_of_its_own()
    {
        YamlMappingNode[] jobs = Jobs();
        CollectionAssert.AreEqual(new[] { "linux", "windows" }, jobs.Select(job => Text(job["job"])).ToArray());
        Assert.AreEqual("ubuntu-latest", Text(job: jobs[0], "pool", "vmImage"));
        Assert.AreEqual("windows-latest", Text(job: jobs[1], "pool", "vmImage"));
        foreach (YamlMappingNode step in jobs.SelectMany(Steps))
        {
            string kind = Text(step.Children.Keys.First());
            Assert.Contains(kind, new[] { "task", "script", "pwsh" }, "A step is a " + kind + ".");
            Assert.IsTrue(step.Children.ContainsKey("displayName"), "A step has no name.");
            if (kind == "task")
            {
                Assert.Contains(Text(step["task"]), KnownTasks);
            }
        }
    }

    [TestMethod]
    public void The_linux_job_runs_the_verbs_of_the_build_script()
    {
        string scripts = Scripts(Jobs()[0]);
        foreach (string verb in new[] { "test", "docs", "toolchain", "nano", "emulator", "native --full" })
        {
            Assert.Contains("./build.sh " + verb, scripts);
        }
    }

    [TestMethod]
    public void The_windows_job_restores_builds_tests_on_nanoCLR_and_packs()
    {
        YamlMappingNode job = Jobs()[1];
        string[] tasks = Steps(job).Where(step => step.Children.ContainsKey("task")).Select(step => Text(step["task"])).ToArray();
        Assert.Contains("VSBuild@1", tasks);
        Assert.Contains("VSTest@3", tasks);
        string scripts = Scripts(job);
        Assert.Contains("-LockedMode", scripts);
        Assert.Contains("nuget pack", scripts);
        Assert.Contains("netnano1.0", scripts);
        Assert.Contains("net10.0", scripts);
    }

    [TestMethod]
    public void Every_path_that_it_names_is_there()
    {
        string text = File.ReadAllText(Place.In("azure-pipelines.yml"));
        string[] paths = PathPattern().Matches(text).Select(match => match.Value).Distinct().ToArray();
        Assert.IsGreaterThan(4, paths.Length, string.Join(' ', paths));
        foreach (string path in paths)
        {
            string real = Place.In(path.TrimStart('.', '/').Replace('\\', '/'));
            Assert.IsTrue(File.Exists(real) || Directory.Exists(real), path);
        }
    }

    /// <summary>Paths in the repository; what a build leaves in artifacts or bin is not there yet.</summary>
    [GeneratedRegex(@"(\./build\.sh|\b(nf-dtls|native-interop|firmware-samples|nuget|targets)(\.Tests|\.sln)?([/\\][\w.\-]+)*)")]
    private static partial Regex PathPattern();

    private static YamlMappingNode Load()
    {
        YamlStream stream = new();
        using StreamReader reader = File.OpenText(Place.In("azure-pipelines.yml"));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static YamlMappingNode[] Jobs()
    {
        return ((YamlSequenceNode)Load()["jobs"]).Cast<YamlMappingNode>().ToArray();
    }

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job)
    {
        return ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();
    }

    private static string Scripts(YamlMappingNode job)
    {
        return string.Join('\n', Steps(job)
            .SelectMany(step => step.Children)
            .Where(pair => Text(pair.Key) is "script" or "pwsh")
            .Select(pair => Text(pair.Value)));
    }

    private static string Text(YamlNode node)
    {
        return ((YamlScalarNode)node).Value ?? string.Empty;
    }

    private static string Text(YamlMappingNode job, string key, string inner)
    {
        return Text(((YamlMappingNode)job[key])[inner]);
    }

    private static string[] Texts(YamlNode node)
    {
        return ((YamlSequenceNode)node).Select(Text).ToArray();
    }
}

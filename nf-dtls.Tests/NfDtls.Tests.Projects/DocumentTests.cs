using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Projects;

namespace NfDtls.Tests.Projects;

/// <summary>What the pages say of the repository, against the repository.</summary>
[TestClass]
public sealed partial class DocumentTests
{
    private const string Architecture = "docs/architecture.md";

    private static readonly string[] AssemblyFolders = ["nf-dtls", "native-interop", "targets/host"];

    // Brings 200 MB of native libraries, which nobody needs who builds and tests.
    private const string Plots = "NfDtls.Bench.Plots";

    // What compares providers is no part of a program.
    private static readonly string[] Measures = ["NfDtls.Bench", Plots, "NfDtls.Crypto.Compare", "NfDtls.Ops"];

    [TestMethod]
    public void Every_link_leads_to_a_file()
    {
        foreach (string page in Pages.All)
        {
            string folder = Path.GetDirectoryName(Place.In(page))!;
            foreach (string link in Pages.Links(page))
            {
                string target = Path.Combine(folder, link);
                Assert.IsTrue(File.Exists(target) || Directory.Exists(target), page + " links to " + link);
            }
        }
    }

    [TestMethod]
    public void Every_path_of_the_repository_that_a_page_names_is_there()
    {
        foreach (string page in Pages.All)
        {
            foreach (string path in PathPattern().Matches(Pages.Read(page)).Select(match => match.Groups[1].Value).Where(path => !path.Contains('*') && !path.Contains('<')))
            {
                Assert.IsTrue(File.Exists(Place.In(path)) || Directory.Exists(Place.In(path)), page + " names " + path);
            }
        }
    }

    [TestMethod]
    public void The_architecture_page_has_every_page_of_docs_in_its_row_and_the_readme_links_to_each()
    {
        string row = Pages.Read(Architecture).Split('\n').Single(line => line.StartsWith("| `docs/` |", StringComparison.Ordinal));
        foreach (string name in Directory.EnumerateFiles(Place.In("docs"), "*.md").Select(path => Path.GetFileName(path)))
        {
            if (name != "architecture.md")
            {
                Assert.Contains("](" + name + ")", row);
            }

            Assert.Contains("docs/" + name, Pages.Links("README.md"));
        }
    }

    [TestMethod]
    public void The_architecture_page_has_every_assembly_with_its_folder_and_what_it_refers_to()
    {
        string[][] rows = Pages.Table(Architecture, "| Assembly | Folder | Holds | Refers to |").Where(row => row[1] != "*planned*").ToArray();
        Dictionary<string, string[]> listed = rows.ToDictionary(row => row[0], row => row);
        DotNetProject[] projects = AssemblyFolders
            .SelectMany(folder => Directory.EnumerateFiles(Place.In(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => new DotNetProject(path))
            .Where(project => !Measures.Contains(project.Name)).ToArray();
        CollectionAssert.AreEquivalent(projects.Select(project => project.Name).ToArray(), listed.Keys.ToArray());
        foreach (DotNetProject project in projects)
        {
            string[] row = listed[project.Name];
            Assert.AreEqual("`" + Path.GetRelativePath(Place.Root, project.Folder) + "`", row[1]);
            string[] onBoards = project.Projects().Select(other => other.Name).ToArray();
            string[] references = project.HostProjects().Select(other => onBoards.Contains(other.Name) ? other.Name : "on .NET " + other.Name).ToArray();
            string[] named = row[3] == "nothing of ours" ? [] : row[3].Split(", ").Select(InFull).ToArray();
            CollectionAssert.AreEquivalent(references, named, project.Name + " refers to " + string.Join(", ", references));
        }
    }

    [TestMethod]
    public void The_architecture_page_names_every_test_assembly_and_every_folder()
    {
        string text = Pages.Read(Architecture);
        string paragraph = text.Split('\n').Single(line => line.StartsWith("Test assemblies: ", StringComparison.Ordinal));
        foreach (string project in Directory.EnumerateFiles(Place.In("nf-dtls.Tests"), "*.csproj", SearchOption.AllDirectories))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            string shortName = name.StartsWith("Portable.", StringComparison.Ordinal) ? "`Portable.*`" : "." + name["NfDtls.Tests.".Length..] + "`";
            Assert.Contains(shortName, paragraph, name);
        }

        string[] folders = Pages.Table(Architecture, "| | |").Select(row => row[0]).ToArray();
        CollectionAssert.AreEquivalent(TrackedFolders().Select(name => "`" + name + "/`").ToArray(), folders);
    }

    [TestMethod]
    public void The_page_of_targets_has_every_project_of_the_host_and_the_emulator()
    {
        string text = Pages.Read("targets/README.md");
        foreach (string folder in new[] { "host", "emulator" }.SelectMany(kind => Directory.EnumerateDirectories(Place.In("targets/" + kind))))
        {
            Assert.Contains(Path.GetFileName(folder), text);
        }
    }

    [TestMethod]
    public void The_page_of_samples_has_every_sample()
    {
        string[] samples = Directory.EnumerateFiles(Place.In("firmware-samples"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path) + "/README.md").ToArray();
        CollectionAssert.IsSubsetOf(samples, Pages.Links("firmware-samples/README.md").ToArray());
    }

    [TestMethod]
    public void The_budget_of_IL_is_the_one_that_the_build_checks()
    {
        string budget = Regex.Match(Pages.Read("build.sh"), @"\nil_budget=(\d+) ").Groups[1].Value;
        string told = int.Parse(budget).ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("a budget of " + told + " bytes of IL an assembly", Pages.Read(Architecture));
    }

    [TestMethod]
    public void The_solution_has_every_project_and_every_page_of_docs()
    {
        XElement solution = XElement.Load(Place.In("NfDtls.slnx"));
        string[] projects = TrackedFolders()
            .Where(folder => folder != "nuget")
            .SelectMany(folder => Directory.EnumerateFiles(Place.In(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Place.Root, path))
            .Where(path => Path.GetFileNameWithoutExtension(path) != Plots).ToArray();
        CollectionAssert.AreEquivalent(projects, solution.Descendants("Project").Select(item => (string)item.Attribute("Path")!).ToArray());
        string[] files = solution.Descendants("File").Select(item => (string)item.Attribute("Path")!).ToArray();
        CollectionAssert.IsSubsetOf(Directory.EnumerateFiles(Place.In("docs")).Select(path => "docs/" + Path.GetFileName(path)).ToArray(), files);
        foreach (string file in files)
        {
            Assert.IsTrue(File.Exists(Place.In(file)), "The solution names " + file);
        }
    }

    /// <summary>The table leaves out what all names begin with.</summary>
    private static string InFull(string name)
    {
        return name.StartsWith('.') ? "NfDtls" + name : name.Replace("on .NET .", "on .NET NfDtls.", StringComparison.Ordinal);
    }

    private static IEnumerable<string> TrackedFolders()
    {
        return Directory.EnumerateDirectories(Place.Root).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.') && name is not ("artifacts" or "packages"));
    }

    [GeneratedRegex(@"`((?:nf-dtls(?:\.Tests)?|targets|native-interop|firmware-samples|nuget|docs)/[^` ]*)`")]
    private static partial Regex PathPattern();
}

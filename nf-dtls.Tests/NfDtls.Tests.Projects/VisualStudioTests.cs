using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Projects;

namespace NfDtls.Tests.Projects;

[TestClass]
public sealed class VisualStudioTests
{
    private static readonly XNamespace Msbuild = "http://schemas.microsoft.com/developer/msbuild/2003";

    [TestMethod]
    public void Every_generated_file_is_what_the_projects_of_dotnet_say()
    {
        foreach ((string path, string text) in new Repository(Place.Root).Files())
        {
            Assert.IsTrue(File.Exists(path), "Missing: " + path + ". Run ./build.sh projects.");
            Assert.AreEqual(text, File.ReadAllText(path), "Old: " + path + ". Run ./build.sh projects.");
        }
    }

    [TestMethod]
    public void Every_nfproj_compiles_the_very_sources_that_dotnet_compiles()
    {
        foreach (NanoProject project in new Repository(Place.Root).Projects)
        {
            string folder = Path.GetDirectoryName(project.Path)!;
            string[] listed = XElement.Load(project.Path).Descendants(Msbuild + "Compile")
                .Select(item => ((string)item.Attribute("Include")!).Replace('\\', '/'))
                .Where(source => source != NanoProject.AssemblyInfo)
                .Select(source => Path.GetFullPath(Path.Combine(folder, source)))
                .Order(StringComparer.Ordinal).ToArray();
            CollectionAssert.AreEqual(CompiledByDotNet(Path.ChangeExtension(project.Path, ".csproj")), listed, project.Path);
        }
    }

    [TestMethod]
    public void Every_file_that_a_nfproj_names_is_there()
    {
        foreach (NanoProject project in new Repository(Place.Root).Projects)
        {
            string folder = Path.GetDirectoryName(project.Path)!;
            IEnumerable<string> named = XElement.Load(project.Path).Descendants()
                .Where(item => item.Name.LocalName is "Compile" or "None" or "ProjectReference")
                .Select(item => (string)item.Attribute("Include")!);
            foreach (string file in named)
            {
                Assert.IsTrue(File.Exists(Path.Combine(folder, file.Replace('\\', '/'))), project.Path + " names " + file);
            }
        }
    }

    [TestMethod]
    public void The_solution_has_every_nfproj_once_and_no_two_have_one_identity()
    {
        string[] lines = File.ReadAllLines(Place.In("nf-dtls.sln"));
        string[] projects = Directory.EnumerateFiles(Place.Root, "*.nfproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("artifacts") && !path.StartsWith(Place.In("nuget"), StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Place.Root, path).Replace('/', '\\')).Order(StringComparer.Ordinal).ToArray();
        string[] listed = lines.Where(line => line.StartsWith("Project(", StringComparison.Ordinal))
            .Select(line => line.Split('"')[5]).Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(projects, listed);
        Guid[] identities = new Repository(Place.Root).Projects.Select(project => project.Guid).ToArray();
        Assert.AreEqual(identities.Length, identities.Distinct().Count());
    }

    private static string[] CompiledByDotNet(string project)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { "msbuild", project, "-getItem:Compile", "-p:TargetFramework=netnano1.0", "-p:NanoReferences=" + Place.Root },
        };
        string output = Command.Run(start);
        return JsonDocument.Parse(output).RootElement.GetProperty("Items").GetProperty("Compile").EnumerateArray()
            .Select(item => Path.GetFullPath(item.GetProperty("FullPath").GetString()!))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToArray();
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Projects;

namespace NfDtls.Tests.Projects;

/// <summary>What `dotnet new` makes projects of; that these build and talk, `build.sh test` tries with the packages.</summary>
[TestClass]
public sealed class TemplateTests
{
    private const string Version = "NFDTLS-VERSION";
    private static readonly string Folder = Place.In("nuget/templates");
    private static readonly string Device = Path.Combine(Folder, "device");

    [TestMethod]
    public void The_page_of_the_package_names_every_template()
    {
        string[] named = Pages.Table("nuget/NfDtls.Templates.md", "| Template | What it makes |").Select(row => row[0].Trim('`')).ToArray();
        string[] there = Directory.EnumerateFiles(Folder, "template.json", SearchOption.AllDirectories)
            .Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("shortName").GetString()!).ToArray();
        CollectionAssert.AreEquivalent(there, named);
    }

    [TestMethod]
    public void A_template_takes_our_packages_in_the_version_that_packing_puts_in()
    {
        string[] projects = Directory.EnumerateFiles(Folder, "*.csproj", SearchOption.AllDirectories).ToArray();
        Assert.IsNotEmpty(projects);
        foreach (XElement package in projects.SelectMany(project => XElement.Load(project).Descendants("PackageReference")))
        {
            Assert.AreEqual(Version, (string?)package.Attribute("Version"));
            Assert.IsTrue(File.Exists(Place.In("nuget/" + (string?)package.Attribute("Include") + ".nuspec")), package.ToString());
        }
    }

    [TestMethod]
    public void The_device_takes_nanoFrameworks_packages_in_the_pinned_versions_and_all_that_ours_want()
    {
        Dictionary<string, string> versions = XElement.Load(Path.Combine(Device, "packages.config")).Elements("package")
            .ToDictionary(package => (string)package.Attribute("id")!, package => (string)package.Attribute("version")!);
        Dictionary<string, string> pinned = Pins.Load(Place.Root).Packages.ToDictionary(package => package.Id, package => package.Version);
        foreach ((string id, string version) in versions)
        {
            Assert.AreEqual(id.StartsWith("NfDtls", StringComparison.Ordinal) ? Version : pinned[id], version, id);
        }

        string[] wanted = versions.Keys.Where(id => id.StartsWith("NfDtls", StringComparison.Ordinal)).SelectMany(Wanted).Distinct().ToArray();
        CollectionAssert.IsSubsetOf(wanted, versions.Keys);
    }

    [TestMethod]
    public void The_device_refers_to_what_its_packages_bring_and_finds_it_there()
    {
        string[] packages = XElement.Load(Path.Combine(Device, "packages.config")).Elements("package")
            .Select(package => (string)package.Attribute("id")! + "." + (string)package.Attribute("version")!).ToArray();
        string[] places = XElement.Load(Path.Combine(Device, "DtlsDevice1.nfproj")).Descendants()
            .Where(item => item.Name.LocalName == "HintPath").Select(item => item.Value).ToArray();
        CollectionAssert.AreEquivalent(packages, places.Select(place => place.Split('\\')[1]).ToArray());
        Assert.IsTrue(places.All(place => place.StartsWith(@"packages\", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_device_compiles_every_source_that_it_has()
    {
        string[] listed = XElement.Load(Path.Combine(Device, "DtlsDevice1.nfproj")).Descendants()
            .Where(item => item.Name.LocalName == "Compile").Select(item => ((string)item.Attribute("Include")!).Replace('\\', '/')).ToArray();
        string[] there = Directory.EnumerateFiles(Device, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Device, file).Replace('\\', '/')).ToArray();
        CollectionAssert.AreEquivalent(there, listed);
    }

    private static IEnumerable<string> Wanted(string package)
    {
        return XElement.Load(Place.In("nuget/" + package + ".nuspec")).Descendants()
            .Where(element => element.Name.LocalName == "group" && (string?)element.Attribute("targetFramework") == ".NETnanoFramework1.0")
            .SelectMany(group => group.Elements()).Select(dependency => (string)dependency.Attribute("id")!);
    }
}

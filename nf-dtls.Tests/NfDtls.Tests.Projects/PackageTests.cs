using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Projects;

namespace NfDtls.Tests.Projects;

[TestClass]
public sealed class PackageTests
{
    // Projects to begin with, for `dotnet new`.
    private static readonly string[] WithoutAssembly = ["NfDtls.Templates"];

    [TestMethod]
    public void Every_package_has_a_readme_that_begins_with_its_name()
    {
        foreach (string nuspec in Directory.EnumerateFiles(Place.In("nuget"), "*.nuspec"))
        {
            string name = Path.GetFileNameWithoutExtension(nuspec);
            string readme = Place.In("nuget/" + name + ".md");
            Assert.IsTrue(File.Exists(readme), "Missing: " + readme);
            Assert.AreEqual("# " + name, File.ReadLines(readme).First());
        }
    }

    [TestMethod]
    public void The_native_package_names_the_version_and_the_checksum_of_the_glue()
    {
        string glue = File.ReadAllText(Place.In("native-interop/nanoclr/nfdtls_native.cpp"));
        DotNetProject project = new(Place.In("native-interop/NfDtls.Native/NfDtls.Native.csproj"));
        Assert.Contains(project.NativeChecksum!, glue);
        Assert.Contains("{" + project.NativeVersion!.Replace(".", ", ", System.StringComparison.Ordinal) + "}", glue);
        string description = XElement.Load(Place.In("nuget/NfDtls.Native.nuspec")).Descendants().Single(element => element.Name.LocalName == "description").Value;
        Assert.Contains(project.NativeVersion, description);
        Assert.Contains(project.NativeChecksum!, description);
    }

    [TestMethod]
    public void A_package_wants_ours_in_the_same_version_and_others_in_at_least_the_named_one()
    {
        foreach (string nuspec in Directory.EnumerateFiles(Place.In("nuget"), "*.nuspec"))
        {
            foreach (XElement dependency in XElement.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency"))
            {
                string id = (string)dependency.Attribute("id")!;
                string version = (string)dependency.Attribute("version")!;
                if (id.StartsWith("NfDtls", System.StringComparison.Ordinal))
                {
                    Assert.AreEqual("[$version$]", version, nuspec + ": " + id);
                    Assert.IsTrue(File.Exists(Place.In("nuget/" + id + ".nuspec")), nuspec + " depends on " + id);
                }
                else
                {
                    string[] others = (string)dependency.Parent!.Attribute("targetFramework")! == "net10.0" ? ["Microsoft.AspNetCore.", "Microsoft.Extensions.", "Microsoft.Orleans.", "StackExchange.Redis"] : ["nanoFramework."];
                    Assert.IsTrue(others.Any(known => id.StartsWith(known, System.StringComparison.Ordinal)), nuspec + ": " + id);
                    Assert.MatchesRegex(@"^\d+\.\d+\.\d+$", version, nuspec + ": " + id + " is pinned, or has no version.");
                }
            }
        }
    }

    [TestMethod]
    public void Every_assembly_that_a_program_can_take_has_a_package()
    {
        string[] libraries = new[] { "nf-dtls", "native-interop", "targets/host" }
            .SelectMany(folder => Directory.EnumerateFiles(Place.In(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => new DotNetProject(path))
            .Where(project => !project.IsProgram)
            .Select(project => project.Assembly).ToArray();
        string[] packages = Directory.EnumerateFiles(Place.In("nuget"), "*.nuspec").Select(path => Path.GetFileNameWithoutExtension(path)).ToArray();
        CollectionAssert.AreEquivalent(libraries, packages.Except(WithoutAssembly).ToArray());
    }

    [TestMethod]
    public void The_program_that_tries_the_packages_takes_the_providers_of_dotnet_from_them()
    {
        XElement project = XElement.Load(Place.In("nuget/Fresh/Fresh.csproj"));
        string[] packages = project.Descendants("PackageReference").Select(item => (string)item.Attribute("Include")!).ToArray();
        CollectionAssert.IsSubsetOf(new[] { "NfDtls.Crypto.Host", "NfDtls.Crypto.HostNative" }, packages);
        Assert.IsEmpty(project.Descendants("ProjectReference"));
    }
}

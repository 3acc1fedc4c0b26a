using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Projects;

namespace NfDtls.Tests.Projects;

[TestClass]
public sealed class PackageTests
{
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
    public void A_package_depends_on_packages_of_ours_in_the_same_version_alone()
    {
        foreach (string nuspec in Directory.EnumerateFiles(Place.In("nuget"), "*.nuspec"))
        {
            foreach (XElement dependency in XElement.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency"))
            {
                string id = (string)dependency.Attribute("id")!;
                string version = (string)dependency.Attribute("version")!;
                Assert.AreEqual(id.StartsWith("NfDtls", System.StringComparison.Ordinal), version == "[$version$]", nuspec + ": " + id);
                if (version == "[$version$]")
                {
                    Assert.IsTrue(File.Exists(Place.In("nuget/" + id + ".nuspec")), nuspec + " depends on " + id);
                }
            }
        }
    }
}

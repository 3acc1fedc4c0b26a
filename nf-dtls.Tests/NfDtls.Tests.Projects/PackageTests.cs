using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

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

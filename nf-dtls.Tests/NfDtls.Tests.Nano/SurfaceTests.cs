using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Nano.Surface;

namespace NfDtls.Tests.Nano;

[TestClass]
public sealed class SurfaceTests
{
    [TestMethod]
    public void Generated_references_have_the_surface_of_the_data()
    {
        foreach (string path in Directory.EnumerateFiles(Workshop.Surface, "*.txt"))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string[] expected = SurfaceWriter.Write(SurfaceReader.ReadFile(path)).Split('\n');
            string[] actual = SurfaceWriter.Write(SurfaceExtractor.ReadFile(Path.Combine(Workshop.ReferenceFolder, name + ".dll"))).Split('\n');
            Assert.IsEmpty(SurfaceDifference.Between(expected, actual).ToArray(), name);
        }
    }

    [TestMethod]
    public void A_folder_of_assemblies_serves_as_well_as_one_of_surface_files()
    {
        SurfaceSet ofFiles = SurfaceSet.Load(Workshop.Surface);
        SurfaceSet ofAssemblies = SurfaceSet.Load(Workshop.ReferenceFolder);
        foreach (AssemblySurface expected in ofFiles.Assemblies)
        {
            AssemblySurface? found = ofAssemblies.Find(expected.Name);
            Assert.IsNotNull(found, expected.Name);
            Assert.AreEqual(SurfaceWriter.Write(expected), SurfaceWriter.Write(found), expected.Name);
        }
    }

    [TestMethod]
    public void A_folder_with_neither_is_refused()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => SurfaceSet.Load(Workshop.NewFolder("empty")));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => SurfaceSet.Load(Path.Combine(Workshop.NewFolder("empty"), "absent")));
    }
}

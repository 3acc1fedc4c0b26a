using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace NfDtls.Projects;

/// <summary>
/// The nuspec of an assembly's package; what it packs lies in a folder of its own when `build.sh pack` runs. A package of ours is
/// wanted in the very version; nanoFramework's in this or a newer one, as its own packages want each other, so that one program
/// can take its libraries from several.
/// </summary>
public sealed class NugetPackage
{
    private const string Nano = ".NETnanoFramework1.0";
    private const string Host = "net10.0";

    // Every application has this one, and with it the rules that the compiler checks.
    private const string Root = "NfDtls";
    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

    private readonly DotNetProject _project;
    private readonly string _folder;
    private readonly Pins _pins;
    private readonly bool _isForBoards;

    /// <summary>The package of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="root">The repository's folder.</param>
    /// <param name="pins">nanoFramework's packages.</param>
    /// <param name="isForBoards">Whether it has a nano flavour; else it is for .NET alone.</param>
    public NugetPackage(DotNetProject project, string root, Pins pins, bool isForBoards)
    {
        _project = project;
        _pins = pins;
        _folder = Path.Combine(root, "nuget");
        _isForBoards = isForBoards;
    }

    /// <summary>The nuspec with its text.</summary>
    public (string Path, string Text) File()
    {
        XElement metadata = new(
            Nuspec + "metadata",
            Element("id", _project.Assembly),
            Element("version", "$version$"),
            Element("authors", "NfDtls"),
            new XElement(Nuspec + "license", new XAttribute("type", "file"), "LICENSE.txt"),
            Element("readme", "README.md"),
            Element("description", Description()),
            Element("copyright", "Copyright (c) the NfDtls authors. MIT License."),
            Element("tags", "nanoFramework DTLS CoAPs LwM2M IoT security C#"),
            new XElement(Nuspec + "dependencies", _isForBoards ? NanoDependencies() : null, IsForFirmware ? null : HostDependencies()));
        XElement files = new(Nuspec + "files", Packed(@"lib\**\*", "lib"), _project.NativeLibrary == null ? null : Packed(@"runtimes\**\*", "runtimes"), _project.Assembly == Root ? Packed(@"analyzers\**\*", "analyzers") : null, Packed("README.md", string.Empty), Packed("LICENSE.txt", string.Empty));
        return (Path.Combine(_folder, _project.Assembly + ".nuspec"), NanoProject.Text(new XElement(Nuspec + "package", metadata, files)));
    }

    /// <summary>Whether it needs firmware with a native side, which .NET is not.</summary>
    private bool IsForFirmware => _project.NativeVersion != null || _project.Projects().Any(other => other.NativeVersion != null);

    private string Description()
    {
        return _project.NativeVersion == null
            ? _project.Description
            : $"{_project.Description} Needs firmware with native version {_project.NativeVersion}, checksum {_project.NativeChecksum}.";
    }

    /// <summary>nanoFramework's packages from that version on, as its own have it: which one fits is the firmware's to say.</summary>
    private XElement NanoDependencies()
    {
        IEnumerable<XElement> libraries = _project.Libraries().Select(_pins.Of).Select(package => Dependency(package.Id, package.Version));
        return Group(Nano, libraries);
    }

    private XElement HostDependencies()
    {
        return Group(Host, _project.HostPackages().Select(id => Dependency(id, VersionOf(id))));
    }

    /// <summary>The version that our own build takes, or a newer one.</summary>
    private string VersionOf(string package)
    {
        return XElement.Load(Path.Combine(_folder, "..", "Directory.Packages.props")).Descendants("PackageVersion")
            .Where(item => (string?)item.Attribute("Include") == package).Select(item => (string)item.Attribute("Version")!).Single();
    }

    private XElement Group(string framework, IEnumerable<XElement> libraries)
    {
        IEnumerable<XElement> ours = (framework == Nano ? _project.Projects() : _project.HostProjects()).Select(other => Dependency(other.Assembly, "[$version$]"));
        return new XElement(Nuspec + "group", new XAttribute("targetFramework", framework), ours, libraries);
    }

    private static XElement Dependency(string id, string version)
    {
        return new XElement(Nuspec + "dependency", new XAttribute("id", id), new XAttribute("version", version));
    }

    private static XElement Packed(string source, string target)
    {
        return new XElement(Nuspec + "file", new XAttribute("src", source), new XAttribute("target", target));
    }

    private static XElement Element(string name, string value)
    {
        return new XElement(Nuspec + name, value);
    }
}

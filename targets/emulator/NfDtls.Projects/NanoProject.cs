using System;
using System.Collections.Generic;
using IO = System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace NfDtls.Projects;

/// <summary>The .nfproj, packages.config and AssemblyInfo.cs that Visual Studio's extension wants beside a .csproj.</summary>
public sealed class NanoProject
{
    /// <summary>The assembly's attributes, a source that only the .nfproj has: dotnet makes them itself.</summary>
    public const string AssemblyInfo = "Properties/AssemblyInfo.cs";

    /// <summary>What takes the marks of nullable types off, which are for .NET alone.</summary>
    public const string NullableMarks = "nf-dtls/Nullable.targets";

    private const string Library = "{11A8DD76-328B-46DF-9F39-F559912D0360};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";
    private const string ProjectSystem = @"$(MSBuildExtensionsPath)\nanoFramework\v1.0\";
    private static readonly XNamespace Msbuild = "http://schemas.microsoft.com/developer/msbuild/2003";

    private readonly DotNetProject _project;
    private readonly string _root;
    private readonly string _version;
    private readonly string _publicKey;
    private readonly Pins _pins;

    /// <summary>The files for a project.</summary>
    /// <param name="project">What dotnet builds.</param>
    /// <param name="root">The repository's folder.</param>
    /// <param name="version">The version, three numbers.</param>
    /// <param name="publicKey">The strong name's public key in hexadecimal.</param>
    /// <param name="pins">The versions of nanoFramework's packages.</param>
    public NanoProject(DotNetProject project, string root, string version, string publicKey, Pins pins)
    {
        _project = project;
        _root = root;
        _version = version;
        _publicKey = publicKey;
        _pins = pins;
    }

    /// <summary>The .nfproj's place.</summary>
    public string Path => IO.Path.ChangeExtension(_project.Path, ".nfproj");

    /// <summary>The project's identity, made of its name so that it never changes.</summary>
    public Guid Guid => GuidOf(_project.Path);

    /// <summary>Every file with its text.</summary>
    public IEnumerable<(string Path, string Text)> Files()
    {
        yield return (Path, Text(Project()));
        yield return (In("packages.config"), Text(Packages()));
        yield return (In(AssemblyInfo), Attributes());
        if (_project.IsTest)
        {
            yield return (In("nano.runsettings"), Text(RunSettings()));
        }
    }

    private XElement Project()
    {
        return new XElement(
            Msbuild + "Project",
            new XAttribute("ToolsVersion", "Current"),
            new XAttribute("DefaultTargets", "Build"),
            Group(new XAttribute("Label", "Globals"), Element("NanoFrameworkProjectSystemPath", ProjectSystem)),
            Import("NFProjectSystem.Default.props"),
            Group(Properties()),
            Import("NFProjectSystem.props"),
            Group("ItemGroup", _project.Sources().Append(AssemblyInfo).Select(source => Item("Compile", source))),
            Group("ItemGroup", _project.Libraries().Select(Reference)),
            Group("ItemGroup", _project.Projects().Select(ProjectReference)),
            Group("ItemGroup", new[] { Item("None", "packages.config"), Item("None", Relative(IO.Path.Combine(_root, "nf-dtls.snk"))) }),
            Import("NFProjectSystem.CSharp.targets"),
            new XElement(Msbuild + "Import", new XAttribute("Project", Relative(IO.Path.Combine(_root, NullableMarks)))),
            new XElement(Msbuild + "ProjectExtensions", new XElement(Msbuild + "ProjectCapabilities", new XElement(Msbuild + "ProjectConfigurationsDeclaredAsItems"))));
    }

    private IEnumerable<XElement> Properties()
    {
        yield return new XElement(Msbuild + "Configuration", new XAttribute("Condition", " '$(Configuration)' == '' "), "Debug");
        yield return new XElement(Msbuild + "Platform", new XAttribute("Condition", " '$(Platform)' == '' "), "AnyCPU");
        yield return Element("ProjectTypeGuids", Library);
        yield return Element("ProjectGuid", Guid.ToString("B"));
        yield return Element("OutputType", _project.IsProgram ? "Exe" : "Library");
        yield return Element("AppDesignerFolder", "Properties");
        yield return Element("FileAlignment", "512");
        yield return Element("RootNamespace", _project.RootNamespace);
        yield return Element("AssemblyName", _project.Assembly);
        yield return Element("TargetFrameworkVersion", "v1.0");
        yield return Element("LangVersion", _project.LangVersion);
        yield return Element("TreatWarningsAsErrors", "true");
        yield return Element("NoWarn", "$(NoWarn);CS8632");
        yield return Element("RestorePackagesWithLockFile", "true");
        yield return Element("SignAssembly", "true");
        yield return Element("AssemblyOriginatorKeyFile", Relative(IO.Path.Combine(_root, "nf-dtls.snk")));
        if (_project.IsTest)
        {
            yield return Element("IsCodedUITest", "False");
            yield return Element("IsTestProject", "true");
            yield return Element("TestProjectType", "UnitTest");
            yield return Element("RunSettingsFilePath", @"$(MSBuildProjectDirectory)\nano.runsettings");
        }
        else if (!_project.IsProgram)
        {
            yield return Element("DocumentationFile", $@"bin\$(Configuration)\{_project.Assembly}.xml");
        }

        if (_project.NativeVersion != null)
        {
            yield return Element("NF_IsCoreLibrary", "false");
            yield return Element("NF_GenerateStubsDirectory", @"bin\$(Configuration)\Stubs");
            yield return Element("NF_GenerateSkeletonProjectName", _project.Assembly.Replace('.', '_'));
        }
    }

    private XElement Reference(string library)
    {
        NanoPackage package = _pins.Of(library);
        string packages = Relative(IO.Path.Combine(_root, "packages"));
        return new XElement(
            Msbuild + "Reference",
            new XAttribute("Include", library),
            Element("HintPath", $@"{packages}\{package.Id}.{package.Version}\lib\{library}.dll"),
            Element("Private", "True"));
    }

    private XElement ProjectReference(DotNetProject other)
    {
        return Item("ProjectReference", Relative(IO.Path.ChangeExtension(other.Path, ".nfproj")));
    }

    private XElement Packages()
    {
        return new XElement(
            "packages",
            _project.Libraries().Select(_pins.Of).OrderBy(package => package.Id, StringComparer.Ordinal).Select(package => new XElement(
                "package",
                new XAttribute("id", package.Id),
                new XAttribute("version", package.Version),
                new XAttribute("targetFramework", "netnano1.0"))));
    }

    private static XElement RunSettings()
    {
        return new XElement(
            "RunSettings",
            new XElement(
                "RunConfiguration",
                new XElement("ResultsDirectory", @".\TestResults"),
                new XElement("TestSessionTimeout", "1200000"),
                new XElement("TargetFrameworkVersion", "net48"),
                new XElement("TargetPlatform", "x64")),
            new XElement(
                "nanoFrameworkAdapter",
                new XElement("Logging", "None"),
                new XElement("IsRealHardware", "False")));
    }

    private string Attributes()
    {
        StringBuilder text = new();
        text.Append("using System.Reflection;\nusing System.Runtime.CompilerServices;\n\n");
        text.Append($"[assembly: AssemblyTitle(\"{_project.Assembly}\")]\n");
        if (_project.Description.Length > 0)
        {
            text.Append($"[assembly: AssemblyDescription(\"{_project.Description}\")]\n");
        }

        text.Append("[assembly: AssemblyCompany(\"NfDtls\")]\n[assembly: AssemblyProduct(\"NfDtls\")]\n");
        text.Append("[assembly: AssemblyCopyright(\"Copyright (c) the NfDtls authors. MIT License.\")]\n");
        text.Append($"[assembly: AssemblyVersion(\"{_project.AssemblyVersion ?? _version + ".0"}\")]\n[assembly: AssemblyFileVersion(\"{_version}.0\")]\n");
        if (_project.NativeVersion != null)
        {
            text.Append($"[assembly: AssemblyNativeVersion(\"{_project.NativeVersion}\")]\n");
        }

        foreach (string friend in _project.Friends())
        {
            text.Append($"[assembly: InternalsVisibleTo(\"{friend}, PublicKey={_publicKey}\")]\n");
        }

        return text.ToString();
    }

    private static Guid GuidOf(string path)
    {
        string name = IO.Path.GetFileName(IO.Path.GetDirectoryName(path)) + "/" + IO.Path.GetFileNameWithoutExtension(path);
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    private string In(string file)
    {
        return IO.Path.Combine(_project.Folder, file);
    }

    private string Relative(string path)
    {
        return IO.Path.GetRelativePath(_project.Folder, path).Replace('/', '\\');
    }

    private static XElement Import(string file)
    {
        string path = "$(NanoFrameworkProjectSystemPath)" + file;
        return new XElement(Msbuild + "Import", new XAttribute("Project", path), new XAttribute("Condition", $"Exists('{path}')"));
    }

    private static XElement Group(params object[] content)
    {
        return new XElement(Msbuild + "PropertyGroup", content);
    }

    private static XElement? Group(string kind, IEnumerable<XElement> items)
    {
        XElement group = new(Msbuild + kind, items);
        return group.HasElements ? group : null;
    }

    private static XElement Element(string name, string value)
    {
        return new XElement(Msbuild + name, value);
    }

    private static XElement Item(string kind, string include)
    {
        return new XElement(Msbuild + kind, new XAttribute("Include", include.Replace('/', '\\')));
    }

    internal static string Text(XElement element)
    {
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + element.ToString().ReplaceLineEndings("\n") + "\n";
    }
}

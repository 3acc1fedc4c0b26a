using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Projects;

namespace NfDtls.Tests.Projects;

/// <summary>targets/nanoframework.txt: firmware and class libraries fit together, and everything that names a version names the pinned one.</summary>
[TestClass]
public sealed class PinTests
{
    private static readonly Pins Pinned = Pins.Load(Place.Root);

    [TestMethod]
    public void The_pinned_class_libraries_deploy_on_the_pinned_firmware_native_checksum_by_native_checksum()
    {
        Assert.IsEmpty(Pinned.Disagreements().ToArray(), string.Join('\n', Pinned.Disagreements()));
        string[] native = Pinned.Packages.Where(package => package.IsNative).Select(package => package.Library).ToArray();
        CollectionAssert.IsSubsetOf(new[] { "mscorlib", "System.Net", "nanoFramework.System.Text", "nanoFramework.System.Security.Cryptography" }, native);
    }

    [TestMethod]
    [DataRow("firmware 8ca767c52a99c46fa173cb8709b297ed63cd85cd", "firmware a3e8139a1ba778e33ca81b023099765eada6c456", "System.Net: the firmware")]
    [DataRow("nanoFramework.System.Security.Cryptography 1.0.43", "nanoFramework.System.Security.Cryptography 1.0.38", "nanoFramework.System.Security.Cryptography: the firmware")]
    [DataRow("firmware 8ca767c52a99c46fa173cb8709b297ed63cd85cd", "firmware 0000000000000000000000000000000000000000", "Nothing is known")]
    public void A_pin_that_does_not_fit_the_others_is_found(string pin, string other, string found)
    {
        string[] lines = File.ReadAllLines(Place.In(Pins.File))
            .Select(line => Words(line) == "pin " + pin ? "pin " + other : line)
            .ToArray();
        Assert.Contains("pin " + other, lines);
        Assert.Contains(found, string.Join('\n', Pins.Parse(lines).Disagreements()));
    }

    [TestMethod]
    public void A_version_that_nothing_is_known_of_and_a_line_of_another_form_are_refused()
    {
        Pins unknown = Pins.Parse(["pin firmware 00", "pin nanoFramework.System.Net 9.9.9"]);
        Assert.ThrowsExactly<InvalidDataException>(() => unknown.Packages.ToArray());
        Assert.ThrowsExactly<InvalidDataException>(() => Pins.Parse(["pin nanoFramework.System.Net"]));
    }

    [TestMethod]
    public void Every_packages_config_names_the_pinned_version()
    {
        foreach (string path in Files("packages.config"))
        {
            // Ours have no pin: a template takes them in its own version.
            foreach (XElement package in XElement.Load(path).Elements("package").Where(package => !((string)package.Attribute("id")!).StartsWith("NfDtls", StringComparison.Ordinal)))
            {
                Assert.AreEqual(Version((string)package.Attribute("id")!), (string)package.Attribute("version")!, path);
            }
        }
    }

    [TestMethod]
    public void A_package_needs_the_pinned_version_of_nanoFrameworks_or_any_later_one()
    {
        foreach (string path in Files("*.nuspec"))
        {
            foreach (XElement dependency in XElement.Load(path).Descendants().Where(element => element.Name.LocalName == "dependency"))
            {
                string id = (string)dependency.Attribute("id")!;
                if (id.StartsWith("nanoFramework", StringComparison.Ordinal))
                {
                    Assert.AreEqual(Version(id), (string)dependency.Attribute("version")!, path);
                }
            }
        }
    }

    [TestMethod]
    public void The_build_takes_its_versions_from_the_table_alone()
    {
        foreach (string script in new[] { "build.sh", "targets/emulator/nano.sh", "nuget/pack.sh" })
        {
            string text = File.ReadAllText(Place.In(script));
            foreach (NanoPackage package in Pinned.Packages)
            {
                Assert.DoesNotContain(package.Id + "=", text, script);
            }
        }

        Assert.Contains(Pins.File, File.ReadAllText(Place.In("build.sh")));
    }

    [TestMethod]
    public void The_readme_of_each_board_names_firmware_and_class_library()
    {
        NanoPackage net = Pinned.Of("System.Net");
        string[] boards = Directory.GetFiles(Place.In("targets"), "CMakeUserPresets.json", SearchOption.AllDirectories);
        Assert.IsGreaterThan(4, boards.Length);
        foreach (string board in boards)
        {
            string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(board)!, "README.md"));
            Assert.Contains("nf-interpreter " + Pinned.Firmware, readme, board);
            Assert.Contains(net.Id + " " + net.Version, readme, board);
            Assert.Contains(net.NativeVersion, readme, board);
            Assert.Contains($"0x{net.Checksum:X8}", readme, board);
        }
    }

    [TestMethod]
    public void The_pages_of_firmware_name_what_it_is_built_with_and_our_own_native_side()
    {
        string all = File.ReadAllText(Place.In("targets/README.md"));
        foreach (string name in new[] { "nf-Community-Targets", "CMake", "ESP-IDF" })
        {
            Assert.Contains(name + " " + Pinned.With[name], all, name);
        }

        Assert.Contains("git checkout " + Pinned.Firmware, all);
        Assert.Contains("--branch " + Pinned.With["ESP-IDF"] + " ", all);
        (string version, string checksum) = Pinned.Own("NfDtls.Native");
        foreach (string board in Directory.GetFiles(Place.In("targets"), "CMakeUserPresets.json", SearchOption.AllDirectories))
        {
            string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(board)!, "README.md"));
            string[] names = board.Contains("ESP32", StringComparison.Ordinal) ? ["ESP-IDF"] : ["ChibiOS", "mbedTLS"];
            foreach (string name in names)
            {
                Assert.Contains(name + " " + Pinned.With[name] + ",", readme.Replace(". Programs", ", Programs", StringComparison.Ordinal), board);
            }

            Assert.Contains($"NfDtls.Native {version} with {checksum}", readme, board);
        }

        Assert.Contains("`NfDtls.Native` is " + checksum + " ", Pages.Read("docs/native.md"));
        string glue = File.ReadAllText(Place.In("native-interop/nanoclr/nfdtls_native.cpp"));
        Assert.Contains(checksum, glue);
        Assert.Contains("{" + version.Replace(".", ", ", StringComparison.Ordinal) + "}", glue.Replace("{ ", "{", StringComparison.Ordinal).Replace(" }", "}", StringComparison.Ordinal));
    }

    private static string Version(string id)
    {
        return Pinned.Packages.Single(package => package.Id == id).Version;
    }

    private static string Words(string line)
    {
        return string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static IEnumerable<string> Files(string pattern)
    {
        string[] found = Directory.EnumerateFiles(Place.Root, pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToArray();
        Assert.IsNotEmpty(found, pattern);
        return found;
    }
}

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The deployment image for a board's flash, which targets/emulator/nano.sh makes.</summary>
[TestClass]
public sealed class ImageTests
{
    [TestMethod]
    public void An_image_is_every_assembly_behind_the_other_each_beginning_at_a_multiple_of_4_bytes()
    {
        string folder = Directory.CreateTempSubdirectory("image").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "a.pe"), [1, 2, 3, 4, 5]);
            File.WriteAllBytes(Path.Combine(folder, "b.pe"), [6, 7, 8, 9]);
            File.WriteAllBytes(Path.Combine(folder, "c.pe"), [10, 11, 12]);
            File.WriteAllText(Path.Combine(folder, "image.bin"), "an older image that was longer than the new one");
            Shell("nano_image image.bin a.pe b.pe c.pe", folder);
            CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9, 10, 11, 12, 0 }, File.ReadAllBytes(Path.Combine(folder, "image.bin")));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public void A_class_library_that_the_pinned_firmware_refuses_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("libraries").FullName;
        try
        {
            byte[] header = new byte[128];
            BitConverter.TryWriteBytes(header.AsSpan(20), 0x8EFB9944);
            File.WriteAllBytes(Path.Combine(folder, "System.Net.pe"), header);
            string pins = "nano_packages=(" + string.Join(' ', NfDtls.Projects.Pins.Load(Place.Root).Packages.Select(package => package.Id + "=" + package.Version)) + ")";
            string said = Shell(pins + "; nano_compare \"" + folder + "\" || echo refused", Place.Root);
            Assert.Contains("System.Net.pe has the native checksum 0x8EFB9944", said);
            Assert.Contains("refused", said);

            BitConverter.TryWriteBytes(header.AsSpan(20), 0x6DFA71D6);
            File.WriteAllBytes(Path.Combine(folder, "System.Net.pe"), header);
            Assert.AreEqual("taken", Shell(pins + "; nano_compare \"" + folder + "\" && echo taken", Place.Root).Trim());
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    internal static string Shell(string command, string folder)
    {
        ProcessStartInfo start = new("bash")
        {
            WorkingDirectory = folder,
            ArgumentList = { "-c", "set -euo pipefail; say() { printf '%s\\n' \"$@\"; }; source '" + Place.In("targets/emulator/nano.sh") + "'; " + command },
        };
        return Command.Run(start);
    }
}

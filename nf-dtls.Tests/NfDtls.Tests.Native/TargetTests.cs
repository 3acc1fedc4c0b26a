using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;

namespace NfDtls.Tests.Crypto;

/// <summary>The files that make a board's firmware: their form, what they say of one another, and that what they name is there.</summary>
[TestClass]
public class TargetTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    /// <summary>Options of nf-interpreter that overlays may set, as its Kconfig files have them.</summary>
    private static readonly string[] s_options = ["SDK_CONFIG_FILE", "API_SYSTEM_NET", "NF_SECURITY_MBEDTLS", "NF_FEATURE_USE_RNG", "NF_SUPPORT_ANY_BASE_CONVERSION", "NF_CLR_NO_IL_INLINE"];

    [TestMethod]
    public void There_is_a_folder_for_each_board_with_every_file()
    {
        string[] expected = ["ESP32/ESP32_C3", "ESP32/ESP32_REV0", "ESP32/ESP32_S3", "STM32/ST_NUCLEO144_F439ZI", "STM32/ST_STM32F769I_DISCOVERY"];
        CollectionAssert.AreEqual(expected, Boards().ToArray());
        foreach (string board in Boards())
        {
            string[] files = [.. new[] { "CMakeUserPresets.json", "kconfig.conf", "README.md" }, .. IsEsp(board) ? ["sdkconfig.nfdtls"] : Array.Empty<string>()];
            foreach (string file in files)
            {
                Assert.IsTrue(File.Exists(PathOf(board, file)), board + " lacks " + file);
            }
        }
    }

    [TestMethod]
    public void Each_preset_asks_for_the_native_side_itself_and_builds_what_it_configures()
    {
        foreach (string board in Boards())
        {
            using JsonDocument presets = JsonDocument.Parse(File.ReadAllText(PathOf(board, "CMakeUserPresets.json")));
            Assert.AreEqual(4, presets.RootElement.GetProperty("version").GetInt32(), board);
            JsonElement configure = presets.RootElement.GetProperty("configurePresets").EnumerateArray().Single();
            JsonElement cache = configure.GetProperty("cacheVariables");
            string stock = configure.GetProperty("inherits").GetString()!;
            string name = configure.GetProperty("name").GetString()!;
            Assert.AreEqual(stock + "_NFDTLS", name);
            Assert.StartsWith(Path.GetFileName(board), stock, board);
            Assert.AreEqual("NfDtls.Native", cache.GetProperty("NF_INTEROP_ASSEMBLIES").GetString(), board);

            // A firmware under another name would not be found by the flashing tool.
            Assert.AreEqual(stock, cache.GetProperty("TARGET_NAME").GetString(), board);
            Assert.AreEqual("$env{NFDTLS_ROOT}/native-interop/cmake", cache.GetProperty("INTEROP-NfDtls.Native_DIR").GetString(), board);
            Assert.AreEqual("$env{NFDTLS_ROOT}/targets/" + board + "/kconfig.conf", cache.GetProperty("NF_USER_KCONFIG_OVERLAY").GetString(), board);
            Assert.AreEqual(name, presets.RootElement.GetProperty("buildPresets").EnumerateArray().Single().GetProperty("configurePreset").GetString(), board);
        }
    }

    [TestMethod]
    public void Every_path_in_presets_and_instructions_is_there()
    {
        int found = 0;
        foreach (string board in Boards())
        {
            foreach (string file in new[] { "CMakeUserPresets.json", "README.md" })
            {
                foreach (Match path in Regex.Matches(File.ReadAllText(PathOf(board, file)), @"\$(?:env\{NFDTLS_ROOT\}|NFDTLS_ROOT)/([^\s;""]+)"))
                {
                    found++;
                    string full = Path.Combine(s_root, path.Groups[1].Value);
                    Assert.IsTrue(File.Exists(full) || Directory.Exists(full), board + "/" + file + " names " + path.Groups[1].Value);
                }
            }
        }

        Assert.IsGreaterThan(20, found);
    }

    [TestMethod]
    public void Overlays_are_lines_of_Kconfig_with_options_that_exist_each_once()
    {
        foreach (string board in Boards())
        {
            Dictionary<string, string> options = Options(PathOf(board, "kconfig.conf"));
            foreach (string option in options.Keys)
            {
                Assert.Contains(option, s_options, board);
            }

            Assert.AreEqual("y", options["API_SYSTEM_NET"], board);
            Assert.AreEqual("y", options["NF_SECURITY_MBEDTLS"], board);
            Assert.AreEqual("y", options["NF_CLR_NO_IL_INLINE"], board + ": its collector would write into living objects");
            if (!IsEsp(board))
            {
                Assert.AreEqual("y", options["NF_FEATURE_USE_RNG"], board);
            }
        }
    }

    [TestMethod]
    public void Configurations_of_ESP_IDF_switch_the_engines_on_and_are_the_ones_that_instructions_make()
    {
        foreach (string board in Boards().Where(IsEsp))
        {
            Dictionary<string, string> options = Options(PathOf(board, "sdkconfig.nfdtls"));
            foreach (string option in new[] { "AES", "SHA", "MPI" })
            {
                Assert.AreEqual("y", options["MBEDTLS_HARDWARE_" + option], board);
            }

            Assert.AreEqual(board.EndsWith("C3"), options.ContainsKey("MBEDTLS_LARGE_KEY_SOFTWARE_MPI"), board + ": keys of 4,096 bits");
            string made = Options(PathOf(board, "kconfig.conf"))["SDK_CONFIG_FILE"].Trim('"');
            string readme = File.ReadAllText(PathOf(board, "README.md"));
            Assert.Contains("> targets/ESP32/_IDF/" + made, readme, board);
        }
    }

    [TestMethod]
    public void Instructions_name_the_checksum_the_pinned_version_and_that_no_board_has_run_it()
    {
        foreach (string board in Boards())
        {
            string readme = File.ReadAllText(PathOf(board, "README.md"));
            Assert.Contains(NativeProvider.NativeVersion[..^2], readme, board);
            Assert.Contains("0x" + NativeProvider.NativeChecksum.ToString("X8"), readme, board);
            Assert.MatchesRegex(new Regex("nf-interpreter [0-9a-f]{40} "), readme, board);
            Assert.Contains("Not run on a board", readme, board);
            Assert.MatchesRegex(new Regex("(?m)^nanoff "), readme, board);
            Assert.Contains("CLR IL inlining is DISABLED", readme, board);
            Assert.Contains("../../README.md#before-a-firmware-can-be-built", readme, board);
            Assert.Contains(" -DCMAKE_BUILD_TYPE=MinSizeRel", readme, board);
            Assert.AreEqual(IsEsp(board), readme.Contains(" -DESP32_IDF_PATH=\"$IDF_PATH\"", StringComparison.Ordinal), board);
            foreach (string heading in new[] { "## Firmware", "## What the chip does itself", "## Budget" })
            {
                Assert.Contains(heading, readme, board);
            }
        }
    }

    [TestMethod]
    public void The_build_module_names_sources_and_folders_that_are_there()
    {
        string folder = Path.Combine(s_root, "native-interop/cmake");
        string module = File.ReadAllText(Path.Combine(folder, "FindINTEROP-NfDtls.Native.cmake"));
        Assert.AreEqual(module.Count(c => c == '('), module.Count(c => c == ')'), "brackets");
        foreach (Match path in Regex.Matches(module, @"\$\{NFDTLS_NATIVE_ROOT\}/([\w./*]+[\w*])(\$\{NFDTLS_PLATFORM_SOURCE\})?"))
        {
            string full = Path.Combine(s_root, "native-interop", path.Groups[1].Value.Replace("/*.c", ""));
            Assert.IsTrue(File.Exists(full) || Directory.Exists(full), path.Value);
        }

        foreach (Match platform in Regex.Matches(module, @"set\(NFDTLS_PLATFORM_SOURCE (\S+)\)"))
        {
            Assert.IsTrue(File.Exists(Path.Combine(s_root, "native-interop/nanoclr/platform", platform.Groups[1].Value)), platform.Value);
        }

        Assert.HasCount(3, Directory.GetFiles(Path.Combine(s_root, "native-interop/nanoclr/platform")));
        Assert.Contains("FindINTEROP-NfDtls.Native.cmake", File.ReadAllText(Path.Combine(folder, "INTEROP-NfDtls.NativeConfig.cmake")));
    }

    private static IEnumerable<string> Boards()
    {
        return new[] { "ESP32", "STM32" }.SelectMany(family => Directory.GetDirectories(Path.Combine(s_root, "targets", family)))
            .Select(folder => Path.GetRelativePath(Path.Combine(s_root, "targets"), folder).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    private static bool IsEsp(string board)
    {
        return board.StartsWith("ESP32/");
    }

    private static string PathOf(string board, string file)
    {
        return Path.Combine(s_root, "targets", board, file);
    }

    /// <summary>Options and values of a file in Kconfig's form; "n" for "# CONFIG_X is not set". Any other line fails.</summary>
    private static Dictionary<string, string> Options(string path)
    {
        Dictionary<string, string> options = [];
        foreach (string line in File.ReadAllLines(path))
        {
            Match set = Regex.Match(line, @"^CONFIG_([A-Z0-9_]+)=(y|n|\d+|""[^""]*"")$");
            Match unset = Regex.Match(line, @"^# CONFIG_([A-Z0-9_]+) is not set$");
            if (set.Success)
            {
                options.Add(set.Groups[1].Value, set.Groups[2].Value);
            }
            else if (unset.Success)
            {
                options.Add(unset.Groups[1].Value, "n");
            }
            else
            {
                Assert.IsTrue(line.Length == 0 || line.StartsWith("# "), path + ": " + line);
            }
        }

        return options;
    }

    private static string ThisFile([CallerFilePath] string path = "")
    {
        return path;
    }
}

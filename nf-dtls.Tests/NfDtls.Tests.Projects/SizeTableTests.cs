using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The table of sizes in docs/nano.md, which targets/emulator/nano.sh writes from what nf-check measured.</summary>
[TestClass]
public sealed class SizeTableTests
{
    private const string Sizes = """
        [ { "assembly": "B", "code": 12345, "staticData": 7 }, { "assembly": "A.C", "code": 900, "staticData": 0 } ]
        """;

    private const string Old = """
        | As compiled | PE | IL |
        |---|---|---|
        | B | 23,264 | 12,652 |

        ## Sizes

        | Assembly | IL | Static data | PE |
        |---|---|---|---|
        | B | 10,000 | 3 | 20,000 |
        | Gone | 1 | 1 | 1 |

        The end.

        """;

    private const string New = """
        | As compiled | PE | IL |
        |---|---|---|
        | B | 23,264 | 12,652 |

        ## Sizes

        | Assembly | IL | Static data | PE |
        |---|---|---|---|
        | A.C | 900 | 0 | 1,234 |
        | B | 12,345 | 7 | 20,000 |

        The end.

        """;

    [TestMethod]
    public void An_old_table_is_told_and_written_anew_with_the_packed_size_where_there_is_one()
    {
        string folder = Directory.CreateTempSubdirectory("sizes").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "docs"));
            Directory.CreateDirectory(Path.Combine(folder, "A.C"));
            File.WriteAllText(Path.Combine(folder, "docs", "nano.md"), Old);
            File.WriteAllText(Path.Combine(folder, "sizes.json"), Sizes);
            File.WriteAllBytes(Path.Combine(folder, "A.C", "A.C.pe"), new byte[1234]);
            string said = ImageTests.Shell("nano=$PWD; document_sizes sizes.json && echo right || write_sizes sizes.json; document_sizes sizes.json && echo right", folder);
            Assert.Contains("B has 10000 bytes of IL, it has 12345", said);
            Assert.Contains("A.C has no bytes of IL, it has 900", said);
            Assert.EndsWith("right\n", said);
            Assert.AreEqual(New, File.ReadAllText(Path.Combine(folder, "docs", "nano.md")));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public void A_table_of_the_page_is_put_anew_and_the_rest_stays()
    {
        string folder = Directory.CreateTempSubdirectory("tables").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "docs"));
            File.WriteAllText(Path.Combine(folder, "docs", "nano.md"), "Before.\n\n| Application | Linked |\n|---|---|\n| old | 1 |\n\nBetween.\n\n| Other | Linked |\n|---|---|\n| kept | 2 |\n\nAfter.\n");
            File.WriteAllText(Path.Combine(folder, "rows"), "| Application | Linked |\n|---|---|\n| new | 3 |\n");
            ImageTests.Shell("put_table '| Application | Linked |' rows", folder);
            Assert.AreEqual(
                "Before.\n\n| Application | Linked |\n|---|---|\n| new | 3 |\n\nBetween.\n\n| Other | Linked |\n|---|---|\n| kept | 2 |\n\nAfter.\n",
                File.ReadAllText(Path.Combine(folder, "docs", "nano.md")));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public void What_a_program_takes_is_the_sum_of_its_files_without_the_class_libraries()
    {
        string folder = Directory.CreateTempSubdirectory("bytes").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "lib"));
            File.WriteAllBytes(Path.Combine(folder, "lib", "mscorlib.pe"), new byte[1000]);
            File.WriteAllBytes(Path.Combine(folder, "A.pe"), new byte[30]);
            File.WriteAllBytes(Path.Combine(folder, "B.pe"), new byte[4]);
            Assert.AreEqual("34", ImageTests.Shell("NANO_TOOLCHAIN=$PWD; own_bytes $PWD/lib/mscorlib.pe $PWD/A.pe $PWD/B.pe", folder).Trim());
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The pages of attacks: every one has its rule, its place in the code, and tests that are there.</summary>
[TestClass]
public sealed class SecurityTests
{
    private const string Head = "| # | Class | Rule | Where | Tests |\n|---|---|---|---|---|\n";

    [TestMethod]
    public void Every_attack_has_a_row_with_tests_that_are_there()
    {
        CollectionAssert.AreEqual(Array.Empty<string>(), new SecurityPage(Pages.Read("docs/security.md"), "Engine", SecurityPage.Bills).Faults().ToArray());
    }

    [TestMethod]
    public void A_bill_without_a_row_or_a_test_is_told()
    {
        string[] faults = new SecurityPage(Head + "| B1 | A | B | `NfDtls/DtlsEngine.cs` | |", "Engine", 2).Faults().ToArray();
        CollectionAssert.Contains(faults, "B1 has no test");
        CollectionAssert.Contains(faults, "B2 is missing");
    }

    [TestMethod]
    public void Every_attack_has_a_row_of_DTLS_1_3_with_tests_that_are_there()
    {
        CollectionAssert.AreEqual(Array.Empty<string>(), new SecurityPage(Pages.Read("docs/security-1.3.md"), "Dtls13").Faults().ToArray());
    }

    [TestMethod]
    [DataRow("| 1 | A | B | `nf-dtls.snk` |  |", "1 has no test")]
    [DataRow("| 1 | A | B | `NfDtls/DtlsEngine.cs` | none yet |", "1 has no test")]
    [DataRow("| 1 | A | B | | HostileTests.Nothing_of_this_name |", "1 names Engine: HostileTests.Nothing_of_this_name, which is no test")]
    [DataRow("| 1 | A | B | | HostileTests.A_replayed_record_is_dropped, Nothing_of_this_name |", "1 names Engine: HostileTests.Nothing_of_this_name, which is no test")]
    [DataRow("| 1 | A | B | | NoSuchTests |", "1 names Engine: NoSuchTests, which is no test")]
    [DataRow("| 1 | A | B | | Services: HostileTests |", "1 names Services: HostileTests, which is no test")]
    [DataRow("| 1 | A | B | | Nowhere: HostileTests |", "1 names Nowhere, which is no project of tests")]
    [DataRow("| 1 | A | B | `NfDtls/Nothing.cs` | HostileTests |", "1 names NfDtls/Nothing.cs, which is no file")]
    [DataRow("| 1 | A | B | everywhere | HostileTests |", "1 has no place in the code")]
    [DataRow("| x1 | A | B | | HostileTests |", "x1 is no number of an attack")]
    [DataRow("| 35 | A | B | | HostileTests |", "35 is no number of an attack")]
    public void What_is_wrong_in_a_row_is_told(string row, string fault)
    {
        CollectionAssert.Contains(new SecurityPage(Head + row, "Engine").Faults().ToArray(), fault);
    }

    [TestMethod]
    public void Numbers_that_are_missing_are_told_and_nothing_else_of_a_right_row()
    {
        string[] faults = new SecurityPage(Head + "| 1, 2, P40 | A | B | `NfDtls/DtlsEngine.cs` | HostileTests.A_replayed_record_is_dropped; Services: FloodTests |", "Engine").Faults().ToArray();
        string[] expected = Enumerable.Range(3, 32).Select(i => i + " is missing").Concat(Enumerable.Range(1, 39).Select(i => "P" + i + " is missing")).ToArray();
        CollectionAssert.AreEqual(expected, faults);
    }
}

using System;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The page of what goes wrong has all that can go wrong, by the names that the code has.</summary>
[TestClass]
public sealed class TroubleshootingTests
{
    private const string Page = "docs/troubleshooting.md";

    [TestMethod]
    public void Every_error_has_a_row_in_the_order_of_the_enumeration()
    {
        string[] rows = Pages.Table(Page, "| Error | What happened | What to look at |").Select(row => row[0].Trim('`')).ToArray();
        CollectionAssert.AreEqual(Enum.GetValues<DtlsError>().Select(error => error.ToString()).ToArray(), rows);
    }

    [TestMethod]
    public void Every_alert_has_a_row_with_its_number_and_the_name_that_messages_give_it()
    {
        int[] alerts = typeof(Alert).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral && field.FieldType == typeof(int))
            .Select(field => (int)field.GetRawConstantValue()!).Where(number => number >= 0 && !DtlsNames.OfAlert(number).StartsWith("alert ", StringComparison.Ordinal)).Order().ToArray();
        string[] expected = alerts.Select(number => $"{DtlsNames.OfAlert(number)} {number}").ToArray();
        string[] rows = Pages.Table(Page, "| Alert | Number | What it mostly means |").Select(row => row[0] + " " + row[1]).ToArray();
        CollectionAssert.AreEqual(expected, rows);
    }

    [TestMethod]
    public void Every_error_that_a_symptom_names_is_one()
    {
        string[] names = Enum.GetNames<DtlsError>();
        string[] named = Pages.Table(Page, "| Symptom | Commonest cause | What to do |").SelectMany(row => row[0].Split('`').Where((_, i) => i % 2 == 1)).Distinct().ToArray();
        Assert.AreNotEqual(0, named.Length);
        CollectionAssert.IsSubsetOf(named, names);
    }
}

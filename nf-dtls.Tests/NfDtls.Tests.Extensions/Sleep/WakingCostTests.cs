using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What waking costs, in bytes of UDP payload beside the data, and that docs/mobility.md says it, and how long what is saved is.</summary>
[TestClass]
public sealed class WakingCostTests
{
    private const int HeadersOfDatagram = 48;
    private const int BitsPerMillisecond = 250;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Waking_costs_nothing_but_the_data()
    {
        SleepBed bed = new SleepBed();
        bed.SleepClient();
        bed.Network.Sent.Clear();
        bed.VerifyEcho();
        Assert.HasCount(2, bed.Network.Sent, "The data, and their echo.");
        string row = VerifyRow("a saved association (`DurableAssociations`)", bed.Network.Sent.Skip(2));
        Assert.Contains("client " + bed.ExportClient().Length + " bytes", row);
        Assert.Contains("server " + bed.ExportServer().Length + " while", row);
    }

    /// <summary>The row of the table that begins so has the bytes, the datagrams and the milliseconds.</summary>
    private string VerifyRow(string name, IEnumerable<Datagram> sent)
    {
        List<Datagram> datagrams = sent.ToList();
        int bytes = datagrams.Sum(datagram => datagram.Bytes.Length);
        int radio = (int)Math.Round(8.0 * (bytes + (HeadersOfDatagram * datagrams.Count)) / BitsPerMillisecond);
        TestContext.WriteLine(name + ": " + bytes + " bytes in " + datagrams.Count + " datagrams, " + radio + " ms.");
        string row = File.ReadLines(Document()).FirstOrDefault(line => line.StartsWith("| " + name + " |", StringComparison.Ordinal)) ?? "";
        string[] cells = row.Split('|').Select(cell => cell.Trim()).ToArray();
        Assert.IsTrue(cells.Length > 5, "docs/mobility.md has no row \"" + name + "\": " + bytes + " bytes, " + datagrams.Count + " datagrams, " + radio + " ms.");
        Assert.AreEqual(bytes.ToString(), cells[2], row);
        Assert.AreEqual(datagrams.Count.ToString(), cells[3], row);
        Assert.AreEqual(radio + " ms", cells[5], row);
        return row;
    }

    private static string Document([CallerFilePath] string path = "")
    {
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "mobility.md"));
    }
}

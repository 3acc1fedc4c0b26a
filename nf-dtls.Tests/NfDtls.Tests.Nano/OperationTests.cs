using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ops;
using NfDtls.Tool;

namespace NfDtls.Tests.Nano;

/// <summary>What a board's interpreter has to do, against bounds: counts of instructions, the same on every machine.</summary>
[TestClass]
public class OperationTests
{
    private static IReadOnlyList<Bill> _bills = [];

    [ClassInitialize]
    public static void Count(TestContext context)
    {
        _ = context;
        DebuggableAttribute? debuggable = typeof(DtlsEngine).Assembly.GetCustomAttribute<DebuggableAttribute>();
        if (debuggable != null && debuggable.IsJITOptimizerDisabled)
        {
            Assert.Inconclusive("Boards get what a Release build makes; this is another.");
        }

        _bills = OperationCount.Take();
    }

    [TestMethod]
    [DataRow("AES-128-CCM_8 of 64 bytes", 20_000)]
    [DataRow("AES-128-CCM_8 of 64 bytes, opened", 20_000)]
    [DataRow("SHA-256 block", 9_000)]
    [DataRow("handshake, client, stock 1.2", 110_000)]
    [DataRow("handshake, server, stock 1.2", 110_000)]
    [DataRow("handshake, client, software 1.2", 450_000)]
    public void WorkTakesNoMoreThanItsBound(string work, int bound)
    {
        long sum = Find(work).Sum;
        Assert.IsTrue(sum <= bound, $"{work}: {sum} operations, not {bound}");
    }

    [TestMethod]
    [DataRow("send, client, stock 1.2", 1_130)]
    [DataRow("send, server, stock 1.2", 1_130)]
    [DataRow("receive, client, stock 1.2", 1_360)]
    [DataRow("receive, server, stock 1.2", 2_020)]
    [DataRow("handshake, client, stock 1.2", 28_500)]
    [DataRow("handshake, client, software 1.2", 28_500)]
    public void TheEngineTakesNoMoreThanItsBound(string work, int bound)
    {
        long sum = Find(work).SumOutsideCrypto;
        Assert.IsTrue(sum <= bound, $"{work}: {sum} operations outside the cryptography, not {bound}");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ThePlanOfTheToolGoesByWhatIsCounted(bool has13)
    {
        foreach (bool isServer in new[] { false, true })
        {
            foreach (bool isManaged in new[] { false, true })
            {
                string of = $", {(isServer ? "server" : "client")}, {(isManaged ? "software" : "stock")} {(has13 ? "1.3" : "1.2")}";
                VerifyPlanned("handshake" + of, OperationSums.Of(OperationSums.Work.Handshake, has13, isServer, isManaged), Find("handshake" + of).Weighted);
                VerifyPlanned("send" + of, OperationSums.Of(OperationSums.Work.Send, has13, isServer, isManaged), Find("send" + of).Weighted);
                long received = Find("receive" + of).Weighted + Find("take" + of).Weighted;
                VerifyPlanned("receive" + of, OperationSums.Of(OperationSums.Work.Receive, has13, isServer, isManaged), received);
            }
        }
    }

    [TestMethod]
    public void CountsAreTheSameEachTime()
    {
        IReadOnlyList<Bill> again = OperationCount.Take();
        CollectionAssert.AreEqual(_bills.Select(Text).ToArray(), again.Select(Text).ToArray());
    }

    [TestMethod]
    public void WhatIsCountedIsWhatStandsInTheMethod()
    {
        // Before the loop 5 instructions, 18 in each of its 8 turns, 3 each of the 9 times that it is asked whether there is another, 3 behind it.
        MethodBill loop = Find("receive, client, stock 1.2").Methods.Single(one => one.Name == "NfDtls: ConstantTime.AreEqual");
        Assert.AreEqual(new MethodBill(loop.Name, 1, 5 + (8 * 18) + (9 * 3) + 4, 0), loop);
    }

    private static void VerifyPlanned(string work, long planned, long counted)
    {
        Assert.IsTrue(Math.Abs(planned - counted) <= counted / 20, $"{work}: planned {planned}, counted {counted}");
    }

    private static Bill Find(string work)
    {
        return _bills.Single(bill => bill.Work == work);
    }

    private static string Text(Bill bill)
    {
        return $"{bill.Work} {bill.Sum} {bill.Weighted} {string.Join(';', bill.Methods)}";
    }
}

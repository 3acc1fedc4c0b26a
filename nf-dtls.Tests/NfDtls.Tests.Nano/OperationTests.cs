using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Ops;
using NfDtls.Tool;

namespace NfDtls.Tests.Nano;

/// <summary>What a board's interpreter has to do, against bounds: counts of instructions, the same on every machine.</summary>
[TestClass]
public class OperationTests
{
    private static IReadOnlyList<Bill> _bills = [];
    private static IReadOnlyList<Bill> _linked = [];

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
        _linked = OperationCount.TakeLinked(_bills);
    }

    [TestMethod]
    [DataRow("AES-128-CCM_8 of 64 bytes", 20_000)]
    [DataRow("AES-128-CCM_8 of 64 bytes, opened", 20_000)]
    [DataRow("SHA-256 block", 8_200)]
    [DataRow("handshake, client, stock 1.2", 80_000)]
    [DataRow("handshake, server, stock 1.2", 80_800)]
    [DataRow("handshake, client, software 1.2", 401_000)]
    public void Work_takes_no_more_than_its_bound(string work, int bound)
    {
        VerifyBound(work, Find(work).Sum, bound, "operations");
    }

    [TestMethod]
    [DataRow("send, client, software 1.2", 795)]
    [DataRow("send, server, software 1.2", 800)]
    [DataRow("receive, client, software 1.2", 770)]
    [DataRow("receive, server, software 1.2", 960)]
    [DataRow("handshake, client, software 1.2", 23_950)]
    [DataRow("handshake, server, software 1.2", 24_450)]
    public void The_engine_takes_no_more_than_its_bound(string work, int bound)
    {
        VerifyBound(work, Find(work).SumOutsideCrypto, bound, "operations outside the cryptography");
    }

    [TestMethod]
    // And what is left of those as compiled, at most: on the way of a record that comes there are hardly accessors to put in place of calls.
    [DataRow("send, client, software 1.2", 765, 97)]
    [DataRow("send, server, software 1.2", 775, 97)]
    [DataRow("receive, client, software 1.2", 765, 100)]
    [DataRow("receive, server, software 1.2", 955, 100)]
    [DataRow("handshake, client, software 1.2", 22_650, 97)]
    [DataRow("handshake, server, software 1.2", 23_150, 97)]
    public void A_linked_engine_takes_no_more_than_its_bound(string work, int bound, int percent)
    {
        long linked = _linked.Single(bill => bill.Work == work).SumOutsideCrypto;
        VerifyBound(work, linked, bound, "operations outside the cryptography, linked");
        long compiled = Find(work).SumOutsideCrypto;
        Assert.IsTrue(linked * 100 <= compiled * percent, $"{work}: {linked} operations outside the cryptography linked, and {compiled} as compiled");
    }

    [TestMethod]
    public void Linking_makes_no_work_longer()
    {
        Assert.IsTrue(_linked.Any(bill => bill.Work == "receive, server, software 1.3"), "There is work of both versions.");
        foreach (Bill bill in _linked)
        {
            Assert.IsTrue(bill.Weighted <= Find(bill.Work).Weighted, $"{bill.Work}: {bill.Weighted}, and {Find(bill.Work).Weighted} as compiled");
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_plan_of_the_tool_goes_by_what_is_counted(bool has13)
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
    public void Counts_are_the_same_each_time()
    {
        IReadOnlyList<Bill> again = OperationCount.Take();
        CollectionAssert.AreEqual(_bills.Select(Text).ToArray(), again.Select(Text).ToArray());
    }

    [TestMethod]
    public void What_is_counted_is_what_stands_in_the_method()
    {
        // How many instructions that are is the compiler's affair: they are read where they stand. A loop's question is asked once more than it
        // turns. A tag of 8 bytes is one turn of the loop that compares eight, and none of that for the rest.
        int[] turns = [1, 0];
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(ConstantTime).Assembly.Location);
        Instruction[] all = [.. assembly.MainModule.GetType(typeof(ConstantTime).FullName).Methods.Single(one => one.Name == nameof(ConstantTime.AreEqual)).Body.Instructions];
        Instruction[] jumpsBack = [.. all.Where(one => one.OpCode.FlowControl == FlowControl.Cond_Branch)];
        Assert.HasCount(turns.Length, jumpsBack);
        int expected = all.Length;
        int calls = 0;
        for (int i = 0; i < turns.Length; i++)
        {
            int turn = Array.IndexOf(all, (Instruction)jumpsBack[i].Operand);
            int question = Array.IndexOf(all, (Instruction)all[turn - 1].Operand);
            int behind = Array.IndexOf(all, jumpsBack[i]) + 1;
            Assert.IsTrue(turn > 0 && question > turn && behind > question, "The loop has another form.");
            expected += (turns[i] * (behind - turn)) - (question - turn);
            calls += turns[i] * all[turn..question].Count(one => one.OpCode.FlowControl == FlowControl.Call);
        }

        Assert.IsTrue(calls > 0, "There are calls to count.");
        MethodBill loop = Find("receive, client, stock 1.2").Methods.Single(one => one.Name == "NfDtls: ConstantTime.AreEqual");
        Assert.AreEqual(new MethodBill(loop.Name, 1, expected, calls), loop);
    }

    /// <summary>What another version of the compiler makes of the same sources differs by a few instructions in a hundred.</summary>
    private static void VerifyBound(string work, long sum, long bound, string what)
    {
        Assert.IsTrue(sum <= bound + (bound / 20), $"{work}: {sum} {what}, not {bound}");
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

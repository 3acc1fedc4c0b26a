using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls --cid and --move: a session that goes on from other ports.</summary>
[TestClass]
public sealed class MoveToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";

    private const int Lines = 10;

    [TestMethod]
    [DataRow("random:8", "random:4")]
    [DataRow("a1b2", "c3d4e5")]
    [DataRow("random:8", "random:0")]
    public void A_client_moves_every_so_many_lines_and_every_line_comes(string servers, string clients)
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo --cid {servers}", out int port);
        int number = 0;
        Stopwatch sinceLine = new Stopwatch();

        // A line waits for the echo of the one before, and is written again where that is lost.
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --cid {clients} --move 3", "line 0\n", run =>
        {
            bool isBack = run.Output.Contains($"line {number}\n");
            if (isBack && number < Lines - 1)
            {
                number++;
            }

            if ((isBack && number < Lines) || sinceLine.ElapsedMilliseconds > 5000)
            {
                sinceLine.Restart();
                run.Write($"line {number}\n");
            }

            return isBack && number == Lines - 1 && run.Output.Contains($"line {number}\n");
        }).Ended(0);
        StringAssert.Contains(client.Errors, "moved from port ");
        Setup.Until(() => server.Errors.Contains(" moved to "), "the server tells who moved");
        Assert.AreEqual(1, server.Errors.Split(" connected: ").Length - 1, server.Errors);
    }

    [TestMethod]
    public void What_cannot_move_says_so()
    {
        using ToolRun alone = ToolRun.ToEnd($"client 127.0.0.1 9 {Keys} --move 1").Ended(2);
        StringAssert.Contains(alone.Errors, "--cid");
        using ToolRun wrong = ToolRun.ToEnd($"client 127.0.0.1 9 {Keys} --cid random:33").Ended(2);
        StringAssert.Contains(wrong.Errors, "--cid");
        using ToolRun server = ToolRun.Server($"{Keys} --echo", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --cid random:8 --move 1", "a\nb\n").Ended(4);
        StringAssert.Contains(client.Errors, "no connection ID");
    }
}

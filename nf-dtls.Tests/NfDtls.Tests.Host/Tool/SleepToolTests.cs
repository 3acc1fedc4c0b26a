using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls --export and --import: a connection that outlives the process.</summary>
[TestClass]
public sealed class SleepToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";

    [TestMethod]
    [DataRow("", "")]
    [DataRow("--cid random:8", "--cid random:0")]
    public void A_client_goes_on_in_its_next_runs_with_the_connection_that_it_saved(string servers, string clients)
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls").FullName;
        try
        {
            string file = Path.Combine(folder, "connection");
            using ToolRun server = ToolRun.Server($"{Keys} --echo {servers}", out int port);
            string client = $"client 127.0.0.1 {port} {Keys} {clients}";
            using ToolRun first = ToolRun.ToEnd($"{client} --export {file}", "one\n", "one\n").Ended(0);
            StringAssert.Contains(first.Errors, "saved in " + file);
            Assert.IsTrue(File.Exists(file));
            using ToolRun second = ToolRun.ToEnd($"{client} --import {file} --export {file}", "two\n", "two\n").Ended(0);
            StringAssert.Contains(second.Errors, "going on with");
            using ToolRun third = ToolRun.ToEnd($"{client} --import {file}", "three\n", "three\n").Ended(0);
            Assert.IsFalse(File.Exists(file), "Nobody is to go on with it twice.");
            Setup.Until(() => server.Errors.Contains(" disconnected: "), "the end is told");
            Assert.AreEqual(1, server.Errors.Split(" connected: ").Length - 1, server.Errors);
            using ToolRun fourth = ToolRun.ToEnd($"{client} --import {file}").Ended(2);
            StringAssert.Contains(fourth.Errors, "cannot be read");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public void A_file_that_holds_no_connection_is_refused_in_words()
    {
        string file = Path.GetTempFileName();
        try
        {
            using ToolRun empty = ToolRun.ToEnd($"client 127.0.0.1 9 {Keys} --import {file}").Ended(2);
            StringAssert.Contains(empty.Errors, "no saved connection");
            File.WriteAllText(file, "something else, and long enough to be one, or so it seems");
            using ToolRun other = ToolRun.ToEnd($"client 127.0.0.1 9 {Keys} --import {file}").Ended(3);
            StringAssert.Contains(other.Errors, "no saved association");
            Assert.IsTrue(File.Exists(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}

using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls --resume: sessions that go on from one run to the next.</summary>
[TestClass]
public sealed class ResumeToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";

    [TestMethod]
    public void A_client_resumes_in_its_next_run_and_with_a_server_that_was_started_anew()
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls").FullName;
        try
        {
            string session = Path.Combine(folder, "session");
            string tickets = Path.Combine(folder, "tickets");
            string client = $"{Keys} --resume {session}";
            using (ToolRun server = ToolRun.Server($"{Keys} --echo --resume {tickets}", out int port))
            {
                using ToolRun first = ToolRun.ToEnd($"client 127.0.0.1 {port} {client}", "one\n", "one\n").Ended(0);
                Assert.IsFalse(first.Errors.Contains("resumed"), first.Errors);
                Assert.IsTrue(File.Exists(session));
                using ToolRun second = ToolRun.ToEnd($"client 127.0.0.1 {port} {client}", "two\n", "two\n").Ended(0);
                StringAssert.Contains(second.Errors, "resumed");
                Setup.Until(() => server.Errors.Contains(" resumed: "), "the server tells who resumed");
            }

            using ToolRun anew = ToolRun.Server($"{Keys} --echo --resume {tickets}", out int next);
            using ToolRun third = ToolRun.ToEnd($"client 127.0.0.1 {next} {client}", "three\n", "three\n").Ended(0);
            StringAssert.Contains(third.Errors, "resumed");

            // Without its key a server asks for a full handshake.
            using ToolRun other = ToolRun.Server($"{Keys} --echo --resume {tickets}2", out int last);
            using ToolRun fourth = ToolRun.ToEnd($"client 127.0.0.1 {last} {client}", "four\n", "four\n").Ended(0);
            Assert.IsFalse(fourth.Errors.Contains("resumed"), fourth.Errors);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public void A_file_that_holds_no_session_is_wrong_usage()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "something else, and long enough to be one");
            using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 9 {Keys} --resume {file}").Ended(2);
            StringAssert.Contains(client.Errors, "--resume");
            StringAssert.Contains(client.Errors, "no exported session");
            using ToolRun server = ToolRun.ToEnd($"server 0 {Keys} --resume {file}").Ended(2);
            StringAssert.Contains(server.Errors, "no ticket key");
        }
        finally
        {
            File.Delete(file);
        }
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

/// <summary>The sample CertificateClient against OpenSSL's server and time servers of the test's.</summary>
[TestClass]
public sealed class CertificateClientTests
{
    private static Laboratory s_laboratory = null!;

    [ClassInitialize]
    public static void MakeCertificates(TestContext context)
    {
        s_laboratory = new Laboratory();
    }

    [ClassCleanup]
    public static void RemoveCertificates()
    {
        s_laboratory?.Dispose();
    }

    [TestMethod]
    public void CertificateClient_reports_to_openssl_by_certificates_of_both_and_then_resumes()
    {
        int port = PeerProgram.FreePort();
        using PeerProgram server = s_laboratory.StartServer(port);
        using TimeServer time = new(TimeServer.Now);
        using PeerProgram sample = Start(port, Laboratory.ServerName, time.Name, 3);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + server.Output);
        string[] expected = ["127.0.0.1 says", "Connected by certificates", "report 1 was", "Resumed", "report 2 was taken", "Resumed", "report 3 was taken"];
        AssertLines(expected, output);
        Assert.AreEqual(1, time.Asked);
    }

    [TestMethod]
    public void CertificateClient_connects_to_nobody_before_a_time_that_can_be()
    {
        int port = PeerProgram.FreePort();
        using PeerProgram server = s_laboratory.StartServer(port);
        using TimeServer time = new(
            request => [TimeServer.Kiss(request, "RATE")],
            request => [TimeServer.With(TimeServer.Answer(request, DateTimeOffset.UtcNow), 0, 0xE4)],
            request => [TimeServer.With(TimeServer.Answer(request, DateTimeOffset.UtcNow), 1, 16)],
            request => [TimeServer.With(TimeServer.Answer(request, DateTimeOffset.UtcNow), 9, 16)],
            request => [new byte[47].Concat(TimeServer.Answer(request, DateTimeOffset.UtcNow)).Take(48).ToArray(), TimeServer.Answer(request, DateTimeOffset.UtcNow.AddYears(-3))],
            request => [TimeServer.With(TimeServer.Answer(request, DateTimeOffset.UnixEpoch), 24, 1), TimeServer.Answer(request, DateTimeOffset.UtcNow)]);
        using PeerProgram sample = Start(port, Laboratory.ServerName, time.Name, 1);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + server.Output);
        string[] expected =
        [
            "it refuses (RATE). Asked again in 20 ms.", "its own clock is not set. Asked again in 40 ms.", "its own clock is not set. Asked again in 80 ms.",
            "its own clock is not set. Asked again in 160 ms.", "a time before our certificate was made. Asked again in 320 ms.", "127.0.0.1 says", "Connected by certificates", "report 1 was taken",
        ];
        AssertLines(expected, output);
        Assert.AreEqual(6, time.Asked);
    }

    [TestMethod]
    public void CertificateClient_asks_a_server_that_denies_it_the_time_never_again()
    {
        int port = PeerProgram.FreePort();
        using TimeServer first = new(request => [TimeServer.Kiss(request, "DENY")]);
        using TimeServer second = new(request => [TimeServer.Kiss(request, "RATE")], request => [TimeServer.Kiss(request, "RATE")], request => [TimeServer.Kiss(request, "RSTR")]);
        using PeerProgram sample = Start(port, Laboratory.ServerName, first.Name + "," + second.Name, 1);
        string output = sample.WaitForExit();
        Assert.AreEqual(1, sample.ExitCode, output);
        string[] expected = ["it refuses (DENY)", "it refuses (RATE)", "it refuses (RATE)", "it refuses (RSTR)", "nobody left who may be asked"];
        AssertLines(expected, output);
        Assert.AreEqual(1, first.Asked);
        Assert.AreEqual(3, second.Asked);
    }

    /// <summary>2040 is beyond 2036, where the seconds of NTP begin anew.</summary>
    [TestMethod]
    public void CertificateClient_asks_for_the_time_anew_where_a_certificate_seems_to_be_out_of_its_dates()
    {
        int port = PeerProgram.FreePort();
        using PeerProgram server = s_laboratory.StartServer(port);
        using TimeServer wrong = new(request => [TimeServer.Answer(request, new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero))]);
        using TimeServer right = new(TimeServer.Now);
        using PeerProgram sample = Start(port, Laboratory.ServerName, wrong.Name + "," + right.Name, 2);
        string output = sample.WaitForExit();
        string[] expected = ["it is 2040-01-01 00:00:0", "expired", "report 1 was not taken", "127.0.0.1 says", "Connected by certificates", "report 2 was taken"];
        AssertLines(expected, output);
    }

    [TestMethod]
    public void CertificateClient_refuses_a_server_of_another_name_and_says_so()
    {
        int port = PeerProgram.FreePort();
        using PeerProgram server = s_laboratory.StartServer(port);
        using TimeServer time = new(TimeServer.Now);
        using PeerProgram sample = Start(port, "other.example", time.Name, 1);
        string output = sample.WaitForExit();
        Assert.AreEqual(1, sample.ExitCode, output);
        Assert.Contains("name", output);
        server.WaitForOutput("alert number 42");
    }

    /// <summary>Whether these stand in the lines of an output, in this order.</summary>
    internal static void AssertLines(string[] expected, string output)
    {
        int next = 0;
        foreach (string line in output.Split('\n'))
        {
            next += next < expected.Length && line.Contains(expected[next], StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.AreEqual(expected.Length, next, "Not there: " + expected[Math.Min(next, expected.Length - 1)] + ". " + output);
    }

    private static PeerProgram Start(int port, string name, string timeServers, int reports)
    {
        return SampleTests.Start(
            "CertificateClient", "127.0.0.1", port.ToString(), name, s_laboratory.PathOf("ca.pem"), s_laboratory.PathOf("device.pem"), s_laboratory.PathOf("device.key"),
            timeServers, reports.ToString(), "20");
    }
}

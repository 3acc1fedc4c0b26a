using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

/// <summary>The sample CertificateClient against OpenSSL's server and time servers of the test's.</summary>
[TestClass]
public sealed class CertificateClientTests
{
    [AssemblyCleanup]
    public static void RemoveCertificates()
    {
        Laboratory.RemoveShared();
    }

    [TestMethod]
    public void CertificateClient_reports_to_openssl_by_certificates_of_both_and_then_resumes()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
        using TimeServer time = new(TimeServer.Now);
        using PeerProgram sample = Start(port, Laboratory.ServerName, time.Name, 3);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + server.Output);
        string[] expected = ["127.0.0.1 says", "Connected by certificates", "report 1 was", "Resumed", "report 2 was taken", "Resumed", "report 3 was taken"];
        AssertLines(expected, output);
    }

    [TestMethod]
    public void CertificateClient_connects_to_nobody_before_a_time_that_can_be()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
        using TimeServer time = new(request => [TimeServer.Kiss(request, "RATE")]);
        using PeerProgram sample = Start(port, Laboratory.ServerName, time.Name, 1);
        sample.WaitForOutput("it refuses (RATE). Asked again in ");
        time.Turn(request => [TimeServer.Answer(request, DateTimeOffset.UtcNow.AddYears(-3))]);
        sample.WaitForOutput("a time before our certificate was made. Asked again in ");

        // Somebody who did not see the request is quicker, and tells of a time long past or far.
        time.Turn(request => [TimeServer.With(TimeServer.Answer(request, DateTimeOffset.UtcNow.AddYears(5)), 31, (byte)(request[47] ^ 1)), TimeServer.Answer(request, DateTimeOffset.UtcNow)]);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + server.Output);
        string[] expected = ["it refuses (RATE)", "before our certificate was made", "127.0.0.1 says", "Connected by certificates", "report 1 was taken"];
        AssertLines(expected, output);
    }

    [TestMethod]
    public void CertificateClient_leaves_an_address_alone_that_denies_it_the_time_and_waits_for_another()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
        using TimeServer first = new(request => [TimeServer.Kiss(request, "DENY")]);
        using TimeServer second = new(request => [TimeServer.Kiss(request, "RATE")]);
        using PeerProgram sample = Start(port, Laboratory.ServerName, first.Name + "," + second.Name, 1);
        sample.WaitForOutput("it refuses (RATE)");
        sample.WaitForOutput("it refuses (DENY)");
        second.Turn(TimeServer.Now);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + server.Output);
        Assert.HasCount(2, output.Split("(DENY)"), output);
    }

    [TestMethod]
    public void CertificateClient_does_not_end_where_everybody_denies_it_the_time()
    {
        using TimeServer time = new(request => [TimeServer.Kiss(request, "RSTR")]);
        using PeerProgram sample = Start(FreePorts.Udp(), Laboratory.ServerName, time.Name, 1);
        sample.WaitForOutput("it refuses (RSTR)");
        sample.WaitForOutput("left alone for a day. Asked again in ");
    }

    /// <summary>2040 is beyond 2036, where the seconds of NTP begin anew.</summary>
    [TestMethod]
    public void CertificateClient_asks_for_the_time_anew_where_a_certificate_seems_to_be_out_of_its_dates()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
        using TimeServer time = new(request => [TimeServer.Answer(request, new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero))]);
        using PeerProgram sample = Start(port, Laboratory.ServerName, time.Name, 0);
        sample.WaitForOutput("report 1 was not taken");
        time.Turn(TimeServer.Now);
        sample.WaitForOutput(" was taken.");
        string[] expected = ["it is 2040-01-01 00:00:0", "expired", "report 1 was not taken", "127.0.0.1 says", "Connected by certificates"];
        AssertLines(expected, sample.Output);
    }

    [TestMethod]
    public void CertificateClient_refuses_a_server_of_another_name_and_says_so()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
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
            "CertificateClient", "127.0.0.1", port.ToString(), name, Laboratory.Shared.PathOf("ca.pem"), Laboratory.Shared.PathOf("device.pem"), Laboratory.Shared.PathOf("device.key"),
            timeServers, reports.ToString(), "20");
    }
}

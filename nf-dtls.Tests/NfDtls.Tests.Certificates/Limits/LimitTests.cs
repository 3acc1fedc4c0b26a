using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Server;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Chains beyond the limits, options that do not suffice, and the memory of it all.</summary>
[TestClass]
public class LimitTests
{
    private static readonly Identity s_long = Identity.Of(CaKeyKind.P256, 4);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 4, CaKeyKind.P256, "client");
    private static object? s_kept;

    [TestMethod]
    [DataRow("length")]
    [DataRow("bytes")]
    [DataRow("bytes in a longer message")]
    [DataRow("bytes of fragments")]
    public void A_chain_beyond_the_limits_is_refused_at_both_ends(string limit)
    {
        foreach (bool atServer in new[] { false, true })
        {
            DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_long));
            DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long, s_client), ClientCertificates.Require);
            DtlsOptions judge = atServer ? server : client;
            Limit(judge, atServer ? s_client : s_long, limit, 1);
            TestBed bed = new TestBed(client, server);
            bed.Network.AutoRelease = false;
            bed.VerifyClientFails(atServer ? DtlsError.AlertReceived : DtlsError.CertificateChainTooLarge);
            bed.Network.Run(100_000);
            Association refusing = atServer ? bed.Server.At(0) : bed.Client.Association;
            Association refused = atServer ? bed.Client.Association : bed.Server.At(0);
            Assert.AreEqual(DtlsError.CertificateChainTooLarge, refusing.LastError);
            Assert.AreEqual(Alert.BadCertificate, refusing.AlertSent);
            Assert.AreEqual(Alert.BadCertificate, refused.AlertReceived);
            bed.VerifyPools();
        }
    }

    [TestMethod]
    [DataRow("length")]
    [DataRow("bytes")]
    public void A_chain_at_the_limit_is_taken(string limit)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_long));
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long, s_client), ClientCertificates.Require);
        Limit(client, s_long, limit, 0);
        Limit(server, s_client, limit, 0);
        new TestBed(client, server).Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_flight_that_has_no_room_for_the_chain_is_refused_beforehand()
    {
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long));
        server.MaxFlight = 1024;
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new DtlsServerEngine(server));
        StringAssert.Contains(e.Message, "DtlsOptions.MaxFlight");

        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_long));
        client.MaxFlight = 1024;
        DtlsClientEngine engine = new DtlsClientEngine(client);
        e = Assert.ThrowsExactly<ArgumentException>(() => engine.Connect(0));
        StringAssert.Contains(e.Message, "DtlsOptions.MaxFlight");
        Assert.AreEqual(AssociationState.Idle, engine.Association.State);
    }

    [TestMethod]
    public void The_least_flight_that_is_allowed_suffices()
    {
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long, s_client), ClientCertificates.Require);
        server.MaxFlight = 3 + s_long.Sent.Sum(certificate => 3 + certificate.Der.Length) + 1024;
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_long));
        client.MaxFlight = 3 + s_client.Sent.Sum(certificate => 3 + certificate.Der.Length) + 1024;
        new TestBed(client, server).Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_client_that_trusts_nobody_or_names_nobody_is_refused_and_can_be_put_right()
    {
        CertificateStore store = Setup.Store(null);
        DtlsOptions options = Setup.Client(CertificateSuites.Modern(), store);
        options.ServerName = null;
        TestBed bed = new TestBed(options, Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long)));
        Refuses(bed, "DtlsOptions.Authenticator");
        s_long.TrustIn(store);
        Refuses(bed, "DtlsOptions.ServerName");
        options.ServerName = string.Empty;
        Refuses(bed, "DtlsOptions.ServerName");
        options.ServerName = Setup.Host;
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_name_is_not_needed_where_it_is_not_compared()
    {
        DtlsOptions options = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_long));
        options.ServerName = null;
        options.NameCheck = NameCheck.None;
        new TestBed(options, Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long))).Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_server_that_asks_for_certificates_and_trusts_nobody_is_refused()
    {
        foreach (ClientCertificates clients in new[] { ClientCertificates.Request, ClientCertificates.Require })
        {
            DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long), clients);
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new DtlsServerEngine(server));
            StringAssert.Contains(e.Message, "DtlsOptions.ClientCertificates");
        }
    }

    [TestMethod]
    public void The_plan_counts_the_chain_once_for_each_handshake_slot()
    {
        DtlsOptions options = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_long, s_client), ClientCertificates.Require);
        options.MaxHandshakeMessage = 128;
        options.MaxHandshakes = 7;
        options.MaxChainBytes = 4096;
        int handshakes = options.PlanMemory(true).Handshakes;
        int sessions = options.PlanMemory(true).Sessions;
        options.MaxChainBytes = 4096 + 12_000;
        // With a bit for each byte that may come.
        Assert.AreEqual(handshakes + (7 * (12_000 + 1_500)), options.PlanMemory(true).Handshakes);
        Assert.AreEqual(sessions + (options.MaxSessions * 12_000), options.PlanMemory(true).Sessions);
        options.KeepPeerCertificates = false;
        Assert.IsTrue(options.PlanMemory(true).Sessions < sessions);
    }

    [TestMethod]
    [DataRow(4096, 4, 0)]
    [DataRow(16_384, 10, 0)]
    [DataRow(1024, 1, 0)]
    [DataRow(4096, 4, 8192)]
    public void The_plan_is_within_a_factor_of_two_of_what_is_allocated(int bytes, int length, int transcript)
    {
        DtlsOptions options = Setup.Server(CertificateSuites.Modern(), Setup.Store(Identity.Of(CaKeyKind.P256), s_client), ClientCertificates.Require);
        options.ServerName = Setup.Host;
        options.KeepPeerCertificates = false;
        options.MaxFlight = 2048;
        options.MaxChainBytes = bytes;
        options.MaxChainLength = length;
        options.TranscriptBytes = transcript;
        Check("client", options.PlanMemory(false).Total, Allocated(() => s_kept = new DtlsClientEngine(options)));
        Check("server", options.PlanMemory(true).Total, Allocated(() => s_kept = new DtlsServerEngine(options)));
        s_kept = null;
    }

    private static void Limit(DtlsOptions options, Identity judged, string limit, int less)
    {
        if (limit == "length")
        {
            options.MaxChainLength = judged.Sent.Length - less;
            return;
        }

        options.MaxChainLength = judged.Sent.Length;
        options.MaxHandshakeMessage = 128;

        // The lengths of the list have room of their own.
        options.MaxChainBytes = judged.Sent.Sum(certificate => certificate.Der.Length) - less;
        if (limit == "bytes in a longer message")
        {
            options.MaxHandshakeMessage = 16_384;
        }
        else if (limit == "bytes of fragments")
        {
            options.MaxChainBytes = 400;
        }
    }

    private static void Refuses(TestBed bed, string option)
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Engine.Connect(bed.Network.Now));
        StringAssert.Contains(e.Message, option);
        Assert.AreEqual(AssociationState.Idle, bed.Client.State);
        Assert.IsNull(bed.Client.Engine.PollDatagram(bed.Network.Now));
        Assert.AreEqual(long.MaxValue, bed.Client.Engine.NextDeadline);
    }

    private static void Check(string what, long planned, long allocated)
    {
        Assert.IsTrue(planned <= 2 * allocated && allocated <= 2 * planned, what + ": " + planned + " bytes planned, " + allocated + " allocated.");
    }

    private static long Allocated(Action construct)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            construct();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Connections of DTLS 1.3 that go on by a ticket of the one before.</summary>
[TestClass]
public class ResumptionTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_client_that_comes_back_resumes_with_a_key_agreement_or_by_the_key_alone()
    {
        foreach (bool agrees in new[] { true, false })
        {
            ResumptionBed13 bed = new(agrees ? Bed13.X25519 : Bed13.NoGroup, !agrees);
            bed.Connect();
            Assert.IsFalse(bed.Client.IsResumed);
            Assert.IsTrue(bed.OfClient.Session.HasTicket);
            for (int i = 0; i < 5; i++)
            {
                bed.VerifyResumes("connection " + i);
            }
        }
    }

    [TestMethod]
    public void Each_connection_brings_a_ticket_of_its_own()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        byte[] first = bed.OfClient.Session.Export();
        bed.VerifyResumes();
        CollectionAssert.AreNotEqual(first, bed.OfClient.Session.Export());
    }

    /// <summary>UDP payload of a resumed handshake, until both ends are connected, then the ticket and its ACK; the identity has 8 bytes.</summary>
    [TestMethod]
    public void A_resumed_handshake_takes_so_many_bytes()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        bed.Close();
        bed.TakeSent();
        bed.Connect();
        Assert.AreEqual("281 129 339 161 57 29 144 29", Lengths(bed));
        bed = new ResumptionBed13(Bed13.X25519, false).Connect();
        bed.Close();
        bed.TakeSent();
        bed.Connect();
        Assert.AreEqual("331 129 389 201 57 29 144 29", Lengths(bed));
    }

    [TestMethod]
    public void A_session_goes_through_flash_and_a_restart_of_either_end_with_the_same_keys()
    {
        SharedKeys keys = new();
        ResumptionBed13 bed = new();
        bed.RestartServer(new SessionResumption { TicketKeys = keys });
        bed.Connect();
        byte[] flash = bed.OfClient.Session.Export();
        bed.RestartClient(null, ResumableSession.Import(flash));
        bed.RestartServer(new SessionResumption { TicketKeys = keys });
        bed.VerifyResumes();
    }

    [TestMethod]
    public void Damaged_bytes_of_a_session_are_refused_in_words()
    {
        byte[] flash = new ResumptionBed13().Connect().OfClient.Session.Export();
        ResumableSession.Import(flash);
        for (int i = 0; i < flash.Length; i++)
        {
            byte[] changed = (byte[])flash.Clone();
            changed[i] ^= 0x11;
            Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(changed), "byte " + i);
            Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(flash[..i]), "length " + i);
        }
    }

    [TestMethod]
    public void A_server_with_other_keys_or_none_connects_without_a_word()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        bed.RestartServer();
        bed.VerifyFull("other keys");
        bed.VerifyResumes("its own");
        bed.RestartServer(new SessionResumption { Tickets = false });
        bed.VerifyFull("no tickets");
        Assert.IsNull(bed.OfClient.Session);
        Assert.AreEqual(0L, bed.Bed.Server.Statistics.Retransmissions);
    }

    [TestMethod]
    public void A_ticket_whose_key_has_been_changed_twice_is_not_taken()
    {
        ResumptionBed13 bed = new();
        bed.RestartServer(new SessionResumption { TicketKeys = new RotatingTicketKeys(60) });
        bed.Connect();
        bed.Network.Run(70_000);
        bed.VerifyResumes("one change");
        bed.Network.Run(125_000);
        bed.VerifyFull("two changes");
    }

    [TestMethod]
    public void Neither_end_uses_a_ticket_beyond_its_time()
    {
        ResumptionBed13 bed = new();
        bed.RestartServer(new SessionResumption { Lifetime = 100, MaxAge = 1000, TicketKeys = new SharedKeys() });
        bed.Connect();
        bed.Network.Run(95_000);
        bed.VerifyResumes("in its time");
        ResumableSession old = bed.OfClient.Session;
        bed.Network.Run(101_000);
        bed.VerifyFull("beyond");

        // A client that has lost count offers it, and the server knows.
        bed.RestartClient(null, old);
        bed.VerifyFull("without a count");
    }

    [TestMethod]
    public void A_session_ends_with_its_oldest_handshake()
    {
        ResumptionBed13 bed = new();
        bed.RestartServer(new SessionResumption { Lifetime = 100, MaxAge = 150, TicketKeys = new SharedKeys() });
        bed.Connect();
        bed.Network.Run(90_000);
        bed.VerifyResumes();
        bed.Network.Run(70_000);
        bed.VerifyFull();
    }

    [TestMethod]
    public void A_key_that_was_removed_or_changed_at_either_end_is_asked_for_anew()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        byte[] other = TestBed.Bytes(16, 0x77);
        bed.Bed.Server.Options.Psk.Remove("sensor-1");
        bed.Bed.Server.Options.Psk.Add(other, "sensor-1");
        bed.Bed.Client.Engine.Options.Psk.Remove("sensor-1");
        bed.Bed.Client.Engine.Options.Psk.Add(other, "sensor-1");
        bed.VerifyFull("both");
        bed.VerifyResumes("after that");
        bed.Bed.Server.Options.Psk.Remove("sensor-1");
        bed.Close();
        Assert.IsFalse(Bed13.Connect(bed.Bed), "removed");
        Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.AlertReceived);
    }

    [TestMethod]
    public void Where_the_application_is_asked_for_keys_only_its_word_lets_a_session_go_on()
    {
        foreach (bool hasWord in new[] { false, true })
        {
            ResumptionBed13 bed = new(change: options =>
            {
                options.Psk = null;
                options.AskForPsk = true;
                ((SessionResumption)options.Features[0]).Peers = hasWord ? new AllPeers() : null;
            });
            int asked = 0;
            bed.Network.PskWanted = request =>
            {
                asked += request.IsServer ? 1 : 0;
                if (request.IsServer)
                {
                    CollectionAssert.AreEqual(TestBed.Text("sensor-1"), request.Asked);
                    request.Answer(TestBed.Key);
                }
                else
                {
                    request.Answer(TestBed.Key, TestBed.Text("sensor-1"));
                }
            };
            bed.Connect();
            Assert.AreEqual(hasWord, bed.Reconnect());
            Assert.AreEqual(hasWord ? 1 : 2, asked);

            // The ticket is of another server: the application is asked for the key behind it.
            SharedKeys others = new();
            bed.RestartServer(new SessionResumption { TicketKeys = others }, options =>
            {
                options.Psk = null;
                options.AskForPsk = true;
            });
            Assert.IsFalse(bed.Reconnect());
        }
    }

    [TestMethod]
    public void A_ticket_of_one_version_is_never_taken_in_the_other()
    {
        SharedKeys keys = new();
        ResumptionBed13 bed = new();
        bed.RestartServer(new SessionResumption { TicketKeys = keys });
        bed.Connect();
        ResumableSession of13 = bed.OfClient.Session;

        // The same ends in 1.2: the session is not offered, and where it is, not taken.
        void Take12(DtlsOptions options)
        {
            options.Versions = null;
            options.Suites = PskSuites.Constrained();
        }

        bed.RestartServer(new SessionResumption { TicketKeys = keys }, Take12);
        bed.RestartClient(Take12, of13);
        bed.VerifyFull("1.2");
        Assert.AreEqual(DtlsVersion.Dtls12, bed.Client.Version);
        ResumableSession of12 = bed.OfClient.Session;
        bed.RestartServer(new SessionResumption { TicketKeys = keys });
        bed.RestartClient(null, of12);
        bed.VerifyFull("1.3");
        bed.VerifyResumes("1.3 again");
    }

    [TestMethod]
    public void A_connection_that_fails_takes_its_session_along_and_forged_alerts_take_none()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        byte[] forged = TestBed.Record(ContentType.Alert, 0, 77, Alert.LevelFatal, Alert.HandshakeFailure);
        bed.Network.Inject(true, TestBed.Address, forged, 1);
        bed.Network.Inject(false, TestBed.Address, forged, 1);
        bed.Network.Run(100);
        bed.VerifyResumes("forged alerts");
        ResumableSession kept = bed.OfClient.Session;
        bed.Server.Fail(DtlsError.InternalError);
        bed.Network.Run(100);
        Assert.AreEqual(DtlsError.AlertReceived, bed.Client.LastError);
        Assert.IsNull(bed.OfClient.Session);
        bed.RestartClient(null, kept);
        bed.VerifyFull("the server has not forgotten");
    }

    private static string Lengths(ResumptionBed13 bed)
    {
        return string.Join(" ", bed.Network.Sent.Select(d => d.Bytes.Length));
    }

    private sealed class AllPeers : ResumablePeers
    {
        public override bool MayResume(byte[] pskIdentity, byte[] certificateHash)
        {
            return true;
        }
    }
}

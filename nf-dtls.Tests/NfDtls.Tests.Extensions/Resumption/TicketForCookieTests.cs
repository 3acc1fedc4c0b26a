using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A ticket that names the client's host stands for the cookie, where the server's options say so.</summary>
[TestClass]
public sealed class TicketForCookieTests
{
    [TestMethod]
    public void A_client_that_comes_back_from_the_same_host_begins_at_once()
    {
        ResumptionBed bed = Bed();
        bed.TakeSent();
        bed.Close();
        bed.TakeSent();
        bed.Connect();
        Assert.IsTrue(bed.Client.IsResumed);
        int[] lengths = bed.TakeSent().Select(datagram => datagram.Bytes.Length).ToArray();
        Assert.HasCount(3, lengths);
        Assert.AreEqual(412, lengths.Sum(), string.Join(" ", lengths));
        Assert.AreEqual(1, bed.Bed.Server.Statistics.CookiesSent);
    }

    [TestMethod]
    public void From_another_port_of_the_host_too_but_not_from_another_host()
    {
        ResumptionBed bed = Bed();
        bed.Close();
        Resumes(bed, new byte[] { 192, 0, 99, 7, 0xC0, 1 }, 1);
        Resumes(bed, new byte[] { 192, 0, 2, 7, 0xC0, 2 }, 2);
    }

    [TestMethod]
    public void A_changed_ticket_or_one_that_is_over_proves_nothing()
    {
        ResumptionBed bed = Bed();
        ResumableSession session = bed.OfClient.Session;
        for (int at = 0; at < session.Ticket.Length; at += 5)
        {
            byte[] ticket = (byte[])session.Ticket.Clone();
            ticket[at] ^= 1;
            bed.OfClient.Session = new ResumableSession(session.State.Copy(), session.Id, ticket, session.Lifetime, false);
            int cookies = bed.Bed.Server.Statistics.CookiesSent;
            bed.VerifyFull();
            Assert.AreEqual(cookies + 1, bed.Bed.Server.Statistics.CookiesSent);
        }

        bed.Close();
        bed.Network.Run(90_000_000);
        bed.OfClient.Session = session;
        int before = bed.Bed.Server.Statistics.CookiesSent;
        bed.VerifyFull();
        Assert.AreEqual(before + 1, bed.Bed.Server.Statistics.CookiesSent);
    }

    [TestMethod]
    public void Without_the_option_no_ticket_stands_for_a_cookie()
    {
        ResumptionBed bed = new ResumptionBed(true).Connect();
        bed.VerifyResumes();
        Assert.AreEqual(2, bed.Bed.Server.Statistics.CookiesSent);
    }

    [TestMethod]
    public void Replays_of_such_a_hello_begin_four_handshakes_and_then_one_in_five_seconds()
    {
        ResumptionBed bed = Bed();
        bed.Close();
        bed.TakeSent();
        bed.Connect();
        byte[] hello = bed.TakeSent().First().Bytes;
        bed.Close();
        bed.Network.Run(60_000);
        bed.TakeSent();

        // The attacker takes one source port after the other; the victim never answers.
        DtlsServerEngine server = bed.Bed.Server;
        int failed = server.Statistics.HandshakesFailed;
        long end = bed.Network.Now + 10_000;
        for (int i = 0; bed.Network.Now < end; i++)
        {
            byte[] copy = (byte[])hello.Clone();
            byte[] address = { 192, 0, 2, 7, 0xC0, 1 };
            address[2] = (byte)i;
            address[1] = (byte)(i >> 8);
            bed.Network.Deliver(true, address, copy);
            bed.Network.Run(10);
        }

        bed.Network.Run(60_000);
        int begun = server.Statistics.HandshakesFailed - failed;
        Assert.AreEqual(4 + 1, begun, "handshakes begun by 1,000 replays in 10 s");
        int flights = bed.Network.Sent.Count(datagram => !datagram.ToServer && datagram.FirstMessage == HandshakeType.ServerHello);
        Assert.IsLessThanOrEqualTo(5 * 5, flights, "with all that is repeated in 30 s");
        Assert.AreEqual(0, server.SessionCount);
    }

    private static void Resumes(ResumptionBed bed, byte[] address, int cookies)
    {
        SessionResumption resumption = new SessionResumption { Session = bed.OfClient.Session };
        DtlsOptions options = TestBed.Options(500 + cookies);
        options.Features = new Feature[] { resumption };
        TestClient client = bed.Network.Add(new DtlsClientEngine(options), address);
        client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 10_000));
        Assert.IsTrue(client.Association.IsResumed);
        Assert.AreEqual(cookies, bed.Bed.Server.Statistics.CookiesSent);
    }

    private static ResumptionBed Bed()
    {
        return new ResumptionBed(true, options => options.MaxHandshakes = 32, 1, server => server.TicketsProveAddress = true).Connect();
    }
}

using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Sessions that go on: by ticket and by id, and what is the same and what is new then.</summary>
[TestClass]
public sealed class ResumptionTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_that_comes_back_resumes_its_session_and_again(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        Assert.IsFalse(bed.Client.IsResumed);
        Assert.AreEqual(tickets, bed.OfClient.Session.HasTicket);
        Assert.AreEqual(0xC0A8, bed.OfClient.Session.SuiteId);
        for (int i = 0; i < 5; i++)
        {
            bed.VerifyResumes();
            Assert.AreEqual(tickets, bed.OfClient.Session.HasTicket);
        }

        Assert.AreEqual(6, bed.Bed.Server.Statistics.HandshakesCompleted);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.HandshakesFailed);
        Assert.AreEqual(0, bed.Bed.Client.Engine.Statistics.HandshakesFailed);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_client_sends_last_and_nobody_waits_for_a_timer(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        bed.Close();
        bed.TakeSent();
        long begin = bed.Network.Now;
        bed.Bed.Connect();
        Datagram[] sent = bed.TakeSent().ToArray();
        CollectionAssert.AreEqual(new[] { true, false, true, false, true }, sent.Select(datagram => datagram.ToServer).ToArray());
        Assert.AreEqual(5 * bed.Network.Latency, bed.Network.Now - begin);
        bed.Network.Run(600_000);
        Assert.IsEmpty(bed.TakeSent(), "Somebody repeated something.");
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void A_ticket_goes_to_those_who_ask_and_an_id_to_the_others()
    {
        ResumptionBed bed = new ResumptionBed(true, changeClient: client => client.Tickets = false).Connect();
        Assert.IsFalse(bed.OfClient.Session.HasTicket);
        bed.VerifyResumes();
        bed = new ResumptionBed(true, changeServer: server => server.Tickets = false).Connect();
        Assert.IsFalse(bed.OfClient.Session.HasTicket);
        bed.VerifyResumes();
    }

    [TestMethod]
    public void Without_the_feature_at_either_end_every_handshake_is_full()
    {
        ResumptionBed bed = new ResumptionBed(true);
        bed.ServerOptions.Features = null;
        TestBed plain = new TestBed(bed.ClientOptions, bed.ServerOptions);
        plain.Connect();
        Assert.IsNull(bed.OfClient.Session);
        bed = new ResumptionBed(true);
        bed.ClientOptions.Features = null;
        plain = new TestBed(bed.ClientOptions, bed.ServerOptions);
        plain.Connect();
        plain.Client.Association.Close(0, plain.Network.Now);
        plain.Network.Run(100);
        plain.Connect();
        Assert.IsFalse(plain.Client.Association.IsResumed);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_resumed_session_has_keys_of_its_own(bool tickets)
    {
        Keys keys = new Keys();
        ResumptionBed bed = new ResumptionBed(tickets, options => options.KeyLog = keys).Connect();
        bed.VerifyResumes();
        bed.VerifyResumes();
        Assert.AreEqual(6, keys.Masters.Count, "each end, each time");
        Assert.AreEqual(1, keys.Masters.Distinct().Count(), "one master secret");
        Assert.AreEqual(3, keys.Randoms.Distinct().Count(), "and randoms of their own");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Data_that_overtake_the_clients_last_flight_wait_for_it(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        bed.Close();
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        bool held = false;
        bed.Network.Filter = datagram =>
        {
            // The last flight takes the longer way once.
            if (datagram.ToServer && datagram.Bytes[0] == ContentType.ChangeCipherSpec && !held)
            {
                held = true;
                bed.Network.Inject(true, TestBed.Address, datagram.Bytes, 400);
                return false;
            }

            return true;
        };
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
        bed.Bed.VerifyEcho();
        Assert.IsTrue(bed.Server.IsResumed);
    }

    private sealed class Keys : KeyLog
    {
        internal System.Collections.Generic.List<string> Masters { get; } = new();

        internal System.Collections.Generic.List<string> Randoms { get; } = new();

        public override void Write(byte[] clientRandom, byte[] secret)
        {
            Masters.Add(System.Convert.ToHexString(secret));
            Randoms.Add(System.Convert.ToHexString(clientRandom));
        }
    }
}

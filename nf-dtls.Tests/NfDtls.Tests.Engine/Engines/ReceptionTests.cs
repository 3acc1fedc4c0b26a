using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>Hellos: who may begin, and who makes room for it.</summary>
[TestClass]
public class ReceptionTests
{
    [TestMethod]
    public void A_hello_in_a_record_of_another_version_is_dropped_and_counted()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        byte[] hello = client.Peer.Message(M.ClientHello, client.Peer.ClientHelloBody());
        hello[1] = 3;
        hello[2] = 3;
        client.Send(hello);
        Assert.AreEqual(0, client.Answers);
        Assert.AreEqual(1, server.Statistics.Dropped(DropReason.Version));
    }

    [TestMethod]
    public void Who_begins_again_takes_the_place_of_what_it_had_begun()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        Assert.AreEqual(1, server.HandshakeCount);
        client.Peer.Restart();
        client.Peer.NextMessage = 0;
        client.Peer.Cookie = new byte[0];
        client.Peer.ClientRandom = TestBed.Bytes(32, 99);
        client.Hello();
        Assert.AreEqual(1, server.HandshakeCount);
        Assert.AreEqual(1, server.Statistics.HandshakesFailedWith(DtlsError.Superseded));
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
        Assert.AreEqual(0, server.HandshakeCount);
    }

    [TestMethod]
    public void Who_finds_no_place_is_counted_as_that()
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxSessions = 1;
        options.MaxHandshakes = 1;
        DtlsServerEngine server = new DtlsServerEngine(options);
        new ScriptedClient(server, TestBed.Address).Complete();
        ScriptedClient other = new ScriptedClient(server, TestBed.OtherAddress);
        other.Hello();
        Assert.AreEqual(1, server.Statistics.NoFreeSession);
        Assert.AreEqual(1, server.Statistics.Dropped(DropReason.NoSession));
        Assert.AreEqual((0, 2, Alert.UserCanceled), other.Peer.Alerts.Single());
    }

    [TestMethod]
    public void A_host_with_as_many_as_it_may_have_pushes_out_no_other_host()
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxSessions = 8;
        options.MaxHandshakes = 6;
        options.MaxSessionsPerHost = 2;
        DtlsServerEngine server = new DtlsServerEngine(options);
        long begin = 5_000_000;
        ScriptedClient other = new ScriptedClient(server, CrowdTests.Address(1, 1)) { Now = begin };
        other.Hello();

        // The other has had its time, twice; what the host has begun itself has not.
        long now = begin + (3 * options.RetransmitTimeout);
        for (int port = 1; port <= 3; port++)
        {
            ScriptedClient client = new ScriptedClient(server, CrowdTests.Address(2, port)) { Now = now };
            client.Hello();
            Assert.AreEqual(port <= 2, client.Association != null);
        }

        Assert.IsNotNull(other.Association);
        Assert.AreEqual(3, server.HandshakeCount);
    }
}

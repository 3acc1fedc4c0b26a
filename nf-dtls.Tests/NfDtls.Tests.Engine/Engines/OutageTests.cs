using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>Networks that are gone for a time in the middle of a handshake: whose a hello is comes before what its cookie says.</summary>
[TestClass]
public class OutageTests
{
    private const int Patience = 600_000;

    // Around the 30 s of a server's handshake, the 60 s of a cookie's secret and the 120 s that a cookie holds at most.
    private static readonly int[] Lengths = { 1, 5, 20, 29, 31, 45, 59, 61, 70, 90, 119, 121, 125, 150, 185, 240 };

    [TestMethod]
    [DataRow(0, 1232)]
    [DataRow(0, 150)]
    [DataRow(Patience, 1232)]
    [DataRow(Patience, 150)]
    public void After_an_outage_of_any_length_behind_the_hello_with_its_cookie_the_handshake_completes(int timeout, int mtu)
    {
        foreach (int seconds in Lengths)
        {
            foreach (int age in new[] { 0, 20, 40, 59 })
            {
                TestBed bed = Bed(timeout, mtu, age);
                Cut(bed, seconds, datagram => !datagram.ToServer && datagram.FirstMessage == HandshakeType.ServerHello);
                Completes(bed, seconds + " s, the secret " + age + " s old");
            }
        }
    }

    [TestMethod]
    [DataRow(1232)]
    [DataRow(150)]
    public void After_an_outage_behind_any_datagram_the_handshake_completes_where_the_server_waits_as_long(int mtu)
    {
        int count = Bed(Patience, mtu, 0).Connect().Network.Sent.Count;
        foreach (int seconds in new[] { 3, 61, 70, 125, 180, 240, 300 })
        {
            for (int last = 0; last < count; last++)
            {
                TestBed bed = Bed(Patience, mtu, 30);
                Cut(bed, seconds, datagram => datagram.Number == last);
                Completes(bed, seconds + " s from datagram " + last + " on");
            }
        }
    }

    [TestMethod]
    public void A_repeated_hello_with_an_outdated_cookie_gets_the_flight_again_and_no_cookie()
    {
        ScriptedClient client = Begin(out byte[] hello);
        client.Peer.Received.Clear();
        client.Now += 200_000;
        client.Send(hello);
        CollectionAssert.AreEqual(new[] { HandshakeType.ServerHello, HandshakeType.ServerHelloDone }, client.Peer.Received);
        Assert.AreEqual(1, client.Server.Statistics.CookiesSent);
        Assert.AreEqual(1, client.Server.HandshakeCount);
    }

    [TestMethod]
    public void A_late_copy_of_the_first_hello_gets_no_second_cookie_while_its_handshake_runs()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        byte[] first = client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
        client.Send(first);
        client.SendHello();
        Association running = client.Association!;
        int answers = client.Answers;
        client.Now += 5000;
        client.Send(first);
        Assert.AreEqual(answers, client.Answers);
        Assert.AreSame(running, client.Association);
        Assert.AreEqual(1, server.Statistics.Dropped(DropReason.Duplicate));
    }

    [TestMethod]
    public void A_copy_of_the_hello_of_a_session_is_a_duplicate_however_old_its_cookie()
    {
        TestBed bed = new TestBed().Connect();
        byte[] hello = bed.Network.Sent[2].Bytes;
        int cookies = bed.Server.Statistics.CookiesSent;
        foreach (int minutes in new[] { 0, 1, 3, 10 })
        {
            bed.Network.Run(minutes * 60_000);
            bed.Network.Deliver(true, TestBed.Address, hello);
            bed.Network.Flush();
        }

        Assert.AreEqual(cookies, bed.Server.Statistics.CookiesSent);
        Assert.AreEqual(4, bed.Server.Statistics.Dropped(DropReason.Duplicate));
        Assert.AreEqual(1, bed.Server.SessionCount);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_servers_handshake_ends_after_30_seconds_unless_it_is_told_otherwise()
    {
        foreach ((int timeout, int expected) in new[] { (0, 30_000), (5000, 5000), (100_000, 100_000) })
        {
            foreach (DtlsOptions options in new[] { TestBed.Options(2), Iot() })
            {
                options.HandshakeTimeout = timeout;
                DtlsServerEngine server = new DtlsServerEngine(options);
                ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
                long begun = client.Now;
                while (server.HandshakeCount > 0)
                {
                    client.Now = server.NextDeadline;
                    server.HandleTimeout(client.Now);
                    client.TakeAnswers();
                }

                Assert.AreEqual(expected, client.Now - begun);
                Assert.AreEqual(1, server.Statistics.HandshakesFailedWith(DtlsError.Timeout));
            }
        }
    }

    [TestMethod]
    public void A_client_is_left_to_its_retries()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = _ => false;
        long begun = bed.Network.Now;
        bed.VerifyClientFails(DtlsError.Timeout);
        Assert.AreEqual(363_000, bed.Network.Now - begun);
    }

    private static DtlsOptions Iot()
    {
        DtlsOptions options = DtlsOptions.Iot();
        DtlsOptions other = TestBed.Options(2);
        options.Crypto = other.Crypto;
        options.Suites = other.Suites;
        options.Psk = other.Psk;
        return options;
    }

    /// <summary>A handshake whose server has sent its flight, and the hello that began it.</summary>
    private static ScriptedClient Begin(out byte[] hello)
    {
        DtlsOptions options = TestBed.Options(2);
        options.HandshakeTimeout = Patience;
        ScriptedClient client = new ScriptedClient(new DtlsServerEngine(options), TestBed.Address);
        client.SendHello();
        hello = client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
        client.Send(hello);
        return client;
    }

    /// <summary>A server whose cookies' secret has that many seconds, and a client.</summary>
    private static TestBed Bed(int timeout, int mtu, int age)
    {
        DtlsOptions server = TestBed.Options(1001);
        server.HandshakeTimeout = timeout;
        server.ReceiveSize = 1232;
        DtlsOptions client = TestBed.Options(1);
        client.Mtu = mtu;
        client.ReceiveSize = 1232;
        if (mtu < 200)
        {
            // Long enough for three pieces.
            client.Extensions = new HelloExtension[] { new FillerExtension(0xFF01, 200) };
        }

        TestBed bed = new TestBed(client, server);
        TestClient first = bed.Network.Add(new DtlsClientEngine(TestBed.Options(9)), TestBed.OtherAddress);
        first.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => first.State == AssociationState.Connected, 1000));
        bed.Network.Remove(first);
        bed.Network.Run(age * 1000);
        bed.Network.Sent.Clear();
        return bed;
    }

    /// <summary>From the first such datagram on nothing gets through for that time.</summary>
    private static void Cut(TestBed bed, int seconds, Func<Datagram, bool> from)
    {
        long begun = -1;
        bed.Network.Filter = datagram =>
        {
            if (begun < 0 && from(datagram))
            {
                begun = bed.Network.Now;
            }

            return begun < 0 || bed.Network.Now >= begun + (seconds * 1000);
        };
    }

    private static void Completes(TestBed bed, string what)
    {
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => bed.IsConnected() || bed.Client.State == AssociationState.Closed, Patience);
        Assert.IsTrue(bed.IsConnected(), what + ": client " + bed.Client.State + " " + bed.Client.Association.LastError);
        bed.Network.Filter = null;
        bed.VerifyEcho();
        bed.Network.Settle();
        bed.VerifyPools();
    }
}

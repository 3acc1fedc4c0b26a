using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>What a client makes of a server's first answers, and what is read of a hello.</summary>
[TestClass]
public class HelloTests
{
    [TestMethod]
    public void A_client_shows_four_cookies_and_the_fifth_question_for_one_ends_its_handshake()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = Begin(client);
        for (int asked = 1; asked <= 5; asked++)
        {
            Deliver(client, peer, peer.Message(M.HelloVerifyRequest, new byte[] { 0xFE, 0xFF, 2, 7, (byte)asked }));
            Assert.AreEqual(Math.Min(1 + asked, 5), peer.Received.Count(type => type == M.ClientHello));
        }

        Assert.AreEqual(DtlsError.UnexpectedMessage, client.Association.LastError);
    }

    [TestMethod]
    [DataRow(0xFEFF)]
    [DataRow(0xFEFD)]
    public void A_cookie_may_be_of_any_length_but_must_be_there_whole_with_nothing_behind_it(int version)
    {
        for (int length = 0; length < 256; length += 51)
        {
            byte[] body = new byte[] { (byte)(version >> 8), (byte)version, (byte)length }.Concat(TestBed.Bytes(length, 1)).ToArray();
            DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
            ScriptedPeer peer = Begin(client);
            int hello = peer.NextMessage;
            Deliver(client, peer, peer.Message(M.HelloVerifyRequest, body));
            Assert.AreEqual(2, peer.Received.Count(type => type == M.ClientHello), length.ToString());
            CollectionAssert.AreEqual(body.Skip(3).ToArray(), ((Dtls12Client)client.Association.Handshake.Role).HelloCookie);
            foreach (byte[] wrong in new[] { body.Take(body.Length - 1).ToArray(), body.Append((byte)0).ToArray(), body.Take(2).ToArray() })
            {
                client = new DtlsClientEngine(TestBed.Options(1));
                peer = Begin(client);
                Deliver(client, peer, peer.Message(M.HelloVerifyRequest, wrong));
                Assert.AreEqual(DtlsError.DecodeError, client.Association.LastError);
                Assert.AreEqual(Alert.DecodeError, peer.Alerts.Single().Description);
            }
        }
    }

    [TestMethod]
    [DataRow(false, 0, false)]
    [DataRow(false, 1, true)]
    [DataRow(false, 2, true)]
    [DataRow(true, 0, false)]
    [DataRow(true, 1, false)]
    [DataRow(true, 2, true)]
    public void The_mark_of_a_server_that_could_do_better_ends_the_handshake_of_a_client_that_could_too(bool couldToo, int mark, bool goesOn)
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = Begin(client);
        client.Association.Handshake.Flags |= couldToo ? HandshakeFlags.EarlierOffered : 0;
        TestBed.Text("DOWNGRD").Append((byte)mark).ToArray().CopyTo(peer.ServerRandom, 24);
        Deliver(client, peer, peer.Message(M.ServerHello, peer.ServerHelloBody()));
        Assert.AreEqual(goesOn ? AssociationState.Connecting : AssociationState.Closed, client.Association.State);
        Assert.AreEqual(goesOn ? DtlsError.None : DtlsError.IllegalParameter, client.Association.LastError);
    }

    [TestMethod]
    public void What_stands_behind_the_list_of_suites_is_none_of_them()
    {
        byte[] body = new ScriptedPeer(false) { Suites = new byte[] { 1, 2, 3, 4, 5, 6 }, Compressions = new byte[] { 0 } }.ClientHelloBody();
        WireReader reader = new WireReader();
        reader.Reset(body, 0, body.Length);
        ClientHello hello = new ClientHello();
        Assert.AreEqual(DtlsError.None, hello.Read(reader));
        foreach (int suite in new[] { 0x0102, 0x0304, 0x0506 })
        {
            Assert.IsTrue(hello.Offers(body, suite));
        }

        // Its length before it, the methods of compression behind it, and what stands across two.
        foreach (int suite in new[] { 0x0006, 0x0100, 0x0203, 0x0405 })
        {
            Assert.IsFalse(hello.Offers(body, suite));
        }
    }

    [TestMethod]
    public void The_extension_that_must_be_last_is_last_wherever_it_was_added()
    {
        for (int at = 0; at < 4; at++)
        {
            DtlsOptions options = TestBed.Options(1);
            options.Extensions = new HelloExtension[4];
            for (int i = 0; i < 4; i++)
            {
                options.Extensions[i] = new FillerExtension(i == at ? ExtensionBlock.LastType : 100 + i, 1);
            }

            VersionTable none = new VersionTable();
            HelloExtension[] gathered = ExtensionBlock.Gather(options, none);
            Assert.AreEqual(4, gathered.Length);
            Assert.AreSame(options.Extensions[at], gathered[3]);
            CollectionAssert.AreEquivalent(options.Extensions, gathered);
        }
    }

    [TestMethod]
    public void More_extensions_than_a_set_has_bits_are_refused_in_words()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Extensions = Enumerable.Range(0, 31).Select(i => new FillerExtension(1000 + i, 1)).ToArray();
        Assert.AreEqual(31, ExtensionBlock.Gather(options, new VersionTable()).Length);
        options.Extensions = options.Extensions.Append(new FillerExtension(1500, 1)).ToArray();
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => ExtensionBlock.Gather(options, new VersionTable()));
        StringAssert.Contains(refused.Message, "may have 28 extensions");
    }

    private static ScriptedPeer Begin(DtlsClientEngine client)
    {
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Drain(client, peer);
        return peer;
    }

    private static void Deliver(DtlsClientEngine client, ScriptedPeer peer, byte[] datagram)
    {
        client.HandleDatagram(datagram, 0, datagram.Length, 0);
        Drain(client, peer);
    }

    private static void Drain(DtlsClientEngine client, ScriptedPeer peer)
    {
        for (Packet packet = client.PollDatagram(0); packet != null; packet = client.PollDatagram(0))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
        }
    }
}

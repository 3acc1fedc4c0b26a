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
            foreach (byte[] wrong in new[] { body.Take(body.Length - 1).ToArray(), body.Append((byte)0).ToArray(), body.Take(2).ToArray(), new byte[0], new byte[] { 0xFE, 0xFF, 255 } })
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
    public void Hellos_go_out_as_records_of_dtls_1_0_which_any_server_reads()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        for (int i = 0; i < 2; i++)
        {
            Packet packet = client.PollDatagram(0);
            byte[] hello = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            CollectionAssert.AreEqual(new byte[] { 22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, (byte)i }, hello.Take(11).ToArray());
            CollectionAssert.AreEqual(new byte[] { 0xFE, 0xFD }, hello.Skip(25).Take(2).ToArray());
            byte[] question = peer.Message(M.HelloVerifyRequest, new byte[] { 0xFE, 0xFF, 1, 7 });
            client.HandleDatagram(question, 0, question.Length, 0);
        }
    }

    [TestMethod]
    [DataRow(0xC0, 0xA8, false)]
    [DataRow(0x00, 0xAE, true)]
    public void Encrypt_then_mac_is_agreed_on_for_a_suite_that_has_both_and_for_no_other(int high, int low, bool isAgreedOn)
    {
        DtlsOptions options = TestBed.Options(1);
        options.Suites = PskSuites.All();
        options.CookieExchange = false;
        NfDtls.Server.DtlsServerEngine server = new NfDtls.Server.DtlsServerEngine(options);
        ScriptedPeer peer = new ScriptedPeer(false) { Suites = new[] { (byte)high, (byte)low, (byte)0, (byte)255 }, Extensions = new byte[] { 0, 4, 0, 22, 0, 0 } };
        byte[] hello = peer.Message(M.ClientHello, peer.ClientHelloBody());
        server.HandleDatagram(hello, 0, hello.Length, TestBed.Address, TestBed.Address.Length, 0);
        Packet packet = server.PollDatagram(0);
        byte[] answer = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        int session = answer[25 + 34];
        byte[] chosen = answer.AsSpan(25 + 35 + session, 2).ToArray();
        CollectionAssert.AreEqual(new[] { (byte)high, (byte)low }, chosen);
        Assert.AreEqual(isAgreedOn, answer.AsSpan(25 + 35 + session + 3).IndexOf(new byte[] { 0, 22, 0, 0 }) >= 0);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(0)]
    public void A_key_exchange_that_yields_nothing_ends_the_handshake_and_no_key_is_derived(int length)
    {
        DtlsOptions options = TestBed.Options(1);
        options.Suites = TestBed.Only(new CipherSuite(0xC0A8, "nothing", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256, new NothingFactory(length)));
        DtlsClientEngine client = new DtlsClientEngine(options);
        ScriptedPeer peer = Begin(client);
        Deliver(client, peer, peer.Message(M.ServerHello, peer.ServerHelloBody()));
        Deliver(client, peer, peer.Message(M.ServerHelloDone, new byte[0]));
        Assert.AreEqual(length < 0 ? AssociationState.Closed : AssociationState.Connecting, client.Association.State);
        Assert.AreEqual(length < 0 ? DtlsError.InternalError : DtlsError.None, client.Association.LastError);
        Assert.IsNull(client.TakeFailure());
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
    public void A_hello_whose_session_id_is_too_long_or_that_ends_before_its_methods_is_none()
    {
        foreach (int length in new[] { 0, 31, 32, 33, 255 })
        {
            byte[] body = new ScriptedPeer(false) { SessionId = TestBed.Bytes(length, 1) }.ClientHelloBody();
            Assert.AreEqual(length <= 32 ? DtlsError.None : DtlsError.DecodeError, Read(body), length.ToString());
            for (int cut = 1; cut < body.Length; cut++)
            {
                Assert.AreEqual(DtlsError.DecodeError, Read(body.Take(body.Length - cut).ToArray()), length + ", " + cut);
            }
        }

        static DtlsError Read(byte[] body)
        {
            WireReader reader = new WireReader();
            reader.Reset(body, 0, body.Length);
            return new ClientHello().Read(reader);
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

    /// <summary>Agrees on nothing, or on nothing at all.</summary>
    private sealed class NothingFactory : KeyExchangeFactory
    {
        private readonly int _length;

        internal NothingFactory(int length)
        {
            _length = length;
        }

        public override KeyExchange Create()
        {
            return new Nothing(_length);
        }
    }

    private sealed class Nothing : KeyExchange
    {
        private readonly int _length;

        internal Nothing(int length)
        {
            _length = length;
        }

        public override int Flags
        {
            get { return 0; }
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt16(0);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return DtlsError.None;
        }

        public override int WritePremasterSecret(byte[] destination, int offset, int count)
        {
            return _length;
        }
    }
}

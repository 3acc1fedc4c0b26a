using System;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Connections of DTLS 1.3 with certificates or raw public keys that go on by a ticket, and what that is bound to.</summary>
[TestClass]
public class ResumptionTests13
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, ClientCertificates.None)]
    [DataRow(false, ClientCertificates.Request)]
    [DataRow(true, ClientCertificates.Request)]
    [DataRow(true, ClientCertificates.Require)]
    public void A_connection_with_certificates_goes_on_without_them(bool mutual, ClientCertificates clients)
    {
        Pair pair = new Pair(mutual, clients);
        pair.VerifyFull();
        pair.VerifyPeers();
        for (int i = 0; i < 3; i++)
        {
            pair.VerifyResumes();
            Assert.IsNull(pair.Client.PeerCertificates);
            Assert.IsNull(pair.Server.PeerCertificates);
            Assert.IsNull(pair.Server.PskIdentity);
            pair.VerifyPeers();
        }
    }

    [TestMethod]
    [DataRow(0x1301)]
    [DataRow(0x1302)]
    [DataRow(0x1305)]
    public void Suites_of_either_hash_resume(int suite)
    {
        Pair pair = new Pair(true, change: options => options.Suites = TestBed.Only(Setup13.All().Find(suite)));
        pair.VerifyFull();
        pair.VerifyResumes();
        Assert.AreEqual(suite, pair.Client.Suite.Id);
    }

    [TestMethod]
    public void A_session_goes_on_in_another_suite_of_its_hash_and_not_in_one_of_another()
    {
        Pair pair = new Pair(true);
        pair.VerifyFull();
        Assert.AreEqual(0x1301, pair.Client.Suite.Id);
        pair.RestartServer(options => options.Suites = TestBed.Only(Setup13.All().Find(0x1303)).Add(Setup13.All().Find(0x1301)));
        pair.VerifyResumes();
        Assert.AreEqual(0x1303, pair.Client.Suite.Id);
        pair.RestartServer(options => options.Suites = TestBed.Only(Setup13.All().Find(0x1302)));
        pair.VerifyFull();
        Assert.AreEqual(0x1302, pair.Client.Suite.Id);
        pair.VerifyResumes();
        pair.RestartServer(options => options.Suites = TestBed.Only(Setup13.All().Find(0x1303)));
        pair.VerifyFull();
    }

    [TestMethod]
    public void Sessions_go_through_flash_and_a_restart_of_both_ends()
    {
        Pair pair = new Pair(true);
        pair.VerifyFull();
        byte[] flash = pair.OfClient.Session.Export();
        pair.RestartServer();
        pair.RestartClient(session: ResumableSession.Import(flash));
        pair.VerifyResumes();
        pair.VerifyPeers();
    }

    [TestMethod]
    [DataRow(ClientCertificates.None, ClientCertificates.Require)]
    [DataRow(ClientCertificates.Request, ClientCertificates.None)]
    [DataRow(ClientCertificates.Require, ClientCertificates.None)]
    public void Another_wish_for_the_clients_certificate_means_a_full_handshake(ClientCertificates first, ClientCertificates then)
    {
        Pair pair = new Pair(true, first);
        pair.VerifyFull();
        pair.VerifyResumes();
        pair.RestartServer(options => options.ClientCertificates = then);
        pair.VerifyFull();
        Assert.AreEqual(then == ClientCertificates.Require, pair.OfServer.PeerCertificateHash(pair.Server) != null);
        pair.VerifyResumes();
    }

    [TestMethod]
    public void A_client_that_has_shown_nothing_must_show_something_once_that_is_required()
    {
        Pair pair = new Pair(false, ClientCertificates.Request);
        pair.VerifyFull();
        pair.RestartServer(options => options.ClientCertificates = ClientCertificates.Require);
        pair.Close();
        Assert.AreEqual(Alert.CertificateRequired, HandshakeTests13.AlertToClient(pair.Bed));
    }

    [TestMethod]
    public void Another_name_or_another_check_of_it_means_a_full_handshake()
    {
        Pair pair = new Pair(false, ClientCertificates.None);
        pair.VerifyFull();
        pair.VerifyResumes();
        pair.RestartClient(options => options.NameCheck = NameCheck.None);
        pair.VerifyFull();
        pair.VerifyResumes();
        pair.RestartClient(options =>
        {
            options.NameCheck = NameCheck.None;
            options.ServerName = "other.example.com";
        });
        pair.VerifyFull();
        pair.VerifyResumes();
    }

    [TestMethod]
    public void Another_protocol_means_a_full_handshake()
    {
        Pair pair = new Pair(true, more: () => new ApplicationProtocols(["coap"]));
        pair.VerifyFull();
        pair.VerifyResumes();
        Assert.AreEqual("coap", pair.Client.ApplicationProtocol);
        pair.RestartClient(more: () => new ApplicationProtocols(["h2", "coap"]));
        pair.VerifyFull();
        pair.VerifyResumes();
    }

    [TestMethod]
    public void A_certificate_that_has_ended_ends_its_sessions()
    {
        Clock clock = new Clock { Seconds = CertificateSpec.Now.ToUnixTimeSeconds() };
        DateTimeOffset end = CertificateSpec.Now.AddSeconds(500);
        Identity brief = Identity.With(spec => spec.NotAfter = end);

        // The server's, to the client.
        Pair pair = new Pair(false, ClientCertificates.None, server: brief);
        pair.OfClient.Clock = clock;
        pair.VerifyFull();
        clock.Seconds += 400;
        pair.VerifyResumes();
        clock.Seconds += 99;
        pair.VerifyResumes();
        clock.Seconds += 2;
        pair.VerifyFull();

        // The client's, to the server: no ticket that it gives holds longer, in however many connections.
        clock.Seconds -= 501;
        pair = new Pair(true, client: brief);
        pair.OfServer.Clock = clock;
        pair.VerifyFull();
        clock.Seconds += 400;
        pair.VerifyResumes();
        clock.Seconds += 99;
        pair.VerifyResumes();
        clock.Seconds += 2;
        pair.VerifyFull();
    }

    [TestMethod]
    public void A_revoked_client_does_not_resume()
    {
        Revoked revoked = new Revoked();
        Pair pair = new Pair(true);
        pair.OfServer.Peers = revoked;
        pair.VerifyFull();
        pair.VerifyResumes();
        revoked.Hash = SHA256.HashData(s_client.End.Der);
        pair.VerifyFull();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Whoever_trusts_others_than_before_wants_a_full_handshake(bool isServer)
    {
        Pair pair = new Pair(true);
        CertificateStore store = isServer ? pair.ServerStore : pair.ClientStore;
        pair.VerifyFull();
        pair.VerifyResumes();

        // More of the own is no other trust.
        Identity.Under("more", "more").AddLocalTo(store);
        pair.VerifyResumes();
        int id = Identity.Under("another root").TrustIn(store);
        pair.VerifyFull();
        pair.VerifyResumes();
        store.Remove(id);
        pair.VerifyFull();
        id = store.AddPin(SHA256.HashData((isServer ? s_client : s_server).End.Key.PublicInfo));
        pair.VerifyFull();
        pair.VerifyResumes();
        store.Remove(id);
        store.AddCrl(TestCa.Crl(s_server.Root, [], CertificateSpec.Now.AddDays(-1), CertificateSpec.Now.AddDays(1)));
        pair.VerifyFull();
        pair.VerifyResumes();
        store.TimeCheck = TimeCheck.WhenKnown;
        pair.VerifyFull();
        pair.VerifyResumes();
    }

    [TestMethod]
    public void A_client_whose_authority_is_trusted_no_more_does_not_come_back_by_its_ticket()
    {
        Pair pair = new Pair(true);
        pair.VerifyFull();
        pair.VerifyResumes();
        pair.ServerStore.RemoveByName("root");
        Identity.Under("another root").TrustIn(pair.ServerStore);
        pair.Close();

        // It has nothing to show of the authority that is asked for now.
        Assert.AreEqual(Alert.CertificateRequired, HandshakeTests13.AlertToClient(pair.Bed));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Raw_keys_resume_while_they_are_trusted_whoever_else_is(bool mutual)
    {
        RawKeyStore serverKeys = new RawKeyStore();
        RawKeyStore clientKeys = new RawKeyStore();
        serverKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out byte[] serverInfo));
        StoredPrivateKey own = Setup.RawKey(CaKeyKind.P256, out byte[] clientInfo);
        if (mutual)
        {
            clientKeys.AddLocal(own);
        }

        serverKeys.AddTrusted(clientInfo);
        clientKeys.AddTrusted(serverInfo);
        Pair pair = new Pair(Setup13.Raw(clientKeys, false), Setup13.Raw(serverKeys, true, ClientCertificates.Request));
        pair.VerifyFull();
        pair.VerifyResumes();
        CollectionAssert.AreEqual(SHA256.HashData(serverInfo), pair.OfClient.PeerCertificateHash(pair.Client));
        CollectionAssert.AreEqual(mutual ? SHA256.HashData(clientInfo) : null, pair.OfServer.PeerCertificateHash(pair.Server));

        // Another device is known from now on: that is nothing to this one.
        Setup.RawKey(CaKeyKind.P256, out byte[] other);
        serverKeys.AddTrusted(other);
        clientKeys.AddTrusted(other);
        pair.VerifyResumes();
        serverKeys.RemoveTrusted(clientInfo);
        if (mutual)
        {
            pair.Close();
            Assert.AreNotEqual(DtlsError.None, HandshakeTests13.ErrorOfClient(pair.Bed, 5_000));
            Assert.IsNull(pair.Bed.ServerAssociation);
        }
        else
        {
            pair.VerifyResumes();
            clientKeys.RemoveTrusted(serverInfo);
            pair.Close();
            Assert.AreEqual(DtlsError.UnknownCa, HandshakeTests13.ErrorOfClient(pair.Bed));
        }
    }

    [TestMethod]
    public void Every_one_lost_datagram_of_a_resumed_handshake_is_made_good()
    {
        int count = 0;
        for (int lost = -1; lost <= count; lost++)
        {
            Pair pair = new Pair(true);
            pair.VerifyFull();
            pair.Close();
            int before = pair.Bed.Network.Sent.Count;
            int sent = 0;
            pair.Bed.Network.Filter = _ => sent++ != lost;
            pair.Bed.Connect();
            count = lost < 0 ? pair.Bed.Network.Sent.Count - before : count;
            pair.Bed.Network.Filter = null;
            Assert.IsTrue(pair.Client.IsResumed && pair.Server.IsResumed, "lost " + lost);
            pair.Bed.VerifyEcho();
        }

        Assert.IsGreaterThanOrEqualTo(6, count);
    }

    [TestMethod]
    public void Connections_with_certificates_are_resumed_over_a_bad_network()
    {
        for (int seed = 1; seed <= 25; seed++)
        {
            Pair pair = new Pair(true, seed: seed, change: options =>
            {
                options.MaxRetransmits = 12;
                options.HandshakeTimeout = 7_200_000;
            });
            Spoil(pair.Bed.Network, 0.2);
            pair.Bed.Connect();
            Spoil(pair.Bed.Network, 0);

            // What is still on its way comes, the ticket and its ACK among it.
            pair.Bed.Network.Run(10_000);
            pair.Close();
            Spoil(pair.Bed.Network, 0.2);
            pair.Bed.Connect();
            Spoil(pair.Bed.Network, 0);
            Assert.IsTrue(pair.Client.IsResumed && pair.Server.IsResumed, "seed " + seed);
            pair.Bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void A_resumed_handshake_costs_a_fraction_of_one_with_certificates()
    {
        Pair pair = new Pair(true);
        pair.Bed.Network.Sent.Clear();
        pair.Bed.Connect();
        int[] full = pair.Bed.Network.Sent.Select(datagram => datagram.Bytes.Length).ToArray();
        pair.Bed.Network.Run(1000);
        pair.Close();
        pair.Bed.Network.Sent.Clear();
        pair.Bed.Connect();
        int[] resumed = pair.Bed.Network.Sent.Select(datagram => datagram.Bytes.Length).ToArray();
        TestContext.WriteLine("Certificates of both: " + full.Sum() + " bytes (" + string.Join(", ", full) + "), resumed " + resumed.Sum() + " (" + string.Join(", ", resumed) + ").");
        Assert.IsTrue(pair.Client.IsResumed);
        Assert.IsLessThan(full.Sum() * 2 / 3, resumed.Sum());
    }

    private static void Spoil(VirtualNetwork network, double chance)
    {
        network.Drop = chance;
        network.Duplicate = chance;
        network.Delay = chance;
    }

    private sealed class Pair
    {
        private readonly TicketKeys _keys = new RotatingTicketKeys(86_400);
        private readonly Identity _serverIdentity;
        private readonly Identity _clientIdentity;
        private readonly ClientCertificates _clients;
        private readonly bool _mutual;

        internal Pair(
            bool mutual, ClientCertificates clients = ClientCertificates.Require, Action<DtlsOptions>? change = null, Identity? server = null, Identity? client = null,
            Func<Feature>? more = null, int seed = 1)
        {
            _mutual = mutual;
            _clients = clients;
            _serverIdentity = server ?? s_server;
            _clientIdentity = client ?? s_client;
            ClientStore = Setup.Store(mutual ? _clientIdentity : null, _serverIdentity);
            ServerStore = Setup.Store(_serverIdentity, _clientIdentity);
            Bed = new TestBed(ClientOptions(change, null, more), ServerOptions(change, more), seed);
        }

        internal Pair(DtlsOptions client, DtlsOptions server)
        {
            _serverIdentity = s_server;
            _clientIdentity = s_client;
            ClientStore = Setup.Store(null);
            ServerStore = Setup.Store(null);
            client.Features = [OfClient];
            OfServer = Resumption();
            server.Features = [OfServer];
            Bed = new TestBed(client, server);
        }

        internal TestBed Bed { get; private set; }

        internal CertificateStore ClientStore { get; }

        internal CertificateStore ServerStore { get; }

        internal SessionResumption OfClient { get; private set; } = new SessionResumption();

        internal SessionResumption OfServer { get; private set; } = new SessionResumption();

        internal Association Client => Bed.Client.Association;

        internal Association Server => Bed.ServerAssociation!;

        internal void VerifyFull()
        {
            Connect();
            Assert.IsFalse(Client.IsResumed || Server.IsResumed, "It was resumed.");
        }

        internal void VerifyResumes()
        {
            Connect();
            Assert.IsTrue(Client.IsResumed && Server.IsResumed, "It was a full handshake.");
        }

        internal void VerifyPeers()
        {
            CollectionAssert.AreEqual(SHA256.HashData(_serverIdentity.End.Der), OfClient.PeerCertificateHash(Client));
            bool shows = _mutual && _clients != ClientCertificates.None;
            CollectionAssert.AreEqual(shows ? SHA256.HashData(_clientIdentity.End.Der) : null, OfServer.PeerCertificateHash(Server));
        }

        internal void Close()
        {
            if (Client.State == AssociationState.Connected)
            {
                Client.Close(0, Bed.Network.Now);
            }

            Bed.Network.Run(100);
        }

        internal void RestartServer(Action<DtlsOptions>? change = null)
        {
            Close();
            Bed = Bed.With(new DtlsServerEngine(ServerOptions(change, null)), Bed.Client.Engine);
        }

        internal void RestartClient(Action<DtlsOptions>? change = null, ResumableSession? session = null, Func<Feature>? more = null)
        {
            Close();
            Bed.Network.Remove(Bed.Client);
            Bed = Bed.With(Bed.Server, new DtlsClientEngine(ClientOptions(change, session ?? OfClient.Session, more)));
        }

        private void Connect()
        {
            Close();
            Bed.Connect();
            Bed.VerifyEcho();

            // The ticket and its ACK.
            Bed.Network.Run(100);
        }

        private SessionResumption Resumption()
        {
            return new SessionResumption { TicketKeys = _keys };
        }

        private DtlsOptions ClientOptions(Action<DtlsOptions>? change, ResumableSession? session, Func<Feature>? more)
        {
            DtlsOptions options = Setup13.Client(ClientStore);
            change?.Invoke(options);
            OfClient = new SessionResumption { Session = session };
            options.Features = more == null ? [OfClient] : [OfClient, more()];
            return options;
        }

        private DtlsOptions ServerOptions(Action<DtlsOptions>? change, Func<Feature>? more)
        {
            DtlsOptions options = Setup13.Server(ServerStore, _clients);
            change?.Invoke(options);
            OfServer = Resumption();
            options.Features = more == null ? [OfServer] : [OfServer, more()];
            return options;
        }
    }

    private sealed class Clock : SessionClock
    {
        internal long Seconds { get; set; }

        public override long UtcSeconds => Seconds;
    }

    private sealed class Revoked : ResumablePeers
    {
        internal byte[]? Hash { get; set; }

        public override bool MayResume(byte[] pskIdentity, byte[] certificateHash)
        {
            Assert.IsNull(pskIdentity);
            return Hash == null || !Hash.AsSpan().SequenceEqual(certificateHash);
        }
    }
}

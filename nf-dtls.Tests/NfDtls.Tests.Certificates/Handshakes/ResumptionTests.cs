using System;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Sessions with certificates and raw public keys that are resumed, and what they are bound to.</summary>
[TestClass]
public class ResumptionTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void A_session_with_certificates_goes_on_without_them(bool tickets, bool mutual)
    {
        Pair pair = new Pair(tickets, mutual);
        pair.VerifyFull();
        Assert.IsNotNull(pair.Client.PeerCertificates);
        pair.VerifyPeers();
        pair.VerifyResumes();
        Assert.IsNull(pair.Client.PeerCertificates);
        pair.VerifyPeers();
        pair.VerifyResumes();
        pair.VerifyPeers();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Peers_are_told_again_where_their_certificates_are_not_kept(bool tickets)
    {
        Pair pair = new Pair(tickets, true, options => options.KeepPeerCertificates = false);
        pair.VerifyFull();
        Assert.IsNull(pair.Client.PeerCertificates);
        Assert.IsNull(pair.Server.PeerCertificates);
        pair.VerifyPeers();
        pair.VerifyResumes();
        pair.VerifyPeers();
    }

    [TestMethod]
    [DataRow(ClientCertificates.None, ClientCertificates.Require)]
    [DataRow(ClientCertificates.Require, ClientCertificates.None)]
    public void Another_wish_for_the_clients_certificate_means_a_full_handshake(ClientCertificates first, ClientCertificates then)
    {
        foreach (bool tickets in new[] { false, true })
        {
            Pair pair = new Pair(tickets, true);
            pair.RestartServer(options => options.ClientCertificates = first);
            pair.VerifyFull();
            pair.VerifyResumes();
            pair.RestartServer(options => options.ClientCertificates = then);
            pair.VerifyFull();
            Assert.AreEqual(then == ClientCertificates.Require, pair.OfServer.PeerCertificateHash(pair.Server) != null);
            pair.VerifyResumes();
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_certificate_that_has_ended_ends_its_sessions(bool tickets)
    {
        Clock clock = new Clock { Seconds = CertificateSpec.Now.ToUnixTimeSeconds() };
        DateTimeOffset end = CertificateSpec.Now.AddSeconds(500);
        Identity brief = Identity.With(spec => spec.NotAfter = end);

        // The server's, to the client.
        Pair pair = new Pair(tickets, false, null, brief, s_client);
        pair.OfClient.Clock = clock;
        pair.VerifyFull();
        clock.Seconds += 499;
        pair.VerifyResumes();
        clock.Seconds += 2;
        pair.VerifyFull();

        // The client's, to the server.
        clock.Seconds -= 501;
        pair = new Pair(tickets, true, null, s_server, brief);
        pair.OfServer.Clock = clock;
        pair.VerifyFull();
        clock.Seconds += 400;
        pair.VerifyResumes();
        clock.Seconds += 101;
        pair.VerifyFull();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_revoked_client_does_not_resume(bool tickets)
    {
        Revoked revoked = new Revoked();
        Pair pair = new Pair(tickets, true);
        pair.OfServer.Peers = revoked;
        pair.VerifyFull();
        pair.VerifyResumes();
        revoked.Hash = SHA256.HashData(s_client.End.Der);
        pair.VerifyFull();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Another_name_or_another_check_of_it_means_a_full_handshake(bool tickets)
    {
        Pair pair = new Pair(tickets, false);
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

        // An address is not sent, and yet the server is that one.
        pair.RestartClient(options =>
        {
            options.NameCheck = NameCheck.None;
            options.ServerName = "192.0.2.9";
        });
        pair.VerifyFull();
        pair.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Whoever_trusts_others_than_before_wants_a_full_handshake(bool tickets)
    {
        Pair pair = new Pair(tickets, true);
        CertificateStore more = Setup.Store(s_server, s_client, Identity.Under("another root"));
        pair.VerifyFull();
        pair.VerifyResumes();
        pair.RestartServer(options =>
        {
            options.ClientCertificates = ClientCertificates.Require;
            options.Authenticator = new CertificateAuthenticator(more);
        });
        pair.VerifyFull();
        pair.VerifyResumes();
        more = Setup.Store(s_client, s_server);
        pair.RestartClient(options => options.Authenticator = new CertificateAuthenticator(more));
        pair.VerifyResumes();
        more.AddPin(SHA256.HashData(s_server.End.Key.PublicInfo));
        pair.VerifyFull();
        pair.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Raw_public_keys_of_both_resume(bool tickets)
    {
        RawKeyStore serverKeys = new RawKeyStore();
        RawKeyStore clientKeys = new RawKeyStore();
        serverKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out byte[] serverInfo));
        clientKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out byte[] clientInfo));
        serverKeys.AddTrusted(clientInfo);
        clientKeys.AddTrusted(serverInfo);
        DtlsOptions client = Setup.Options(EcdheSuites.RawKeys());
        client.Authenticator = new CredentialAuthenticator(new CredentialSource[] { clientKeys });
        DtlsOptions server = Setup.Options(EcdheSuites.RawKeys());
        server.Authenticator = new CredentialAuthenticator(new CredentialSource[] { serverKeys });
        server.ClientCertificates = ClientCertificates.Require;
        Pair pair = new Pair(tickets, client, server);
        pair.VerifyFull();
        for (int i = 0; i < 2; i++)
        {
            pair.VerifyResumes();
            CollectionAssert.AreEqual(SHA256.HashData(serverInfo), pair.OfClient.PeerCertificateHash(pair.Client));
            CollectionAssert.AreEqual(SHA256.HashData(clientInfo), pair.OfServer.PeerCertificateHash(pair.Server));
        }

        // A key more is nothing to the others; one that is gone is not let in by what it was given.
        Setup.RawKey(CaKeyKind.P256, out byte[] other);
        serverKeys.AddTrusted(other);
        pair.VerifyResumes();
        serverKeys.RemoveTrusted(clientInfo);
        pair.Close();
        pair.Bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(0, pair.Bed.Server.SessionCount);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Every_single_lost_datagram_of_a_resumed_handshake_is_made_good(bool tickets)
    {
        int count = 0;
        for (int lost = -1; lost <= count; lost++)
        {
            Pair pair = new Pair(tickets, true);
            pair.VerifyFull();
            pair.Close();
            int before = pair.Bed.Network.Sent.Count;
            int sent = 0;
            pair.Bed.Network.Filter = _ => sent++ != lost;
            pair.Bed.Connect();
            count = lost < 0 ? pair.Bed.Network.Sent.Count - before : count;
            pair.Bed.Network.Filter = null;
            Assert.IsTrue(pair.Client.IsResumed && pair.Server.IsResumed);
            pair.Bed.VerifyEcho();
        }

        Assert.IsGreaterThanOrEqualTo(5, count);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Sessions_with_certificates_are_resumed_over_a_bad_network(bool tickets)
    {
        for (int seed = 1; seed <= 25; seed++)
        {
            Pair pair = new Pair(tickets, true, options =>
            {
                options.MaxRetransmits = 12;
                options.HandshakeTimeout = 7_200_000;
            });
            Spoil(pair.Bed.Network, 0.2);
            pair.Bed.Connect();
            Spoil(pair.Bed.Network, 0);
            pair.Bed.Network.Run(10_000);
            pair.Close();
            Spoil(pair.Bed.Network, 0.2);
            pair.Bed.Connect();
            Spoil(pair.Bed.Network, 0);
            Assert.IsTrue(pair.Client.IsResumed && pair.Server.IsResumed);
            pair.Bed.VerifyEcho();
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_resumed_session_with_certificates_is_renegotiated_with_the_same_peer(bool tickets)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Constrained(), Setup.Store(s_client, s_server));
        DtlsOptions server = Setup.Server(CertificateSuites.Constrained(), Setup.Store(s_server, s_client), ClientCertificates.Require);
        Pair pair = new Pair(tickets, client, server, new Renegotiation { AllowPeer = true }, new Renegotiation { AllowPeer = true });
        pair.VerifyFull();
        pair.VerifyResumes();
        pair.Bed.Client.Engine.Renegotiate(pair.Client, pair.Bed.Network.Now);
        Assert.IsTrue(pair.Bed.Network.Run(() => pair.Client.PeerCertificates != null && pair.Server.PeerCertificates != null, 60_000));
        pair.Bed.VerifyEcho();
    }

    [TestMethod]
    [DataRow(false, 1850, 640)]
    [DataRow(true, 1850, 640)]
    public void A_resumed_handshake_costs_a_fraction_of_one_with_certificates(bool tickets, int fullAtLeast, int resumedAtMost)
    {
        Pair pair = new Pair(tickets, true);
        pair.Bed.Network.Sent.Clear();
        pair.VerifyFull(false);
        int full = pair.Bed.Network.Sent.Sum(datagram => datagram.Bytes.Length);
        pair.Close();
        pair.Bed.Network.Sent.Clear();
        pair.Bed.Connect();
        int[] lengths = pair.Bed.Network.Sent.Select(datagram => datagram.Bytes.Length).ToArray();
        TestContext.WriteLine("ECDHE_ECDSA, certificates of both, " + (tickets ? "a ticket" : "an id") + ": " + lengths.Sum() + " bytes (" + string.Join(", ", lengths) + "); the full handshake had " + full + ".");
        Assert.IsGreaterThan(fullAtLeast, full);
        Assert.IsLessThan(resumedAtMost + (tickets ? 400 : 0), lengths.Sum());
    }

    private static void Spoil(VirtualNetwork network, double chance)
    {
        network.Drop = chance;
        network.Duplicate = chance;
        network.Delay = chance;
    }

    private sealed class Pair
    {
        private readonly Identity _serverIdentity;
        private readonly Identity _clientIdentity;
        private readonly bool _tickets;
        private readonly TicketKeys _keys = new RotatingTicketKeys(86_400);
        private readonly MemorySessionStore _store = new MemorySessionStore(8);

        internal Pair(bool tickets, bool mutual, Action<DtlsOptions>? change = null, Identity? server = null, Identity? client = null)
        {
            _tickets = tickets;
            _serverIdentity = server ?? s_server;
            _clientIdentity = client ?? s_client;
            DtlsOptions clientOptions = ClientOptions();
            DtlsOptions serverOptions = ServerOptions();
            serverOptions.ClientCertificates = mutual ? ClientCertificates.Require : ClientCertificates.None;
            change?.Invoke(clientOptions);
            change?.Invoke(serverOptions);
            OfClient = new SessionResumption { Tickets = tickets };
            OfServer = Resumption();
            clientOptions.Features = new Feature[] { OfClient };
            serverOptions.Features = new Feature[] { OfServer };
            Bed = new TestBed(clientOptions, serverOptions);
        }

        internal Pair(bool tickets, DtlsOptions client, DtlsOptions server, Feature? moreOfClient = null, Feature? moreOfServer = null)
        {
            _tickets = tickets;
            _serverIdentity = s_server;
            _clientIdentity = s_client;
            OfClient = new SessionResumption { Tickets = tickets };
            OfServer = Resumption();
            client.Features = moreOfClient == null ? new Feature[] { OfClient } : new Feature[] { moreOfClient, OfClient };
            server.Features = moreOfServer == null ? new Feature[] { OfServer } : new Feature[] { moreOfServer, OfServer };
            Bed = new TestBed(client, server);
        }

        internal TestBed Bed { get; private set; }

        internal SessionResumption OfClient { get; private set; }

        internal SessionResumption OfServer { get; private set; }

        internal Association Client
        {
            get { return Bed.Client.Association; }
        }

        internal Association Server
        {
            get { return Bed.ServerAssociation!; }
        }

        internal void VerifyFull(bool echoes = true)
        {
            Connect(echoes);
            Assert.IsFalse(Client.IsResumed || Server.IsResumed, "It was resumed.");
        }

        internal void VerifyResumes()
        {
            Connect(true);
            Assert.IsTrue(Client.IsResumed && Server.IsResumed, "It was a full handshake.");
        }

        internal void VerifyPeers()
        {
            CollectionAssert.AreEqual(SHA256.HashData(_serverIdentity.End.Der), OfClient.PeerCertificateHash(Client));
            byte[]? expected = Bed.Server.Options.ClientCertificates == ClientCertificates.None ? null : SHA256.HashData(_clientIdentity.End.Der);
            CollectionAssert.AreEqual(expected, OfServer.PeerCertificateHash(Server));
        }

        internal void Close()
        {
            if (Client.State == AssociationState.Connected)
            {
                Client.Close(0, Bed.Network.Now);
            }

            Bed.Network.Run(100);
        }

        internal void RestartServer(Action<DtlsOptions> change)
        {
            Close();
            DtlsOptions options = ServerOptions();
            change(options);
            OfServer = Resumption();
            options.Features = new Feature[] { OfServer };
            Bed = Bed.With(new DtlsServerEngine(options), Bed.Client.Engine);
        }

        internal void RestartClient(Action<DtlsOptions> change)
        {
            Close();
            DtlsOptions options = ClientOptions();
            change(options);
            OfClient = new SessionResumption { Tickets = _tickets, Session = OfClient.Session };
            options.Features = new Feature[] { OfClient };
            Bed.Network.Remove(Bed.Client);
            Bed = Bed.With(Bed.Server, new DtlsClientEngine(options));
        }

        private void Connect(bool echoes)
        {
            Close();
            Bed.Connect();
            if (echoes)
            {
                Bed.VerifyEcho();
            }
        }

        private SessionResumption Resumption()
        {
            return new SessionResumption { Tickets = _tickets, TicketKeys = _keys, Store = _store };
        }

        private DtlsOptions ClientOptions()
        {
            return Setup.Client(CertificateSuites.Constrained(), Setup.Store(_clientIdentity, _serverIdentity));
        }

        private DtlsOptions ServerOptions()
        {
            return Setup.Server(CertificateSuites.Constrained(), Setup.Store(_serverIdentity, _clientIdentity));
        }
    }

    private sealed class Clock : SessionClock
    {
        internal long Seconds { get; set; }

        public override long UtcSeconds
        {
            get { return Seconds; }
        }
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

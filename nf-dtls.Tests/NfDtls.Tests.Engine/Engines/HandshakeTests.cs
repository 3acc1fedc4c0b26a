using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>Handshakes and data without losses.</summary>
[TestClass]
public class HandshakeTests
{
    public static IEnumerable<object[]> EverySuite()
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            foreach (bool host in new[] { false, true })
            {
                yield return new object[] { table.At(i).Name, host };
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(EverySuite))]
    public void Every_suite_connects_and_carries_data_both_ways(string name, bool host)
    {
        CipherSuite suite = Suite(name);
        DtlsOptions client = TestBed.Options(host, 1);
        DtlsOptions server = TestBed.Options(host, 2);
        client.Suites = TestBed.Only(suite);
        server.Suites = PskSuites.All();
        TestBed bed = new TestBed(client, server).Connect();
        Assert.AreEqual(suite.Id, bed.Client.Association.Suite.Id);
        Assert.AreEqual(suite.Id, bed.ServerAssociation!.Suite.Id);
        Assert.AreEqual(DtlsVersion.Dtls12, bed.Client.Association.Version);
        const int Both = HandshakeFlags.ExtendedMasterSecret | HandshakeFlags.SecureRenegotiation;
        int expected = suite.IsCbc ? Both | HandshakeFlags.EncryptThenMac : Both;
        const int Mask = Both | HandshakeFlags.EncryptThenMac;
        Assert.AreEqual(expected, bed.Client.Association.Flags & Mask);
        Assert.AreEqual(expected, bed.ServerAssociation.Flags & Mask);
        Assert.AreEqual("sensor-1", System.Text.Encoding.UTF8.GetString(bed.ServerAssociation.PskIdentity));
        for (int length = 0; length < 70; length++)
        {
            bed.VerifyEcho(TestBed.Bytes(length, length));
        }

        bed.VerifyEcho(TestBed.Bytes(bed.Client.Association.MaxPayload));
        bed.VerifyPools();
    }

    [TestMethod]
    public void The_providers_understand_each_other()
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            foreach (bool host in new[] { false, true })
            {
                DtlsOptions client = TestBed.Options(host, 1);
                client.Suites = TestBed.Only(table.At(i));
                DtlsOptions server = TestBed.Options(!host, 2);
                server.Suites = PskSuites.All();
                new TestBed(client, server).Connect().VerifyEcho();
            }
        }
    }

    [TestMethod]
    [DataRow(0xC0A8, false)]
    [DataRow(0x00AE, true)]
    public void A_client_takes_encrypt_then_MAC_for_a_CBC_suite_alone(int suite, bool isTaken)
    {
        // RFC 7366 section 3: a server must not answer it for an AEAD suite, however rightly it was offered for another one.
        DtlsOptions options = TestBed.Options(1);
        options.Suites = PskSuites.Constrained().Add(PskSuites.Aes128CbcSha256());
        DtlsClientEngine client = new DtlsClientEngine(options);
        ScriptedPeer peer = new ScriptedPeer(true) { Suite = suite, Extensions = new byte[] { 0, 4, 0, 22, 0, 0 } };
        client.Connect(0);
        Take(client, peer);
        foreach (byte[] record in new[] { peer.Message(HandshakeType.ServerHello, peer.ServerHelloBody()), peer.Message(HandshakeType.ServerHelloDone, Array.Empty<byte>()) })
        {
            client.HandleDatagram(record, 0, record.Length, 0);
        }

        Take(client, peer);
        Assert.AreEqual(isTaken ? AssociationState.Connecting : AssociationState.Closed, client.Association.State);
        Assert.AreEqual(isTaken ? 0 : 1, peer.Alerts.Count(alert => alert.Description == Alert.IllegalParameter));
        Assert.AreEqual(isTaken, peer.Received.Contains(HandshakeType.ClientKeyExchange));
    }

    [TestMethod]
    public void The_server_follows_its_own_order_of_suites()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Suites = PskSuites.All();
        DtlsOptions server = TestBed.Options(2);
        server.Suites = new CipherSuiteTable().Add(PskSuites.Aes256GcmSha384()).Add(PskSuites.Aes128Ccm8());
        TestBed bed = new TestBed(client, server).Connect();
        Assert.AreEqual(0x00A9, bed.Client.Association.Suite.Id);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Cbc_without_encrypt_then_mac_works_with_a_peer_that_lacks_it()
    {
        foreach (bool host in new[] { false, true })
        {
            DtlsOptions client = TestBed.Options(host, 1);
            client.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
            DtlsOptions server = TestBed.Options(host, 2);
            server.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
            TestBed bed = new TestBed(client, server);
            WithoutExtension(bed.Client.Engine, 1);
            WithoutExtension(bed.Server, 1);
            bed.Connect();
            Assert.AreEqual(0, bed.Client.Association.Flags & HandshakeFlags.EncryptThenMac);
            for (int length = 0; length < 40; length++)
            {
                bed.VerifyEcho(TestBed.Bytes(length));
            }
        }
    }

    [TestMethod]
    public void A_peer_without_extended_master_secret_is_served_unless_it_is_required()
    {
        TestBed bed = new TestBed();
        WithoutExtension(bed.Client.Engine, 0);
        bed.Connect();
        Assert.AreEqual(0, bed.ServerAssociation!.Flags & HandshakeFlags.ExtendedMasterSecret);
        bed.VerifyEcho();

        DtlsOptions server = TestBed.Options(2);
        server.RequireExtendedMasterSecret = true;
        bed = new TestBed(TestBed.Options(1), server);
        WithoutExtension(bed.Client.Engine, 0);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.InsufficientSecurity, bed.Client.Association.AlertReceived);

        DtlsOptions client = TestBed.Options(1);
        client.RequireExtendedMasterSecret = true;
        bed = new TestBed(client, TestBed.Options(2));
        WithoutExtension(bed.Server, 0);
        bed.VerifyClientFails(DtlsError.InsufficientSecurity);
    }

    [TestMethod]
    public void A_handshake_costs_the_bytes_of_the_formula()
    {
        for (int suites = 1; suites <= 5; suites++)
        {
            foreach (int identity in new[] { 0, 1, 15, 128 })
            {
                byte[] name = Enumerable.Repeat((byte)'i', identity).ToArray();
                DtlsOptions client = TestBed.Options(1);
                client.Suites = new CipherSuiteTable();
                for (int i = 0; i < suites; i++)
                {
                    client.Suites.Add(PskSuites.All().At(i));
                }

                client.Psk = TestBed.Store(TestBed.Key, name);
                DtlsOptions server = TestBed.Options(2);
                server.Psk = client.Psk;
                TestBed bed = new TestBed(client, server).Connect();
                const int Cookie = 16;
                int session = SessionIdLength(bed);
                Assert.AreEqual(438 + (4 * (suites - 1)) + (2 * Cookie) + session + identity, bed.Network.Sent.Sum(datagram => datagram.Bytes.Length), suites + " suites, identity " + identity);
            }
        }
    }

    [TestMethod]
    public void The_constrained_profile_costs_485_bytes()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("0123456789abcde"));
        DtlsOptions server = TestBed.Options(2);
        server.Psk = client.Psk;
        TestBed bed = new TestBed(client, server).Connect();
        Assert.AreEqual(485, bed.Network.Sent.Sum(datagram => datagram.Bytes.Length));
        Assert.AreEqual(485, bed.Client.Engine.Statistics.BytesSent + bed.Client.Engine.Statistics.BytesReceived);
        Assert.AreEqual(6, bed.Network.Sent.Count);
    }

    [TestMethod]
    public void A_tag_of_16_bytes_adds_16()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Suites = TestBed.Only(PskSuites.Aes128Ccm());
        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("0123456789abcde"));
        DtlsOptions server = TestBed.Options(2);
        server.Suites = client.Suites;
        server.Psk = client.Psk;
        TestBed bed = new TestBed(client, server).Connect();
        Assert.AreEqual(485 + 16, bed.Network.Sent.Sum(datagram => datagram.Bytes.Length));
    }

    [TestMethod]
    public void The_smallest_mtu_is_kept_by_every_datagram()
    {
        foreach (string name in new[] { "TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CBC_SHA256", "TLS_PSK_WITH_AES_256_GCM_SHA384" })
        {
            TestBed bed = new TestBed(Long(1, Suite(name)), Long(2, Suite(name)));
            bed.Connect();
            Assert.IsTrue(bed.Network.Sent.TrueForAll(datagram => datagram.Bytes.Length <= 150), name);
            Assert.AreEqual(0, bed.Client.Engine.Statistics.Retransmissions);
            bed.VerifyEcho(TestBed.Bytes(bed.Client.Association.MaxPayload));
            Assert.IsTrue(bed.Network.Sent.TrueForAll(datagram => datagram.Bytes.Length <= 150), name);
            bed.VerifyPools();
        }
    }

    [TestMethod]
    public void Many_clients_share_a_server()
    {
        DtlsOptions serverOptions = TestBed.HostOptions();
        serverOptions.MaxSessions = 40;
        serverOptions.MaxHandshakes = 40;
        serverOptions.PoolPackets = 64;
        VirtualNetwork network = new VirtualNetwork(1);
        network.Server = new NfDtls.Server.DtlsServerEngine(serverOptions);
        List<TestClient> clients = new();
        for (int i = 0; i < 40; i++)
        {
            clients.Add(network.Add(new DtlsClientEngine(TestBed.HostOptions()), new byte[] { 10, 0, 0, (byte)i, 1, 2 }));
            clients[i].Engine.Connect(network.Now);
        }

        Assert.IsTrue(network.Run(() => clients.TrueForAll(client => client.State == AssociationState.Connected), 600_000));
        network.Run(1000);
        Assert.AreEqual(40, network.Server.SessionCount);
        Assert.AreEqual(0, network.Server.HandshakeCount);
        foreach (TestClient client in clients)
        {
            client.Association.Send(client.Address, 0, 6, network.Now);
        }

        Assert.IsTrue(network.Run(() => clients.TrueForAll(client => client.Association.Pending > 0), 600_000));
        foreach (TestClient client in clients)
        {
            CollectionAssert.AreEqual(client.Address, client.ReceiveAll().Single());
        }
    }

    [TestMethod]
    public void Sessions_beyond_the_limit_are_refused_and_counted_and_a_freed_slot_is_used_again()
    {
        DtlsOptions serverOptions = TestBed.Options(2);
        serverOptions.MaxSessions = 1;
        TestBed bed = new TestBed(TestBed.Options(1), serverOptions).Connect();
        TestClient second = bed.Network.Add(new DtlsClientEngine(TestBed.Options(3)), TestBed.OtherAddress);
        second.Engine.Connect(bed.Network.Now);
        bed.Network.Run(5000);
        Assert.AreEqual(DtlsError.NoFreeSession, second.Association.LastError);
        Assert.IsTrue(bed.Server.Statistics.NoFreeSession > 0);
        bed.VerifyEcho();
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(100);
        second.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => second.State == AssociationState.Connected, 1000));
    }

    [TestMethod]
    public void A_client_connects_again_after_closing_and_after_a_reset()
    {
        TestBed bed = new TestBed().Connect();
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        bed.Connect().VerifyEcho();
        bed.Client.Engine.Reset();
        Assert.AreEqual(AssociationState.Idle, bed.Client.State);
        bed.Connect();
        bed.Network.Run(100);
        bed.VerifyEcho();
        Assert.AreEqual(3, bed.Client.Engine.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void Connecting_twice_is_refused()
    {
        TestBed bed = new TestBed();
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.AreEqual(DtlsError.AlreadyConnected, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Engine.Connect(bed.Network.Now)).Error);
        bed.Network.Run(bed.IsConnected, 1000);
        Assert.AreEqual(DtlsError.AlreadyConnected, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Engine.Connect(bed.Network.Now)).Error);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Without_a_suite_in_common_the_handshake_fails_with_an_alert()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Suites = TestBed.Only(PskSuites.Aes128Ccm());
        TestBed bed = new TestBed(client, TestBed.Options(2));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        bed.Network.Run(100_000);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_silent_peer_is_asked_again_and_again_with_doubling_time_and_then_given_up()
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxRetransmits = 4;
        TestBed bed = new TestBed(options, TestBed.Options(2));
        bed.Network.Filter = _ => false;
        long begin = bed.Network.Now;
        bed.VerifyClientFails(DtlsError.Timeout);
        CollectionAssert.AreEqual(new long[] { 0, 1000, 3000, 7000, 15000 }, bed.Network.Sent.Select(datagram => datagram.Sent - begin).ToArray());
        Assert.AreEqual(31000, bed.Network.Now - begin);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_deadline_for_the_handshake_holds()
    {
        DtlsOptions options = TestBed.Options(1);
        options.HandshakeTimeout = 2500;
        TestBed bed = new TestBed(options, TestBed.Options(2));
        bed.Network.Filter = _ => false;
        long begin = bed.Network.Now;
        bed.VerifyClientFails(DtlsError.Timeout);
        Assert.AreEqual(2500, bed.Network.Now - begin);
    }

    [TestMethod]
    public void Fragments_shrink_after_two_sendings_without_an_answer()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Mtu = 300;
        client.Suites = PskSuites.All();
        client.Psk = TestBed.Store(TestBed.Key, Enumerable.Repeat((byte)'i', 128).ToArray());
        DtlsOptions server = TestBed.Options(2);
        server.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
        server.Psk = client.Psk;
        TestBed bed = new TestBed(client, server);
        bed.Network.Mtu = 228;
        bed.Connect();
        Assert.IsTrue(bed.Network.Sent.Any(datagram => datagram.Bytes.Length > 228));
        bed.VerifyEcho();
    }

    internal static CipherSuite Suite(string name)
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            if (table.At(i).Name == name)
            {
                return table.At(i);
            }
        }

        throw new ArgumentException(name);
    }

    /// <summary>Options that make long flights of small datagrams.</summary>
    internal static DtlsOptions Long(int seed, CipherSuite suite)
    {
        byte[] hint = Enumerable.Repeat((byte)'h', 128).ToArray();
        byte[] identity = Enumerable.Repeat((byte)'i', 128).ToArray();
        DtlsOptions options = TestBed.Options(seed);
        options.Suites = TestBed.Only(suite);
        options.Mtu = 150;
        options.OneRecordPerDatagram = true;
        options.PskHint = hint;
        options.Psk = TestBed.Store(TestBed.Key, identity, hint);
        return options;
    }

    /// <summary>Replaces one of the engine's own extensions (0 extended master secret, 1 encrypt-then-MAC) by one that no peer knows.</summary>
    private static void WithoutExtension(DtlsEngine engine, int index)
    {
        engine.Extensions[index] = new SilentExtension(0xFE00 + index);
    }

    private static int SessionIdLength(TestBed bed)
    {
        byte[] hello = bed.Network.Sent.First(datagram => datagram.FirstMessage == HandshakeType.ServerHello).Bytes;
        return hello[13 + 12 + 2 + 32];
    }

    private static void Take(DtlsClientEngine client, ScriptedPeer peer)
    {
        for (Packet packet = client.PollDatagram(0); packet != null; packet = client.PollDatagram(0))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
        }
    }
}

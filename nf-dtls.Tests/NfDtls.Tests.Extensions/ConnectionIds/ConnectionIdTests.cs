using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Connection IDs (RFC 9146): what is agreed on, what records look like, whose a record is.</summary>
[TestClass]
public sealed class ConnectionIdTests
{
    private static IEnumerable<object[]> Suites()
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            yield return new object[] { table.At(i).Id, false };
            yield return new object[] { table.At(i).Id, true };
        }
    }

    [TestMethod]
    [DynamicData(nameof(Suites))]
    public void Every_suite_carries_data_under_connection_ids_of_either_end(int suite, bool host)
    {
        (int Client, int Server)[] lengths = { (8, 8), (0, 8), (8, 0), (32, 1), (1, 32), (0, 0) };
        foreach ((int client, int server) in lengths)
        {
            CidBed bed = new CidBed(Options(suite, host, 1), Options(suite, host, 2), new ConnectionIdFeature(client), new ConnectionIdFeature(server)).Connect();
            VerifyForms(bed, client, server);
            foreach (int length in new[] { 0, 1, 15, 16, 17, 63, Math.Min(bed.Client.MaxPayload, bed.Server.MaxPayload) })
            {
                bed.VerifyEcho(TestBed.Bytes(length, length));
            }

            Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
            bed.Bed.VerifyPools();
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Cbc_without_encrypt_then_mac_has_its_own_input_of_the_mac(bool host)
    {
        int suite = PskSuites.Aes128CbcSha256().Id;
        CidBed bed = new CidBed(Options(suite, host, 1), Options(suite, host, 2), new ConnectionIdFeature(5), new ConnectionIdFeature(7));
        Silence(bed.Bed.Client.Engine, 22);
        Silence(bed.Bed.Server, 22);
        bed.Connect();
        Assert.AreEqual(0, bed.Client.Flags & HandshakeFlags.EncryptThenMac);
        VerifyForms(bed, 5, 7);
        for (int length = 0; length < 40; length++)
        {
            bed.VerifyEcho(TestBed.Bytes(length));
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(33)]
    [DataRow(64)]
    [DataRow(255)]
    public void A_peer_may_have_ids_of_up_to_255_bytes(int length)
    {
        foreach (CipherSuite suite in new[] { PskSuites.Aes128Ccm8(), PskSuites.Aes128CbcSha256() })
        {
            CidBed bed = new CidBed(Options(suite.Id, false, 1), Options(suite.Id, false, 2), new ConnectionIdFeature(new FixedIds(TestBed.Bytes(length, 9)), 255), new ConnectionIdFeature(8)).Connect();
            VerifyForms(bed, length, 8);
            bed.VerifyEcho(TestBed.Bytes(Math.Min(bed.Client.MaxPayload, bed.Server.MaxPayload)));
            bed.Rebind();
            bed.VerifyEcho();

            bed = new CidBed(Options(suite.Id, false, 3), Options(suite.Id, false, 4), new ConnectionIdFeature(8), new ConnectionIdFeature(new FixedIds(TestBed.Bytes(length, 9)), 255)).Connect();
            VerifyForms(bed, 8, length);
            Assert.AreEqual(bed.Client.MaxPayload, bed.Server.MaxPayload - (length - 8));
            bed.VerifyEcho(TestBed.Bytes(Math.Min(bed.Client.MaxPayload, bed.Server.MaxPayload)));
            Packet packet = bed.Bed.Client.Engine.Pool.Rent();
            packet.Append(TestBed.Bytes(50), 0, 50);
            bed.Client.Send(packet, bed.Network.Now);
            Assert.IsTrue(bed.Receives(200));
        }
    }

    [TestMethod]
    public void Own_ids_have_0_to_32_bytes()
    {
        for (int length = 0; length <= 32; length++)
        {
            CidBed bed = new CidBed(length, 32 - length == 0 ? 1 : 32 - length, length + 1).Connect();
            VerifyForms(bed, length, 32 - length == 0 ? 1 : 32 - length);
            bed.VerifyEcho();
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConnectionIdFeature(33));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConnectionIdFeature(-1));
        Assert.ThrowsExactly<ArgumentException>(() => new ConnectionIdFeature(new FixedIds(new byte[33])));
        Assert.ThrowsExactly<ArgumentNullException>(() => new ConnectionIdFeature(null!));
    }

    [TestMethod]
    public void An_end_without_connection_ids_speaks_as_ever()
    {
        CidBed bed = new CidBed(TestBed.Options(1), TestBed.Options(2), new ConnectionIdFeature(8), null).Connect();
        VerifyForms(bed, 0, 0);
        Assert.IsNull(bed.ClientFeature!.IdOf(bed.Client));
        Assert.IsNull(bed.ClientFeature.PeerIdOf(bed.Client));
        bed.VerifyEcho();

        bed = new CidBed(TestBed.Options(1), TestBed.Options(2), null, new ConnectionIdFeature(8)).Connect();
        VerifyForms(bed, 0, 0);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Each_end_knows_both_ids()
    {
        CidBed bed = new CidBed(4, 10).Connect();
        byte[] clients = bed.ClientFeature!.IdOf(bed.Client);
        byte[] servers = bed.ServerFeature!.IdOf(bed.Server);
        Assert.HasCount(4, clients);
        Assert.HasCount(10, servers);
        CollectionAssert.AreEqual(clients, bed.ServerFeature.PeerIdOf(bed.Server));
        CollectionAssert.AreEqual(servers, bed.ClientFeature.PeerIdOf(bed.Client));
    }

    [TestMethod]
    public void Padding_hides_lengths_and_costs_payload()
    {
        foreach (CipherSuite suite in new[] { PskSuites.Aes128Ccm8(), PskSuites.Aes128CbcSha256(), PskSuites.All().Find(0xCCAB) })
        {
            ConnectionIdFeature clients = new ConnectionIdFeature(8) { PaddingBlock = 64 };
            CidBed bed = new CidBed(Options(suite.Id, true, 1), Options(suite.Id, true, 2), clients, new ConnectionIdFeature(8) { PaddingBlock = 256 }).Connect();
            int at = bed.Network.Sent.Count;
            for (int length = 0; length < 63; length++)
            {
                bed.VerifyEcho(TestBed.Bytes(length));
            }

            int[] lengths = bed.Network.Sent.Skip(at).Where(datagram => datagram.ToServer).Select(datagram => datagram.Bytes.Length).Distinct().ToArray();
            Assert.HasCount(1, lengths);
            bed.VerifyEcho(TestBed.Bytes(Math.Min(bed.Client.MaxPayload, bed.Server.MaxPayload)));
            Assert.IsLessThanOrEqualTo(bed.Bed.Server.Options.Mtu, bed.Network.Sent.Max(datagram => datagram.Bytes.Length));
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConnectionIdFeature(8) { PaddingBlock = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConnectionIdFeature(8) { PaddingBlock = 257 });
    }

    [TestMethod]
    public void A_record_of_nothing_but_padding_ends_the_session()
    {
        CidBed bed = new CidBed().Connect();
        ConnectionIdCodec codec = (ConnectionIdCodec)bed.Client.WriteEpoch.WriteCodec;
        bed.Client.WriteEpoch.WriteCodec = new ConnectionIdCodec(codec.Id, 16);
        bed.Network.Inject(true, bed.Address, Seal(bed.Client, 0), 0);
        bed.Network.Run(100);
        Assert.AreEqual(DtlsError.UnexpectedMessage, bed.Server.LastError);
        Assert.AreEqual(Alert.UnexpectedMessage, bed.Server.AlertSent);
    }

    [TestMethod]
    public void A_record_that_names_nobody_is_dropped_and_counted()
    {
        CidBed bed = new CidBed().Connect();
        byte[] record = Seal(bed.Client, ContentType.ApplicationData, 1, 2, 3);
        DtlsStatistics statistics = bed.Bed.Server.Statistics;
        int answers = bed.Network.Sent.Count;
        for (int at = 11; at < 19; at++)
        {
            byte[] other = (byte[])record.Clone();
            other[at] ^= 0x10;
            bed.Network.Inject(true, bed.Address, other, 0);
            bed.Network.Inject(true, TestBed.OtherAddress, other, 0);
        }

        bed.Network.Run(100);
        Assert.AreEqual(16, statistics.Dropped(DropReason.NoSession));
        Assert.AreEqual(0, statistics.Dropped(DropReason.Forged));
        Assert.HasCount(answers, bed.Network.Sent);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_protected_record_without_an_id_is_dropped_where_one_was_agreed_on()
    {
        CidBed bed = new CidBed().Connect();
        bed.Client.WriteEpoch.WriteCodec = new Dtls12RecordCodec();
        byte[] toServer = Seal(bed.Client, ContentType.ApplicationData, 1, 2, 3);
        bed.Server.WriteEpoch.WriteCodec = new Dtls12RecordCodec();
        byte[] toClient = Seal(bed.Server, ContentType.ApplicationData, 1, 2, 3);
        bed.Network.Inject(true, bed.Address, toServer, 0);
        bed.Network.Inject(false, bed.Address, toClient, 0);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.Dropped(DropReason.ContentType));
        Assert.AreEqual(1, bed.Bed.Client.Engine.Statistics.Dropped(DropReason.ContentType));
        Assert.AreEqual(0, bed.Server.Pending + bed.Client.Pending);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
    }

    [TestMethod]
    public void A_record_with_an_id_is_dropped_where_none_was_agreed_on()
    {
        CidBed bed = new CidBed(0, 8).Connect();
        bed.Server.WriteEpoch.WriteCodec = new ConnectionIdCodec(TestBed.Bytes(8), 1);
        bed.Network.Inject(false, bed.Address, Seal(bed.Server, ContentType.ApplicationData, 1, 2, 3), 0);
        bed.Network.Run(100);
        Assert.AreEqual(0, bed.Client.Pending);
        Assert.AreEqual(1, bed.Bed.Client.Engine.Statistics.DroppedInAll);
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
    }

    [TestMethod]
    public void Records_of_epoch_0_never_carry_an_id()
    {
        CidBed bed = new CidBed().Connect();
        byte[] id = bed.ServerFeature!.IdOf(bed.Server);
        byte[] hello = (byte[])bed.Network.Sent[0].Bytes.Clone();
        byte[] wrapped = new byte[hello.Length + id.Length];
        new ConnectionIdCodec(id, 1).Write(wrapped, 0, ContentType.Handshake, DtlsVersion.Dtls12, 0, 0, hello.Length - 13);
        Array.Copy(hello, 13, wrapped, 13 + id.Length, hello.Length - 13);
        int answers = bed.Network.Sent.Count;
        bed.Network.Inject(true, bed.Address, wrapped, 0);
        bed.Network.Inject(true, TestBed.OtherAddress, wrapped, 0);
        bed.Network.Run(100);
        Assert.AreEqual(2, bed.Bed.Server.Statistics.DroppedInAll);
        Assert.HasCount(answers, bed.Network.Sent);
        Assert.IsTrue(bed.Network.Sent.Where(datagram => datagram.FirstType == ContentType.ConnectionId).All(datagram => datagram.FirstEpoch == 1));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void One_datagram_may_hold_records_of_several_sessions()
    {
        CidBed bed = new CidBed();
        TestClient other = bed.Network.Add(new DtlsClientEngine(With(TestBed.Options(77), new ConnectionIdFeature(3))), TestBed.OtherAddress);
        bed.Connect();
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 60_000));
        bed.Network.Settle();
        bed.Network.Echo = false;
        byte[] both = Seal(bed.Client, ContentType.ApplicationData, 1).Concat(Seal(other.Association, ContentType.ApplicationData, 2, 2)).ToArray();
        bed.Network.Inject(true, bed.Address, both, 0);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Server.NextLength);
        Assert.AreEqual(2, bed.Bed.Server.At(1 - bed.Server.Index).NextLength);
    }

    [TestMethod]
    public void Ids_are_told_apart_by_every_byte_and_do_not_repeat()
    {
        DtlsOptions server = TestBed.Options(2);
        server.MaxSessions = 60;
        server.MaxHandshakes = 8;
        server.MaxSessionsPerHost = 0;
        server.PoolPackets = 64;
        ConnectionIdFeature feature = new ConnectionIdFeature(8);
        CidBed bed = new CidBed(TestBed.Options(1), server, new ConnectionIdFeature(0), feature);
        HashSet<string> ids = new();
        HashSet<byte> last = new();
        for (int i = 0; i < 60; i++)
        {
            byte[] address = { 192, 0, 2, (byte)i, 1, 1 };
            TestClient client = bed.Network.Add(new DtlsClientEngine(With(TestBed.Options(100 + i), new ConnectionIdFeature(0))), address);
            client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 60_000), "client " + i);
            byte[] id = feature.IdOf(bed.Bed.Server.Find(address, 6));
            Assert.IsTrue(ids.Add(Convert.ToHexString(id)));
            last.Add((byte)(id[7] ^ bed.Bed.Server.Find(address, 6).Index));
        }

        Assert.IsGreaterThan(40, last.Count, "The place shows through its mask.");
    }

    [TestMethod]
    public void A_server_whose_ids_are_too_short_for_its_sessions_is_not_made()
    {
        DtlsOptions options = With(TestBed.Options(1), new ConnectionIdFeature(1));
        options.MaxSessions = 300;
        options.PoolPackets = 300;
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new DtlsServerEngine(options));
        Assert.Contains("needs 2", e.Message);
    }

    [TestMethod]
    public void A_longer_id_than_allowed_is_gone_without_or_ends_the_handshake()
    {
        CidBed bed = new CidBed(TestBed.Options(1), TestBed.Options(2), new ConnectionIdFeature(9), new ConnectionIdFeature(8) { MaxPeerLength = 8 }).Connect();
        VerifyForms(bed, 0, 0);
        bed.VerifyEcho();
        bed = new CidBed(TestBed.Options(1), TestBed.Options(2), new ConnectionIdFeature(8) { MaxPeerLength = 8 }, new ConnectionIdFeature(9));
        bed.Bed.VerifyClientFails(DtlsError.HandshakeFailure);

        // Nor is one that no datagram has room for.
        DtlsOptions small = TestBed.Options(1);
        small.Mtu = 250;
        bed = new CidBed(TestBed.Options(2), small, new ConnectionIdFeature(new FixedIds(new byte[255]), 255), new ConnectionIdFeature(8)).Connect();
        VerifyForms(bed, 0, 0);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Without_entropy_for_an_id_the_handshake_fails_and_nothing_is_left()
    {
        DtlsOptions server = TestBed.Options(2);
        FailingProvider crypto = new FailingProvider(server.Crypto);
        server.Crypto = crypto;
        CidBed bed = new CidBed(TestBed.Options(1), server, new ConnectionIdFeature(8), new ConnectionIdFeature(8));
        int hellos = 0;
        bed.Network.Filter = datagram =>
        {
            hellos += datagram.FirstMessage == HandshakeType.ClientHello ? 1 : 0;
            crypto.Fails = hellos == 2;
            return true;
        };
        bed.Bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.InternalError, bed.Client.AlertReceived);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.HandshakesFailedWith(DtlsError.NoEntropy));
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        bed.Connect();
        bed.VerifyEcho();
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void Datagrams_do_not_become_so_small_that_a_long_id_leaves_no_room()
    {
        CidBed bed = new CidBed(TestBed.Options(1), TestBed.Options(2), new ConnectionIdFeature(8), new ConnectionIdFeature(new FixedIds(TestBed.Bytes(255)), 255));
        bool isLost = true;
        bed.Network.Filter = datagram => !isLost || datagram.FirstMessage != HandshakeType.ClientKeyExchange;
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(100);
        bed.Client.LowerPathMtu(228);
        Assert.AreEqual(228 + 13 + 255 + 1, bed.Client.PathMtu);
        isLost = false;
        bed.Network.Run(() => bed.Bed.IsConnected(), 60_000);
        Assert.IsGreaterThan(180, bed.Client.MaxPayload);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Both_hellos_of_a_client_have_one_id_and_another_connection_has_another()
    {
        CidBed bed = new CidBed().Connect();
        byte[] first = bed.ClientFeature!.IdOf(bed.Client);
        string[] hellos = bed.Network.Sent.Where(datagram => datagram.FirstMessage == HandshakeType.ClientHello).Select(datagram => Convert.ToHexString(datagram.Bytes)).ToArray();
        Assert.HasCount(2, hellos);
        Assert.IsTrue(hellos.All(hello => hello.Contains("0036000908" + Convert.ToHexString(first), StringComparison.Ordinal)));
        bed.Client.Close(0, bed.Network.Now);
        bed.Network.Run(1000);
        bed.Connect();
        CollectionAssert.AreNotEqual(first, bed.ClientFeature.IdOf(bed.Client));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_malformed_extension_is_a_decode_error()
    {
        foreach (byte[] content in new[] { new byte[0], new byte[] { 1 }, new byte[] { 0, 0 }, new byte[] { 3, 1, 2 }, new byte[] { 1, 2, 3 } })
        {
            DtlsOptions options = With(TestBed.Options(1), new ConnectionIdFeature(8));
            ScriptedClient client = new ScriptedClient(new DtlsServerEngine(options), TestBed.Address);
            byte[] extension = new byte[] { 0, (byte)(4 + content.Length), 0, 54, 0, (byte)content.Length };
            client.Peer.Extensions = extension.Concat(content).ToArray();
            client.Hello();
            Assert.AreEqual(Alert.DecodeError, client.Peer.Alerts.Single().Description, Convert.ToHexString(content));
        }
    }

    [TestMethod]
    public void The_authenticated_bytes_are_those_of_the_standard()
    {
        ConnectionIdCodec codec = new ConnectionIdCodec(new byte[] { 0xA1, 0xA2, 0xA3 }, 1);
        RecordHeader header = new RecordHeader { Type = 23, Version = DtlsVersion.Dtls12, Epoch = 0x0102, Sequence = 0x030405060708 };
        byte[] data = new byte[40];
        int length = codec.WriteAdditionalData(data, 2, header, 0x0A0B);
        Assert.AreEqual("FFFFFFFFFFFFFFFF" + "19" + "03" + "19" + "FEFD" + "0102" + "030405060708" + "A1A2A3" + "0A0B", Convert.ToHexString(data, 2, length));
        Assert.AreEqual(length, ConnectionIdCodec.AdditionalDataFor(3));

        codec.Write(data, 0, 23, DtlsVersion.Dtls12, 0x0102, 0x030405060708, 0x0A0B);
        Assert.AreEqual("19" + "FEFD" + "0102" + "030405060708" + "A1A2A3" + "0A0B", Convert.ToHexString(data, 0, codec.HeaderLength));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    public void Handshakes_and_data_get_through_loss_duplication_and_reordering(int seed)
    {
        foreach ((int clients, int servers) in new[] { (8, 8), (0, 8), (255, 8) })
        {
            ConnectionIdFeature feature = clients > 32 ? new ConnectionIdFeature(new FixedIds(new byte[clients]), 255) : new ConnectionIdFeature(clients);
            CidBed bed = new CidBed(TestBed.Options(seed), TestBed.Options(seed + 50), feature, new ConnectionIdFeature(servers), seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Connect();
            int echoes = 0;
            for (int i = 0; i < 60; i++)
            {
                echoes += bed.Echoes(4000) ? 1 : 0;
            }

            Assert.IsGreaterThan(20, echoes);
            Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
        }
    }

    internal static DtlsOptions With(DtlsOptions options, params Feature[] features)
    {
        options.Features = features;
        return options;
    }

    internal static DtlsOptions Options(int suite, bool host, int seed)
    {
        DtlsOptions options = TestBed.Options(host, seed);
        options.Suites = TestBed.Only(PskSuites.All().Find(suite));
        return options;
    }

    /// <summary>A record that an association could send next.</summary>
    internal static byte[] Seal(Association association, int type, params byte[] content)
    {
        byte[] buffer = new byte[400 + content.Length];
        Epoch epoch = association.WriteEpoch;
        association.Engine.WriteHeader.Reserve(300);
        Array.Copy(content, 0, buffer, epoch.BytesBefore(type), content.Length);
        int length = epoch.Seal(association.Engine.WriteHeader, type, DtlsVersion.Dtls12, buffer, epoch.BytesBefore(type), content.Length);
        return buffer.AsSpan(0, length).ToArray();
    }

    /// <summary>Every protected record that was sent has the form that its receiver asked for.</summary>
    private static void VerifyForms(CidBed bed, int clients, int servers)
    {
        bed.VerifyEcho();
        foreach (Datagram datagram in bed.Network.Sent)
        {
            int own = datagram.ToServer ? servers : clients;
            for (int at = 0; at < datagram.Bytes.Length;)
            {
                bool isProtected = datagram.Bytes[at + 4] > 0;
                int id = isProtected ? own : 0;
                Assert.AreEqual(id > 0, datagram.Bytes[at] == ContentType.ConnectionId);
                if (id > 0)
                {
                    byte[] expected = datagram.ToServer ? bed.ServerFeature!.IdOf(bed.Server) : bed.ClientFeature!.IdOf(bed.Client);
                    CollectionAssert.AreEqual(expected, datagram.Bytes.AsSpan(at + 11, id).ToArray());
                }

                at += 13 + id + ((datagram.Bytes[at + 11 + id] << 8) | datagram.Bytes[at + 12 + id]);
            }
        }
    }

    internal static void Silence(DtlsEngine engine, int type)
    {
        for (int i = 0; i < engine.Extensions.Length; i++)
        {
            if (engine.Extensions[i].Type == type)
            {
                engine.Extensions[i] = new Silent(type);
            }
        }
    }

    private sealed class Silent : HelloExtension
    {
        internal Silent(int type)
        {
            Type = type + 0xF000;
        }

        public override int Type { get; }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return false;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return DtlsError.None;
        }
    }
}

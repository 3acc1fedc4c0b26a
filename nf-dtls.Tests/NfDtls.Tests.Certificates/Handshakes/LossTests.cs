using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

[TestClass]
public class LossTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 3);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 3, CaKeyKind.P256, "client");

    [TestMethod]
    [DataRow(150)]
    [DataRow(200)]
    [DataRow(228)]
    [DataRow(1232)]
    public void Chains_in_fragments_arrive_and_no_datagram_is_longer_than_the_path(int mtu)
    {
        TestBed bed = Bed(mtu, s_server, s_client, 1);
        bed.Network.Mtu = mtu;
        bed.Connect().VerifyEcho();
        Assert.IsTrue(bed.Network.Sent.All(datagram => datagram.Bytes.Length <= mtu));
        Assert.AreEqual(0, bed.Server.Statistics.Retransmissions + bed.Client.Engine.Statistics.Retransmissions);
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(228, 228)]
    [DataRow(400, 228)]
    [DataRow(615, 548)]
    [DataRow(1000, 900)]
    public void Chains_get_through_a_path_that_carries_less_than_the_options_say_and_so_do_the_data(int path, int found)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_server));
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_server, s_client), ClientCertificates.Require);
        TestBed bed = new TestBed(client, server, 1);
        bed.Network.Mtu = path;
        bed.Connect();
        Assert.AreEqual(found, bed.Client.Association.PathMtu);
        Assert.AreEqual(found, bed.ServerAssociation!.PathMtu);
        bed.VerifyEcho(TestBed.Bytes(bed.Client.Association.MaxPayload));
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(228)]
    [DataRow(400)]
    [DataRow(548)]
    [DataRow(615)]
    public void Chains_of_both_ends_get_through_a_narrow_path_before_a_slow_timers_deadline(int path)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_server));
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_server, s_client), ClientCertificates.Require);
        client.RetransmitTimeout = 9000;
        server.RetransmitTimeout = 9000;
        TestBed bed = new TestBed(client, server, 1);
        bed.Network.Mtu = path;
        bed.Connect();
        Assert.IsTrue(bed.Client.Association.PathMtu <= path, bed.Client.Association.PathMtu + " bytes");
        bed.VerifyEcho(TestBed.Bytes(bed.Client.Association.MaxPayload));
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(200, 100)]
    [DataRow(228, 100)]
    [DataRow(1232, 100)]
    public void Handshakes_complete_though_one_datagram_in_five_is_lost_doubled_or_late(int mtu, int runs)
    {
        for (int seed = 1; seed <= runs; seed++)
        {
            TestBed bed = Bed(mtu, s_server, s_client, seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(bed.IsConnected, 3_600_000), "seed " + seed + ": " + bed.Client.Association.LastError);
            bed.Network.Drop = 0;
            bed.VerifyEcho();
            bed.Network.Settle();
            bed.VerifyPools();
        }
    }

    [TestMethod]
    public void Chains_of_rsa_complete_over_loss()
    {
        Identity server = Identity.Of(CaKeyKind.Rsa2048, 3, CaKeyKind.Rsa2048);
        Identity client = Identity.Of(CaKeyKind.Rsa2048, 3, CaKeyKind.Rsa2048, "client");
        for (int seed = 1; seed <= 20; seed++)
        {
            TestBed bed = Bed(228, server, client, seed);
            bed.Network.Drop = 0.2;
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(bed.IsConnected, 3_600_000), "seed " + seed + ": " + bed.Client.Association.LastError);
        }
    }

    [TestMethod]
    [DataRow(228)]
    [DataRow(1232)]
    public void Every_single_datagram_may_be_lost(int mtu)
    {
        TestBed whole = Bed(mtu, s_server, s_client, 1).Connect();
        int count = whole.Network.Sent.Count;
        for (int lost = 0; lost < count; lost++)
        {
            TestBed bed = Bed(mtu, s_server, s_client, 1);
            bed.Network.Filter = datagram => datagram.Number != lost;
            bed.Connect().VerifyEcho();
        }
    }

    [TestMethod]
    public void Several_messages_of_one_record_are_taken()
    {
        // What a peer that packs does: all fragments of a datagram in one record.
        TestBed bed = Bed(1232, Identity.Of(CaKeyKind.P256), Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client"), 1);
        bed.Network.Filter = datagram =>
        {
            datagram.Bytes = Packed(datagram.Bytes);
            return true;
        };
        bed.Connect().VerifyEcho();
    }

    private static byte[] Packed(byte[] datagram)
    {
        byte[]? first = null;
        byte[] messages = Array.Empty<byte>();
        byte[] others = Array.Empty<byte>();
        for (int at = 0; at < datagram.Length; at += 13 + Wire.Number(datagram, at + 11, 2))
        {
            byte[] record = datagram.AsSpan(at, 13 + Wire.Number(datagram, at + 11, 2)).ToArray();
            if (record[0] == ContentType.Handshake && record[4] == 0)
            {
                first ??= record;
                messages = messages.Concat(record[13..]).ToArray();
            }
            else
            {
                others = others.Concat(record).ToArray();
            }
        }

        return first == null ? datagram : first[..11].Concat(Wire.Vector(2, messages)).Concat(others).ToArray();
    }

    private static TestBed Bed(int mtu, Identity server, Identity client, int seed)
    {
        DtlsOptions clientOptions = Setup.Client(CertificateSuites.Modern(), Setup.Store(client, server));
        DtlsOptions serverOptions = Setup.Server(CertificateSuites.Modern(), Setup.Store(server, client), ClientCertificates.Require);
        clientOptions.Mtu = mtu;
        serverOptions.Mtu = mtu;

        // A flight of a dozen fragments and more: the retries count for the flight, not for the fragment.
        clientOptions.MaxRetransmits = 20;
        serverOptions.MaxRetransmits = 20;
        return new TestBed(clientOptions, serverOptions, seed);
    }
}

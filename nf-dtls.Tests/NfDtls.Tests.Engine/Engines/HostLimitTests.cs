using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class HostLimitTests
{
    [TestMethod]
    public void A_host_gets_as_many_sessions_as_it_may_and_another_host_its_own()
    {
        DtlsOptions server = TestBed.Options(1001);
        server.MaxSessionsPerHost = 2;
        TestBed bed = new TestBed(TestBed.Options(1), server);
        TestClient first = Add(bed, 7, 1);
        TestClient second = Add(bed, 7, 2);
        Assert.IsTrue(bed.Network.Run(() => first.State == AssociationState.Connected, 1000));
        Assert.IsTrue(bed.Network.Run(() => second.State == AssociationState.Connected, 1000));
        TestClient third = Add(bed, 7, 3);
        TestClient elsewhere = Add(bed, 8, 3);
        Assert.IsTrue(bed.Network.Run(() => elsewhere.State == AssociationState.Connected, 1000));
        Assert.AreEqual(AssociationState.Connecting, third.State);
        bed.Network.Run(1000);
        Assert.AreEqual(DtlsError.NoFreeSession, third.Association.LastError);
        Assert.IsTrue(bed.Server.Statistics.NoFreeSession > 0);

        // A place that becomes free goes to the one that asks again.
        second.Association.Close(0, bed.Network.Now);
        bed.Network.Run(100);
        third.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => third.State == AssociationState.Connected, 1000));
    }

    [TestMethod]
    public void A_reconnect_needs_no_second_place_of_its_host()
    {
        DtlsOptions server = TestBed.Options(1001);
        server.MaxSessionsPerHost = 1;
        server.HostOffset = 0;
        TestBed bed = new TestBed(TestBed.Options(1), server).Connect();
        bed.Network.Remove(bed.Client);
        TestClient again = bed.Network.Add(new DtlsClientEngine(TestBed.Options(5)), TestBed.Address);
        again.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => again.State == AssociationState.Connected, 1000));
    }

    [TestMethod]
    public void A_host_of_IPv6_counts_by_its_prefix_and_one_of_IPv4_or_of_the_own_link_whole()
    {
        // Family, port, sixteen bytes of address, scope: as the sockets have it.
        Counts(64, true, "20010db800000001aaaaaaaaaaaaaaaa", "20010db800000001bbbbbbbbbbbbbbbb");
        Counts(64, false, "20010db800000001aaaaaaaaaaaaaaaa", "20010db800000002aaaaaaaaaaaaaaaa");
        Counts(56, true, "20010db800000001aaaaaaaaaaaaaaaa", "20010db8000000ffbbbbbbbbbbbbbbbb");
        Counts(60, true, "20010db80000000faaaaaaaaaaaaaaaa", "20010db800000000aaaaaaaaaaaaaaaa");
        Counts(60, false, "20010db80000001faaaaaaaaaaaaaaaa", "20010db80000000faaaaaaaaaaaaaaaa");
        Counts(128, false, "20010db800000001aaaaaaaaaaaaaaaa", "20010db800000001aaaaaaaaaaaaaaab");
        Counts(128, true, "20010db800000001aaaaaaaaaaaaaaaa", "20010db800000001aaaaaaaaaaaaaaaa");
        Counts(0, false, "20010db800000001aaaaaaaaaaaaaaaa", "20010db800000001aaaaaaaaaaaaaaab");
        Counts(64, false, "00000000000000000000ffffc0000201", "00000000000000000000ffffc0000202");
        Counts(64, true, "00000000000000000000ffffc0000201", "00000000000000000000ffffc0000201");
        Counts(64, false, "fe800000000000000000000000000001", "fe800000000000000000000000000002");
        Counts(64, true, "fec00000000000000000000000000001", "fec00000000000000000000000000002");
    }

    [TestMethod]
    public void The_default_prefix_is_that_of_a_host()
    {
        Assert.AreEqual(64, new DtlsOptions().HostPrefixBits);
        Assert.AreEqual(64, DtlsOptions.Gateway().HostPrefixBits);
    }

    [TestMethod]
    public void An_address_that_ends_before_the_host_begins_is_a_host_of_its_own()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessionsPerHost = 1;
        DtlsServerEngine server = new DtlsServerEngine(options);
        for (int i = 0; i < 3; i++)
        {
            new ScriptedClient(server, new byte[] { 1, (byte)i }).Complete();
        }

        Assert.AreEqual(3, server.SessionCount);
    }

    [TestMethod]
    public void Failed_handshakes_are_counted_by_their_error()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("nobody"));
        TestBed bed = new TestBed(client, TestBed.Options(2));
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(5000);
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.UnknownPskIdentity));
        Assert.AreEqual(1, bed.Client.Engine.Statistics.HandshakesFailedWith(DtlsError.AlertReceived));
        Assert.IsTrue(bed.Server.Statistics.PoolHighWaterMark > 0);
    }

    /// <summary>Whether two addresses, with ports of their own, are one host to a server that allows one session a host.</summary>
    private static void Counts(int prefix, bool same, string first, string second)
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessionsPerHost = 1;
        options.HostPrefixBits = prefix;
        DtlsServerEngine server = new DtlsServerEngine(options);
        new ScriptedClient(server, Ipv6(1000, first)).Complete();
        ScriptedClient other = new ScriptedClient(server, Ipv6(1001, second));
        other.Hello();
        Assert.AreEqual(same ? 0 : 1, server.HandshakeCount, prefix + ": " + first + " and " + second);
    }

    private static byte[] Ipv6(int port, string address)
    {
        byte[] bytes = new byte[23];
        bytes[0] = 6;
        bytes[1] = (byte)(port >> 8);
        bytes[2] = (byte)port;
        Convert.FromHexString(address).CopyTo(bytes, 3);
        bytes[22] = 2;
        return bytes;
    }

    private static TestClient Add(TestBed bed, int host, int port)
    {
        byte[] address = { 4, 0xC0, (byte)port, 192, 0, 2, (byte)host };
        TestClient client = bed.Network.Add(new DtlsClientEngine(TestBed.Options(port * 10 + host)), address);
        client.Engine.Connect(bed.Network.Now);
        return client;
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>Paths that carry less than the options say: the datagrams become smaller, and the session remembers it.</summary>
[TestClass]
public class MtuTests
{
    [TestMethod]
    [DataRow(1232, 228, 228)]
    [DataRow(1232, 240, 228)]
    [DataRow(1232, 300, 228)]
    [DataRow(1232, 547, 228)]
    [DataRow(1232, 548, 548)]
    [DataRow(1232, 615, 548)]
    [DataRow(1232, 899, 548)]
    [DataRow(1232, 900, 900)]
    [DataRow(1232, 1231, 900)]
    [DataRow(1232, 1232, 1232)]
    [DataRow(1400, 1400, 1400)]
    [DataRow(1400, 1392, 1232)]
    [DataRow(1400, 1000, 548)]
    [DataRow(1400, 615, 548)]
    [DataRow(1400, 300, 228)]
    [DataRow(1500, 1480, 1472)]
    [DataRow(1500, 1300, 548)]
    [DataRow(1500, 228, 228)]
    public void A_server_with_a_long_flight_finds_what_the_path_carries_and_its_data_keep_to_it(int mtu, int path, int found)
    {
        TestBed bed = Long(mtu, mtu, 1000, 1000);
        bed.Network.Mtu = path;
        long begin = bed.Network.Now;
        bed.Connect();
        Assert.IsTrue(bed.Network.Now - begin < 15_100, "It took " + (bed.Network.Now - begin) + " ms.");
        Association server = bed.ServerAssociation!;
        Assert.AreEqual(found, server.PathMtu);
        Assert.AreEqual(found - server.WriteEpoch.Overhead, server.MaxPayload);
        byte[] data = TestBed.Bytes(server.MaxPayload);
        server.Send(data, 0, data.Length, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 1000), "The path does not carry MaxPayload.");
        CollectionAssert.AreEqual(data, bed.Client.ReceiveAll()[0]);
        Assert.ThrowsExactly<ArgumentException>(() => server.Send(new byte[data.Length + 1], 0, data.Length + 1, bed.Network.Now));
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(228, 228)]
    [DataRow(615, 548)]
    [DataRow(1000, 900)]
    public void A_client_with_a_long_flight_finds_what_the_path_carries_and_its_data_keep_to_it(int path, int found)
    {
        // The key exchange message of the client is as long as a certificate here.
        TestBed bed = Long(1232, 1232, 1000, 1000, ofClient: true);
        bed.Network.Mtu = path;
        bed.Connect();
        Assert.AreEqual(found, bed.Client.Association.PathMtu);
        byte[] data = TestBed.Bytes(bed.Client.Association.MaxPayload);
        bed.VerifyEcho(data);
        Assert.AreEqual(found, bed.Network.Sent.Last(datagram => datagram.ToServer).Bytes.Length);
    }

    [TestMethod]
    [DataRow(1000, 1000, 10, 0, 15_100)]
    [DataRow(1000, 9000, 10, 0, 15_100)]
    [DataRow(9000, 1000, 10, 0, 27_100)]
    [DataRow(9000, 9000, 10, 0, 140_000)]
    [DataRow(1000, 1000, 3, 0, 16_000)]
    [DataRow(1000, 1000, 2, 0, 8000)]
    [DataRow(1000, 1000, 1, 0, 4000)]
    [DataRow(1000, 1000, 10, 10_000, 10_000)]
    [DataRow(1000, 1000, 10, 5000, 5000)]
    [DataRow(1000, 1000, 10, 30_000, 30_000)]
    public void The_smallest_step_is_reached_within_the_retries_and_the_deadline(int clientTimeout, int serverTimeout, int retries, int deadline, int most)
    {
        TestBed bed = Long(1232, 1232, clientTimeout, serverTimeout, options =>
        {
            options.MaxRetransmits = retries;
            options.HandshakeTimeout = deadline;
        });
        bed.Network.Mtu = 228;
        long begin = bed.Network.Now;
        bed.Connect();
        Assert.IsTrue(bed.Network.Now - begin <= most, "It took " + (bed.Network.Now - begin) + " ms.");
        Assert.AreEqual(228, bed.ServerAssociation!.PathMtu);
    }

    [TestMethod]
    public void Lost_flights_of_small_datagrams_say_nothing_about_the_path()
    {
        TestBed bed = new TestBed();
        long end = bed.Network.Now + 100_000;
        bed.Network.Filter = _ => bed.Network.Now > end;
        bed.Connect();
        Assert.AreEqual(1232, bed.Client.Association.PathMtu);
        Assert.AreEqual(1232, bed.ServerAssociation!.PathMtu);
        bed.VerifyEcho(TestBed.Bytes(bed.Client.Association.MaxPayload));
        Assert.AreEqual(1232, bed.Network.Sent.Last(datagram => datagram.ToServer).Bytes.Length);
    }

    [TestMethod]
    public void A_lost_flight_that_gets_through_at_the_second_sending_leaves_the_path_as_it_is()
    {
        TestBed bed = Long(1400, 1400, 1000, 1000);
        int lost = 0;
        bed.Network.Filter = datagram => datagram.ToServer || datagram.Bytes.Length < 500 || lost++ > 0;
        bed.Connect();
        Assert.AreEqual(1400, bed.ServerAssociation!.PathMtu);
    }

    [TestMethod]
    public void The_application_may_say_what_the_path_carries_until_the_next_handshake()
    {
        TestBed bed = new TestBed().Connect();
        Association client = bed.Client.Association;
        client.PathMtu = 500;
        Assert.AreEqual(500 - client.WriteEpoch.Overhead, client.MaxPayload);
        bed.VerifyEcho(TestBed.Bytes(client.MaxPayload));
        Assert.AreEqual(500, bed.Network.Sent.Last(datagram => datagram.ToServer).Bytes.Length);
        Assert.ThrowsExactly<ArgumentException>(() => client.Send(new byte[500], 0, client.MaxPayload + 1, bed.Network.Now));
        foreach (int wrong in new[] { 149, 1233, -1, int.MaxValue })
        {
            string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.PathMtu = wrong).Message;
            Assert.IsTrue(message.Contains("150") && message.Contains("1232") && message.Contains(wrong.ToString()), message);
        }

        Assert.AreEqual(500, client.PathMtu);
        client.PathMtu = 1232;
        client.PathMtu = 150;
        client.Close(0, bed.Network.Now);
        bed.Network.Run(100);
        bed.Connect();
        Assert.AreEqual(1232, client.PathMtu);
    }

    [TestMethod]
    public void A_flight_that_arrived_is_not_made_smaller_while_the_answer_to_it_gets_lost()
    {
        TestBed bed = Long(1232, 1232, 1000, 1000);
        long end = bed.Network.Now + 6000;
        bed.Network.Filter = datagram => datagram.FirstMessage != HandshakeType.ClientKeyExchange || bed.Network.Now > end;
        bed.Connect();
        Assert.IsTrue(bed.Server.Statistics.Retransmissions >= 2);
        Assert.AreEqual(1232, bed.ServerAssociation!.PathMtu);
    }

    [TestMethod]
    public void The_steps_are_told_by_the_trace()
    {
        Steps steps = new();
        TestBed bed = Long(1400, 1400, 1000, 1000, options => options.Trace = steps);
        bed.Network.Mtu = 228;
        bed.Connect();
        CollectionAssert.AreEqual(new[] { (1232, 1400), (548, 1232), (228, 548) }, steps.All);
    }

    [TestMethod]
    public void An_endpoint_with_a_small_mtu_never_goes_below_it()
    {
        foreach (int mtu in new[] { 150, 200, 228 })
        {
            TestBed bed = Long(mtu, mtu, 1000, 1000);
            int lost = 0;
            bed.Network.Filter = datagram => datagram.FirstMessage != HandshakeType.ServerHello || lost++ > 4;
            bed.Connect();
            Assert.AreEqual(mtu, bed.ServerAssociation!.PathMtu);
            Assert.AreEqual(mtu, bed.Client.Association.PathMtu);
        }
    }

    private static TestBed Long(int clientMtu, int serverMtu, int clientTimeout, int serverTimeout, Action<DtlsOptions>? change = null, bool ofClient = false)
    {
        DtlsOptions client = LongOptions(1, clientMtu, clientTimeout);
        DtlsOptions server = LongOptions(2, serverMtu, serverTimeout);
        client.Extensions = new HelloExtension[] { new BulkyExtension(ofClient ? 1000 : 0) };
        server.Extensions = new HelloExtension[] { new BulkyExtension(ofClient ? 0 : 3000) };
        change?.Invoke(server);
        return new TestBed(client, server);
    }

    private static DtlsOptions LongOptions(int seed, int mtu, int timeout)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Mtu = mtu;
        options.ReceiveSize = 1500;
        options.RetransmitTimeout = timeout;
        options.MaxHandshakeMessage = 4096;
        options.MaxFlight = 4096;
        options.Extensions = new HelloExtension[] { new BulkyExtension(3000) };
        return options;
    }

    private sealed class Steps : TraceSink
    {
        internal List<(int To, int From)> All { get; } = new();

        public override void Write(string what, int a, int b)
        {
            if (what == "path mtu")
            {
                All.Add((a, b));
            }
        }
    }

    /// <summary>An extension that makes a hello long: the server's, or the client's.</summary>
    private sealed class BulkyExtension : HelloExtension
    {
        private readonly int _length;

        internal BulkyExtension(int length)
        {
            _length = length;
        }

        public override int Type
        {
            get { return 0xFE78; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            for (int i = 0; i < _length; i++)
            {
                writer.WriteUInt8(i);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            reader.Skip(reader.Remaining);
            return DtlsError.None;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            return DtlsError.None;
        }

        public override CryptoOperation? Prepare(Handshake handshake)
        {
            return null;
        }

        public override void Complete(Handshake handshake, byte[] body, int offset, int count)
        {
        }
    }
}

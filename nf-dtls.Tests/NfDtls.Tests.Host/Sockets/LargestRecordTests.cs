using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Records as large as the standard allows, which an end of NfDtls does not send: a peer made by hand does.</summary>
[TestClass]
public class LargestRecordTests
{
    private const int Largest = 16_384;

    private static readonly byte[] s_peer = { 4, 127, 0, 0, 1 };

    private readonly byte[] _datagram = new byte[20_000];
    private readonly byte[] _data = new byte[Largest];

    [TestMethod]
    public void A_server_takes_records_of_up_to_16384_bytes_of_content_and_no_more()
    {
        using EchoServer server = new EchoServer(Options()) { IsLazy = true };
        using Socket socket = Bound();
        DtlsClientEngine engine = new DtlsClientEngine(Options());
        engine.Connect(0);
        Setup.Until(
            () =>
            {
                SendAll(engine, socket, server.EndPoint);
                if (socket.Poll(1000, SelectMode.SelectRead))
                {
                    engine.HandleDatagram(_datagram, 0, socket.Receive(_datagram), 0);
                }

                return engine.Association.State == AssociationState.Connected;
            },
            "the connection");
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        DtlsSession session = server.Connected.Single();
        Send(engine.Association, socket, server.EndPoint, Largest + 1);
        foreach (int count in new[] { 1, Largest - 37, Largest - 36, Largest - 1, Largest })
        {
            Send(engine.Association, socket, server.EndPoint, count);
            Assert.AreEqual(count, session.Receive(_data, 0, Setup.Patience));
            Assert.AreEqual((byte)count, _data[count - 1]);
        }

        Assert.AreEqual(0, server.Server.Statistics.Dropped(DropReason.Truncated));
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_client_takes_records_of_up_to_16384_bytes_of_content_and_no_more()
    {
        using Socket socket = Bound();
        DtlsServerEngine engine = new DtlsServerEngine(Options());
        using DtlsClient client = new DtlsClient(Options());
        EndPoint from = Setup.Loopback(0);
        client.Connect((IPEndPoint)socket.LocalEndPoint!, 0);
        Setup.Until(
            () =>
            {
                if (socket.Poll(1000, SelectMode.SelectRead))
                {
                    int count = socket.ReceiveFrom(_datagram, ref from);
                    engine.HandleDatagram(_datagram, 0, count, s_peer, s_peer.Length, 0);
                }

                SendAll(engine, socket, from);
                return client.Connect((IPEndPoint)socket.LocalEndPoint!, 0);
            },
            "the connection");
        Association association = engine.Find(s_peer, s_peer.Length);
        Send(association, socket, from, Largest + 1);
        foreach (int count in new[] { 1, Largest - 37, Largest - 36, Largest - 1, Largest })
        {
            Send(association, socket, from, count);
            Assert.AreEqual(count, client.Receive(_data, 0, Setup.Patience));
            Assert.AreEqual((byte)count, _data[count - 1]);
        }

        Assert.AreEqual(0, client.Statistics.Dropped(DropReason.Truncated));
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.RecordOverflow))]
    public void A_record_longer_than_both_ends_agreed_on_ends_the_session()
    {
        DtlsOptions limited = Options();
        limited.Features = [new NfDtls.Extensions.RecordSizeLimit(100)];
        using EchoServer server = new EchoServer(limited) { IsLazy = true };
        using Socket socket = Bound();
        DtlsOptions asking = Options();
        asking.Features = [new NfDtls.Extensions.RecordSizeLimit(Largest)];
        DtlsClientEngine engine = new DtlsClientEngine(asking);
        engine.Connect(0);
        Setup.Until(
            () =>
            {
                SendAll(engine, socket, server.EndPoint);
                if (socket.Poll(1000, SelectMode.SelectRead))
                {
                    engine.HandleDatagram(_datagram, 0, socket.Receive(_datagram), 0);
                }

                return engine.Association.State == AssociationState.Connected;
            },
            "the connection");
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        DtlsSession session = server.Connected.Single();
        Assert.AreEqual(100, engine.Association.MaxPayload);
        Send(engine.Association, socket, server.EndPoint, 100);
        Assert.AreEqual(100, session.Receive(_data, 0, Setup.Patience));
        Send(engine.Association, socket, server.EndPoint, 101);
        Setup.Fails(DtlsError.RecordOverflow, () => session.Receive(_data, 0, Setup.Patience));
        Assert.AreEqual(Alert.RecordOverflow, session.AlertSent);
    }

    private static DtlsOptions Options()
    {
        DtlsOptions options = Setup.Options();
        options.ReceiveSize = Largest;
        return options;
    }

    private static Socket Bound()
    {
        Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(Setup.Loopback(0));
        return socket;
    }

    private static void SendAll(DtlsEngine engine, Socket socket, EndPoint to)
    {
        for (Packet packet = engine.PollDatagram(0); packet != null; packet = engine.PollDatagram(0))
        {
            socket.SendTo(packet.Buffer, packet.Offset, packet.Length, SocketFlags.None, to);
            packet.Return();
        }
    }

    /// <summary>A record under the association's keys, larger than its MTU.</summary>
    private static void Send(Association association, Socket socket, EndPoint to, int count)
    {
        const int At = 64;
        byte[] buffer = new byte[At + count + 80];
        Array.Fill(buffer, (byte)count, At, count);
        Epoch epoch = association.WriteEpoch;
        int length = epoch.Seal(new RecordHeader(), ContentType.ApplicationData, DtlsVersion.Dtls12, buffer, At, count);
        socket.SendTo(buffer, At - epoch.WriteProtection.PrefixLength - 13, length, SocketFlags.None, to);
    }
}

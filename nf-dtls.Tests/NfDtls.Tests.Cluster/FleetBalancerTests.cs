using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>The balancer of FleetGateway, before sockets that stand for nodes.</summary>
[TestClass]
public sealed class FleetBalancerTests
{
    private static readonly byte[] One = [0, 1];
    private static readonly byte[] Two = [0, 2];

    private readonly Socket[] _nodes = [New(), New()];
    private readonly QuicLbOptions _ids = new() { NodeId = [0, 0], NonceLength = 8, Key = Fleet.IdKey };

    [TestCleanup]
    public void Clean()
    {
        Array.ForEach(_nodes, node => node.Dispose());
    }

    [TestMethod]
    public async Task A_record_goes_where_its_id_says_and_anything_else_by_its_sender_while_that_node_lives()
    {
        await using FleetGateway.Fleet.Balancer balancer = new(new IPEndPoint(IPAddress.Loopback, 0), _ids, TimeProvider.System, _ => { });
        balancer.Add(One, (IPEndPoint)_nodes[0].LocalEndPoint!);
        balancer.Add(Two, (IPEndPoint)_nodes[1].LocalEndPoint!);
        using QuicLbCodec codec = new(_ids);
        HashSet<int> usual = [];
        for (int i = 0; i < 16; i++)
        {
            using Socket client = New();
            for (int named = 0; named < 2; named++)
            {
                byte[] id = new byte[codec.Length];
                codec.Encode(named == 0 ? One : Two, [1, 2, 3, 4, 5, 6, 7, (byte)i], id);
                Assert.AreEqual(named, await PassAsync(client, balancer.EndPoint, [25, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 1, .. id, 0, 1, 0]), "A record of DTLS 1.2.");
                Assert.AreEqual(named, await PassAsync(client, balancer.EndPoint, [0x3D, .. id, 0, 1, 0]), "A record of DTLS 1.3.");
            }

            // A hello, a record without an ID, one of a node that nobody knows, and what is no record: all go where the first did.
            byte[] stranger = new byte[codec.Length];
            codec.Encode([9, 9], new byte[8], stranger);
            byte[][] others = [[22, 0xFE, 0xFD, 0, 0], [23, 0xFE, 0xFD, 0, 1], [0x2D, 1, 2, 3], [0x3D, .. stranger, 0], [0x3D], [25], [25, .. new byte[10], 7], [0]];
            int[] places = new int[others.Length];
            for (int j = 0; j < others.Length; j++)
            {
                places[j] = await PassAsync(client, balancer.EndPoint, others[j]);
            }

            Assert.HasCount(1, places.Distinct().ToArray(), string.Join(' ', places));
            usual.Add(places[0]);
        }

        Assert.HasCount(2, usual, "All senders were given to one node.");
        balancer.Remove(One);
        using Socket late = New();
        byte[] gone = new byte[codec.Length];
        codec.Encode(One, new byte[8], gone);
        Assert.AreEqual(1, await PassAsync(late, balancer.EndPoint, [0x3D, .. gone, 0, 1, 0]));
    }

    [TestMethod]
    public async Task A_sender_for_which_there_is_no_socket_is_told_of_once_and_the_others_go_on()
    {
        int opened = 0;
        List<SocketException> told = [];
        Socket Open()
        {
            return ++opened is 2 or 3 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : New();
        }

        await using FleetGateway.Fleet.Balancer balancer = new(new IPEndPoint(IPAddress.Loopback, 0), _ids, new StillTime(), told.Add, Open);
        balancer.Add(One, (IPEndPoint)_nodes[0].LocalEndPoint!);
        using Socket before = New();
        using Socket none = New();
        using Socket after = New();
        Assert.AreEqual(0, await PassAsync(before, balancer.EndPoint, [22]));
        await none.SendToAsync(new byte[] { 22 }, balancer.EndPoint);
        await none.SendToAsync(new byte[] { 22 }, balancer.EndPoint);
        Assert.AreEqual(0, await PassAsync(after, balancer.EndPoint, [22]));
        Assert.AreEqual(0, await PassAsync(before, balancer.EndPoint, [22]));
        Assert.HasCount(1, told);
    }

    // Which node gets a datagram; it answers, and the answer comes from the balancer.
    private async Task<int> PassAsync(Socket client, IPEndPoint balancer, byte[] datagram)
    {
        using CancellationTokenSource end = new(Ends.Patience);
        byte[] buffer = new byte[100];
        await client.SendToAsync(datagram, balancer, end.Token);
        Task<int>[] arrivals = _nodes.Select((node, i) => AnswerAsync(node, i, datagram, end.Token)).ToArray();
        int place = await await Task.WhenAny(arrivals);
        SocketReceiveFromResult answer = await client.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), end.Token);
        Assert.AreEqual(balancer, answer.RemoteEndPoint);
        Assert.AreEqual(place, buffer[0]);
        await end.CancelAsync();
        await Task.WhenAny(Task.WhenAll(arrivals));
        return place;
    }

    private static async Task<int> AnswerAsync(Socket node, int place, byte[] expected, CancellationToken end)
    {
        byte[] buffer = new byte[100];
        SocketReceiveFromResult result = await node.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), end);
        CollectionAssert.AreEqual(expected, buffer[..result.ReceivedBytes]);
        await node.SendToAsync(new[] { (byte)place }, result.RemoteEndPoint, end);
        return place;
    }

    private static Socket New()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}

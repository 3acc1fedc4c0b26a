using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using FleetGateway.Fleet;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Cluster;

/// <summary>Whom FleetGateway's balancer keeps. The sockets are closed ones: none is used.</summary>
[TestClass]
public sealed class FleetSendersTests
{
    private readonly StillTime _time = new();
    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Senders _senders;

    public FleetSendersTests()
    {
        _far.Dispose();
        _senders = new Senders(_time);
    }

    [TestMethod]
    public void The_senders_of_one_host_are_so_many_and_push_out_nobody_of_another()
    {
        Sender device = Add("192.0.2.1", 1);
        Sender behindOneNetwork = Add("2001:db8::1", 1);
        for (int port = 1; port <= 6000; port++)
        {
            Add("192.0.2.2", port);
            Add("2001:db8:0:1::" + port, port);
        }

        Assert.AreEqual(2 + (2 * Senders.MostOfHost), _senders.Count);
        Assert.AreSame(device, _senders.Find(device.EndPoint));
        Assert.AreSame(behindOneNetwork, _senders.Find(behindOneNetwork.EndPoint));
        Assert.IsNull(_senders.Find(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 6000 - Senders.MostOfHost)));
        Assert.IsNotNull(_senders.Find(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 6000)));
    }

    [TestMethod]
    public void Strangers_from_anywhere_give_way_before_whom_a_node_knows()
    {
        Sender[] known = Enumerable.Range(1, 100).Select(port => Add("192.0.2.1", port)).ToArray();
        Array.ForEach(known, _senders.Know);
        for (int i = 0; i < 2 * Senders.Most; i++)
        {
            Add($"10.0.{i >> 8}.{i & 0xFF}", 1);
        }

        Assert.AreEqual(Senders.Most, _senders.Count);
        Assert.IsTrue(known.All(sender => _senders.Find(sender.EndPoint) == sender));
        _senders.EndStrangers(Senders.Most);
        Assert.AreEqual(known.Length, _senders.Count);

        // One that has ended stays so.
        _senders.End(known[0]);
        _senders.Know(known[0]);
        _senders.End(known[0]);
        Assert.AreEqual(known.Length - 1, _senders.Count);
    }

    [TestMethod]
    public void Who_is_silent_ends_and_whom_a_node_knows_later()
    {
        Sender stranger = Add("192.0.2.1", 1);
        Sender known = Add("192.0.2.1", 2);
        Sender speaking = Add("192.0.2.1", 3);
        _senders.Know(known);
        _time.Pass(Senders.PatienceWithStrangers / 2);
        Assert.IsNotNull(_senders.Find(speaking.EndPoint));
        _time.Pass(Senders.PatienceWithStrangers / 2);
        _senders.EndSilent();
        Assert.IsNull(_senders.Find(stranger.EndPoint));
        Assert.AreEqual(2, _senders.Count);
        _time.Pass(Senders.PatienceWithKnown);
        _senders.EndSilent();
        Assert.AreEqual(0, _senders.Count);
    }

    private Sender Add(string host, int port)
    {
        Sender sender = new(new IPEndPoint(IPAddress.Parse(host), port), _far);
        _senders.Add(sender);
        return sender;
    }
}

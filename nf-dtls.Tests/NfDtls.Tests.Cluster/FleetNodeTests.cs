using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Tests.Net;
using static NfDtls.Tests.Cluster.Fleet;

namespace NfDtls.Tests.Cluster;

/// <summary>The port on which nodes hand each other what is theirs.</summary>
[TestClass]
public sealed class FleetNodeTests
{
    private static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.1"), 4711);

    [TestMethod]
    public async Task Whatever_one_datagram_fails_with_the_next_is_taken()
    {
        Members members = new();
        await using FleetNode one = new(Ids(1), members, new IPEndPoint(IPAddress.Loopback, 0), Key);
        await using FleetNode other = new(Ids(2), members, new IPEndPoint(IPAddress.Loopback, 0), Key);
        members.Add([2], other.HandOverEndPoint);

        // One that is no node of several, and throws whatever it is given.
        await using DtlsListener listener = await Ends.ListenAsync();
        other.Serve(listener);
        for (int i = 1; i <= 3; i++)
        {
            Assert.IsTrue(one.HandOver([2], [1, 2, 3], Peer));
            await Ends.UntilAsync(() => other.Failures >= i, "failure " + i);
        }
    }

    [TestMethod]
    public void Nobody_is_told_of_an_address_that_nobody_can_send_to()
    {
        Members members = new();
        foreach (IPAddress all in new[] { IPAddress.Any, IPAddress.IPv6Any, IPAddress.Parse("::ffff:0.0.0.0") })
        {
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new FleetNode(Ids(1), members, new IPEndPoint(all, 0), Key));
            StringAssert.Contains(e.Message, all.ToString());
        }
    }

    [TestMethod]
    public async Task Each_use_of_the_nodes_key_has_a_key_of_its_own()
    {
        Members members = new();
        await using FleetNode node = new(Ids(1), members, new IPEndPoint(IPAddress.Loopback, 0), Key);
        await using FleetNode same = new(Ids(3), members, new IPEndPoint(IPAddress.Loopback, 0), Key);
        using Socket to = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        to.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        members.Add([2], (IPEndPoint)to.LocalEndPoint!);
        Assert.IsTrue(node.HandOver([2], [1, 2, 3], Peer));
        byte[] buffer = new byte[200];
        int length = await to.ReceiveAsync(buffer).WaitAsync(Ends.Patience);
        Assert.IsFalse(Envelope.TryOpen(Key, buffer.AsSpan(0, length), out _, out _), "It is sealed by the nodes' key itself.");
        Assert.IsFalse(Envelope.TryOpen(node.AssociationKey, buffer.AsSpan(0, length), out _, out _), "It is sealed by the associations' key.");
        CollectionAssert.AreEqual(node.AssociationKey, same.AssociationKey);
        CollectionAssert.AreNotEqual(Key, node.AssociationKey.AsSpan(0, Key.Length).ToArray());
        Assert.AreEqual(32, node.AssociationKey.Length);
    }

    [TestMethod]
    public async Task A_node_that_is_not_known_does_not_live()
    {
        Members members = new();
        await using FleetNode node = new(Ids(1), members, new IPEndPoint(IPAddress.Loopback, 0), Key);
        Assert.IsTrue(node.Lives([1]));
        Assert.IsFalse(node.Lives([2]));
        members.Add([2], Peer);
        Assert.IsTrue(node.Lives([2]));
    }
}

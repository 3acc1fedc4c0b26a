using System;
using System.Net;
using NfDtls.Extensions;
using NfDtls.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>A node of which a test does some things otherwise.</summary>
internal sealed class WrappedNode(ListenerNode node) : ListenerNode
{
    internal delegate bool HandingOver(byte[] datagram, IPEndPoint peer);

    /// <summary>Is called first where a shard is asked for.</summary>
    internal Action Asked { get; set; } = () => { };

    /// <summary>Takes the place of handing over.</summary>
    internal HandingOver? Hands { get; set; }

    public override ReadOnlyMemory<byte> Name => node.Name;

    public override int IdLength => node.IdLength;

    public override ConnectionIds CreateIds(int shard, int shards)
    {
        return node.CreateIds(shard, shards);
    }

    public override int ShardOf(ReadOnlySpan<byte> id, int shards)
    {
        Asked();
        return node.ShardOf(id, shards);
    }

    public override bool TryReadNode(ReadOnlySpan<byte> id, Span<byte> name)
    {
        return node.TryReadNode(id, name);
    }

    public override bool Lives(ReadOnlySpan<byte> name)
    {
        return node.Lives(name);
    }

    public override bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        return Hands == null ? node.HandOver(name, datagram, peer) : Hands(datagram.ToArray(), peer);
    }
}

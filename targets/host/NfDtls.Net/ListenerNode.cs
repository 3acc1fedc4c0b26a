using System;
using System.Net;
using NfDtls.Extensions;

namespace NfDtls.Net;

/// <summary>
/// What a listener knows of the others that serve the same clients (<see cref="DtlsListenerOptions.Node"/>): connection IDs that
/// name their node, and a way to hand over what is another's. Called from several threads, on the way of each datagram: it returns
/// quickly, and throws nothing.
/// </summary>
public abstract class ListenerNode
{
    /// <summary>
    /// This node's name, by which the others know it. A process takes another one each time that it starts, for IDs of the one before
    /// lead to nothing that it knows of.
    /// </summary>
    public abstract ReadOnlyMemory<byte> Name { get; }

    /// <summary>Bytes of a connection ID; the same at all nodes.</summary>
    public abstract int IdLength { get; }

    /// <summary>Makes the connection IDs of one shard, fresh for each.</summary>
    public abstract ConnectionIds CreateIds(int shard, int shards);

    /// <summary>The shard of this node that an ID names; -1 where it is another node's, or anybody's bytes.</summary>
    public abstract int ShardOf(ReadOnlySpan<byte> id, int shards);

    /// <summary>Reads which node an ID names.</summary>
    /// <param name="id">The ID.</param>
    /// <param name="name">Where the node's name goes, as long as <see cref="Name"/>.</param>
    /// <returns>False: it names none.</returns>
    public abstract bool TryReadNode(ReadOnlySpan<byte> id, Span<byte> name);

    /// <summary>Whether a node lives, as far as this one knows: then it is asked, and nothing is taken from it.</summary>
    /// <param name="name">The node's.</param>
    public abstract bool Lives(ReadOnlySpan<byte> name);

    /// <summary>Hands a datagram to another node, which gives it to its listener (<see cref="DtlsListener.Receive"/>).</summary>
    /// <param name="name">The node's.</param>
    /// <param name="datagram">As it came.</param>
    /// <param name="peer">From whom.</param>
    /// <returns>False: the node is not known, or does not live any more.</returns>
    public abstract bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer);
}

using System;

namespace NfDtls.Cluster;

/// <summary>
/// How connection IDs name their node (draft-ietf-quic-load-balancers-21): a first byte with the configuration's number and the
/// length, the node's ID, a nonce; the last two encrypted where there is a key. The same at all nodes, and at a balancer that
/// routes by them, but for <see cref="NodeId"/>.
/// </summary>
public sealed class QuicLbOptions
{
    /// <summary>The largest <see cref="ConfigurationId"/>; the number behind it stands for IDs that name no node.</summary>
    public const int MaxConfigurationId = 6;

    internal const int KeyLength = 16;
    internal const int LeastNonce = 4;

    // Of QUIC's 20 bytes, whose balancers these are for.
    internal const int MostTogether = 19;

    /// <summary>Which of several configurations, 0 (default) to <see cref="MaxConfigurationId"/>, while IDs of the one before are still in use.</summary>
    public int ConfigurationId { get; set; }

    /// <summary>This node's ID, 1 to 15 bytes and at all nodes as many; null where IDs are only read.</summary>
    public byte[]? NodeId { get; set; }

    /// <summary>Bytes of a node's ID where <see cref="NodeId"/> is null. Default: those of <see cref="NodeId"/>.</summary>
    public int? NodeIdLength { get; set; }

    /// <summary>Bytes of the nonce, 4 or more, and with the node's ID 19 at most. They hold the engine, the session's place and random bits. Default: 8.</summary>
    public int NonceLength { get; set; } = 8;

    /// <summary>16 bytes that all nodes and the balancer share, so that nobody else can tell which node an ID names; null for IDs in the clear.</summary>
    public byte[]? Key { get; set; }

    /// <summary>Bytes of a node's ID.</summary>
    internal int NodeLength => NodeId?.Length ?? NodeIdLength ?? 0;

    /// <summary>Bytes of an ID.</summary>
    internal int Length => 1 + NodeLength + NonceLength;

    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    internal void Validate(bool needsNode)
    {
        Check(ConfigurationId is >= 0 and <= MaxConfigurationId, $"{nameof(ConfigurationId)} is 0 to {MaxConfigurationId}, not {ConfigurationId}.");
        Check(!needsNode || NodeId != null, $"{nameof(NodeId)} is not set.");
        Check(NodeIdLength == null || NodeId == null || NodeIdLength == NodeId.Length, $"{nameof(NodeIdLength)} says {NodeIdLength}, and {nameof(NodeId)} has {NodeId?.Length} bytes.");
        Check(NodeLength is >= 1 and <= MostTogether - LeastNonce, $"A node's ID has 1 to {MostTogether - LeastNonce} bytes, not {NodeLength}.");
        Check(NonceLength >= LeastNonce && NodeLength + NonceLength <= MostTogether, $"{nameof(NonceLength)} is {LeastNonce} to {MostTogether - NodeLength} with a node's ID of {NodeLength} bytes, not {NonceLength}.");
        Check(Key == null || Key.Length == KeyLength, $"{nameof(Key)} has {KeyLength} bytes, not {Key?.Length}.");
    }

    private static void Check(bool isAllowed, string what)
    {
        if (!isAllowed)
        {
            throw new ArgumentException(what);
        }
    }
}

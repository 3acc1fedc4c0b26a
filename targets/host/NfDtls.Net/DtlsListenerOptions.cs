using System;
using System.Net;

namespace NfDtls.Net;

/// <summary>What <see cref="DtlsListener.ListenAsync"/> is told.</summary>
public sealed class DtlsListenerOptions : DtlsConnectionOptions
{
    /// <summary>The most shards that a listener has.</summary>
    public const int MaxShards = 64;

    /// <summary>Makes options with connection IDs of 8 bytes for clients that ask.</summary>
    public DtlsListenerOptions()
    {
        ConnectionIdLength = 8;
    }

    /// <summary>
    /// Where to listen; port 0 is any. With several addresses of the machine, name one: what is sent from an unspecified address
    /// comes from where the system's routes say, which a client that asked another one drops.
    /// </summary>
    public IPEndPoint? ListenEndPoint { get; set; }

    /// <summary>Connections that were not accepted yet, 1 to 65,535; more are closed and counted. Default: 512.</summary>
    public int ListenBacklog { get; set; } = 512;

    /// <summary>
    /// Connections that the listener has room for, 1 to 65,535. Default: 1,024. Its shards share them, each with half as much again
    /// as its part, as clients do not spread evenly. Where a shard is full, a client that was silent for a minute gives way.
    /// </summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>Handshakes at one time, 2 to 65,535, shared by the shards, each of which has two at least. Default: 128.</summary>
    public int MaxHandshakes { get; set; } = 128;

    /// <summary>Connections and handshakes of one host in one shard, 0 for no limit. Default: 0.</summary>
    public int MaxConnectionsPerHost { get; set; }

    /// <summary>How long a connection may be silent before it is closed; <see cref="TimeSpan.Zero"/> (default) for ever.</summary>
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>
    /// Engines, each with a lock of its own: 1 to <see cref="MaxShards"/>; 0 (default) is one for each core. On Linux each has a socket
    /// and the kernel spreads the clients; elsewhere they share one socket, and the clients spread by their addresses.
    /// </summary>
    public int Shards { get; set; }

    /// <summary>Whether a client's address is proven by a cookie before anything is kept of it. Default: true.</summary>
    public bool CookieExchange { get; set; } = true;

    /// <summary>Whether clients are asked for a certificate. Default: none.</summary>
    public ClientCertificates ClientCertificates { get; set; }

    /// <summary>Finds clients' pre-shared keys; null (default) for no suites with those.</summary>
    public DtlsServerPskCallback? PskCallback { get; set; }

    /// <summary>
    /// How long <see cref="PskCallback"/> may take: its handshake fails then, also where the call-back looks at no token. Default: 5 s.
    /// Half of the places for handshakes may wait for it; the oldest of more gives way, so that a slow one holds up nobody else.
    /// </summary>
    public TimeSpan PskCallbackTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The hint that clients of DTLS 1.2 get with pre-shared keys: 0 to 128 bytes, or null (default).</summary>
    public byte[]? PskHint { get; set; }

    /// <summary>Whether an unknown identity fails as a wrong key does, so that nobody can try identities. Default: false.</summary>
    public bool HideUnknownIdentities { get; set; }

    /// <summary>
    /// What the listener knows of other nodes that serve the same clients; null (default) where it is alone. Its connection IDs take
    /// the place of those of <see cref="DtlsConnectionOptions.ConnectionIdLength"/>.
    /// </summary>
    public ListenerNode? Node { get; set; }

    /// <summary>
    /// Where associations with a connection ID are stored, so that another node goes on with them when this one falls, without a
    /// handshake: its client's next record leads there. Needs a <see cref="Node"/>. Null (default): nowhere.
    /// </summary>
    public AssociationStore? Associations { get; set; }

    /// <summary>What they are sealed under, 16 or 32 bytes; the same at all nodes.</summary>
    public byte[]? AssociationKey { get; set; }

    /// <summary>
    /// Records that may be received between two stores of an association, 2 to 1,048,576: as many of the client's are dropped, at the
    /// most, by the node that takes it over, and are for the client to send again. Default: 8.
    /// </summary>
    public int PromisedReads { get; set; } = 8;

    /// <summary>Records that may be sent between two stores, 2 to 1,048,576. What a fall leaves of them costs nothing. Default: 256.</summary>
    public int PromisedWrites { get; set; } = 256;

    /// <summary>
    /// Questions to <see cref="Associations"/> in a second for records whose connection ID leads nowhere here, 1 to 1,000,000: as many
    /// clients of a node that fell can be taken over in a second. Anybody can make up such IDs; records on top are dropped, and their
    /// clients send again. Default: 2,048.
    /// </summary>
    public int MaxAssociationLookups { get; set; } = 2048;

    /// <summary>
    /// The same for the records of one address (of IPv6: one network of 64 bits). Default: 128. A balancer that puts its own address
    /// in its clients' place needs as many as all.
    /// </summary>
    public int MaxAssociationLookupsPerHost { get; set; } = 128;

    /// <summary>
    /// Whether what awaits <see cref="DtlsConnection.ReceiveAsync"/> goes on in the thread that received the datagram, where nothing
    /// hinders that, in place of one of the thread pool, which takes less time. Unsafe, as code that blocks there holds up all
    /// connections of the shard. What is sent there goes out with the answers to the other datagrams that came together:
    /// one that is too long for the network is lost then without an exception, and <see cref="DtlsConnection.MaxSendSize"/> is smaller
    /// from there on. Default: false.
    /// </summary>
    public bool UnsafePreferInlineScheduling { get; set; }

    internal int ShardCount => Shards == 0 ? Math.Clamp(Environment.ProcessorCount, 1, MaxShards) : Shards;

    internal override bool HasPsk => PskCallback != null;

    internal override bool UsesCertificates => Certificates is { Count: > 0 };

    internal override void Validate(string parameter)
    {
        base.Validate(parameter);
        Check(parameter, nameof(ListenEndPoint), ListenEndPoint != null, "set", null);
        Check(parameter, nameof(ListenBacklog), ListenBacklog is >= 1 and <= 65535, "1 to 65535", ListenBacklog);
        Check(parameter, nameof(MaxConnections), MaxConnections is >= 1 and <= 65535, "1 to 65535", MaxConnections);
        Check(parameter, nameof(MaxHandshakes), MaxHandshakes is >= 2 and <= 65535, "2 to 65535", MaxHandshakes);
        Check(parameter, nameof(MaxConnectionsPerHost), MaxConnectionsPerHost is >= 0 and <= 65535, "0 to 65535", MaxConnectionsPerHost);
        Check(parameter, nameof(Shards), Shards is >= 0 and <= MaxShards, $"0 to {MaxShards}", Shards);
        Check(parameter, nameof(IdleTimeout), IdleTimeout >= TimeSpan.Zero && IdleTimeout.TotalMilliseconds <= int.MaxValue, "0 to 24 days", IdleTimeout);
        Check(parameter, nameof(PskCallbackTimeout), PskCallbackTimeout > TimeSpan.Zero && PskCallbackTimeout.TotalMilliseconds <= int.MaxValue, "more than 0, and at most 24 days", PskCallbackTimeout);
        Check(parameter, nameof(PskHint), PskHint == null || PskHint.Length <= PskStore.MaxIdentityLength, $"null or 0 to {PskStore.MaxIdentityLength} bytes", PskHint?.Length);
        Check(parameter, nameof(AssociationKey), AssociationKey is null || AssociationKey.Length is 16 or 32, "16 or 32 bytes", AssociationKey?.Length);
        Check(parameter, nameof(PromisedReads), PromisedReads is >= 2 and <= 1 << 20, "2 to 1048576", PromisedReads);
        Check(parameter, nameof(PromisedWrites), PromisedWrites is >= 2 and <= 1 << 20, "2 to 1048576", PromisedWrites);
        Check(parameter, nameof(MaxAssociationLookups), MaxAssociationLookups is >= 1 and <= 1_000_000, "1 to 1000000", MaxAssociationLookups);
        Check(parameter, nameof(MaxAssociationLookupsPerHost), MaxAssociationLookupsPerHost is >= 1 and <= 1_000_000, "1 to 1000000", MaxAssociationLookupsPerHost);
        if (Associations != null && (Node == null || AssociationKey == null))
        {
            throw new ArgumentException($"{nameof(Associations)} needs a {nameof(Node)} and an {nameof(AssociationKey)}.", parameter);
        }

        if (ClientCertificates != ClientCertificates.None && !UsesCertificates)
        {
            throw new ArgumentException($"{nameof(ClientCertificates)} asks clients for certificates, but {nameof(Certificates)} has none: a server that asks must show one.", parameter);
        }
    }
}

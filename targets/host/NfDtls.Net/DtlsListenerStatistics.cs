namespace NfDtls.Net;

/// <summary>What a listener has counted since it began, all of its shards together.</summary>
public sealed record DtlsListenerStatistics
{
    /// <summary>Connections and handshakes that are not over.</summary>
    public int Sessions { get; init; }

    /// <summary>Handshakes that run.</summary>
    public int Handshakes { get; init; }

    /// <summary>Handshakes that succeeded.</summary>
    public long HandshakesCompleted { get; init; }

    /// <summary>Handshakes that failed.</summary>
    public long HandshakesFailed { get; init; }

    /// <summary>Clients that found no place.</summary>
    public long NoFreeSession { get; init; }

    /// <summary>Cookies sent.</summary>
    public long CookiesSent { get; init; }

    /// <summary>Records that the engines dropped: malformed, forged, replayed, nobody's.</summary>
    public long RecordsDropped { get; init; }

    /// <summary>Datagrams that the system did not take.</summary>
    public long DatagramsLost { get; init; }

    /// <summary>Datagrams received.</summary>
    public long DatagramsReceived { get; init; }

    /// <summary>Datagrams sent.</summary>
    public long DatagramsSent { get; init; }

    /// <summary>Datagrams that came by one shard and were another's: clients that moved.</summary>
    public long DatagramsHandedOver { get; init; }

    /// <summary>Datagrams given to other nodes, whose connection ID they have.</summary>
    public long DatagramsForOtherNodes { get; init; }

    /// <summary>Datagrams with a connection ID that leads to no association, of this node's or in the store.</summary>
    public long DatagramsForNobody { get; init; }

    /// <summary>Associations of nodes that fell, or left, with which this one goes on.</summary>
    public long AssociationsTakenOver { get; init; }

    /// <summary>Connections closed because <see cref="DtlsListenerOptions.ListenBacklog"/> others waited to be accepted.</summary>
    public long BacklogRejections { get; init; }

    /// <summary>Call-backs for pre-shared keys that took too long, or gave way.</summary>
    public long PskTimeouts { get; init; }

    /// <summary>Peers whose address changed.</summary>
    public long PeersMoved { get; init; }
}

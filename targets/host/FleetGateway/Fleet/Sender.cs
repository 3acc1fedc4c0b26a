using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace FleetGateway.Fleet;

/// <summary>Who sends to the balancer, and the socket by which it is known to the nodes.</summary>
internal sealed class Sender(IPEndPoint endPoint, Socket far)
{
    internal IPEndPoint EndPoint => endPoint;

    internal Socket Far => far;

    /// <summary>The node that it was given.</summary>
    internal IPEndPoint? Node { get; set; }

    /// <summary>
    /// Whether a node answered it under keys, and so has its handshake behind it. An answer alone proves nothing: a hello from a made-up
    /// address has one, too.
    /// </summary>
    internal bool IsKnown { get; set; }

    /// <summary>When it spoke last, as the time provider's timestamp.</summary>
    internal long Heard { get; set; }

    internal LinkedListNode<Sender>? PlaceInAll { get; set; }

    internal LinkedListNode<Sender>? PlaceInHost { get; set; }
}

using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace NfDtls.Tool;

/// <summary>
/// A lossy network in front of a server: a UDP relay on a port of its own, with a socket towards the server for each peer.
/// </summary>
internal sealed class LossyNetwork : IDisposable
{
    private const int MaxPeers = 4096;

    private readonly Accidents _accidents;
    private readonly IPEndPoint _server;
    private readonly Socket _front;
    private readonly Dictionary<EndPoint, Peer> _peers = [];

    public LossyNetwork(Accidents accidents, IPEndPoint local, IPEndPoint server)
    {
        _accidents = accidents;
        _server = server;
        _front = Udp.Bind(local);
        _ = ReceiveFromPeers();
    }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_front.LocalEndPoint!;

    public void Dispose()
    {
        _front.Dispose();
        lock (_peers)
        {
            foreach (Peer peer in _peers.Values)
            {
                peer.Back.Dispose();
            }

            _peers.Clear();
        }
    }

    private async Task ReceiveFromPeers()
    {
        byte[] buffer = new byte[65536];
        EndPoint any = new IPEndPoint(_front.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult result = await _front.ReceiveFromAsync(buffer, SocketFlags.None, any).ConfigureAwait(false);
                FindPeer(result.RemoteEndPoint)?.ToServer.Pass(buffer.AsSpan(0, result.ReceivedBytes).ToArray());
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // A peer whose port is closed: not the network's business.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private Peer? FindPeer(EndPoint address)
    {
        lock (_peers)
        {
            if (!_peers.TryGetValue(address, out Peer? peer) && _peers.Count < MaxPeers)
            {
                peer = new Peer(this, address, _peers.Count);
                _peers.Add(address, peer);
            }

            return peer;
        }
    }

    private sealed class Peer
    {
        private readonly LossyPath _toPeer;

        public Peer(LossyNetwork network, EndPoint address, int number)
        {
            Back = new Socket(network._server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            Back.Connect(network._server);
            ToServer = new LossyPath(network._accidents, 2 * number, datagram => Send(() => Back.Send(datagram)));
            _toPeer = new LossyPath(network._accidents, 2 * number + 1, datagram => Send(() => network._front.SendTo(datagram, address)));
            _ = ReceiveFromServer();
        }

        public Socket Back { get; }

        public LossyPath ToServer { get; }

        private static void Send(Func<int> send)
        {
            try
            {
                send();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is lost, as datagrams may be.
            }
        }

        private async Task ReceiveFromServer()
        {
            byte[] buffer = new byte[65536];
            while (true)
            {
                try
                {
                    int count = await Back.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);
                    _toPeer.Pass(buffer.AsSpan(0, count).ToArray());
                }
                catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
                {
                    // Nobody listens at the server's port yet, or any more.
                }
                catch (Exception e) when (e is ObjectDisposedException or SocketException)
                {
                    return;
                }
            }
        }
    }
}

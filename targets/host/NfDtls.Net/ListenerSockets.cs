using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Net;

/// <summary>A listener's sockets: on Linux as many as shards, on one port, among which the kernel spreads clients by their address; elsewhere one.</summary>
internal static class ListenerSockets
{
    private const int BufferSize = 1 << 20;

    // Linux's numbers: SOL_SOCKET and SO_REUSEPORT.
    private const int SocketLevel = 1;
    private const int ReusePort = 15;

    /// <summary>Whether tests want one socket, as on other systems.</summary>
    internal static bool UseOne { get; set; }

    /// <summary>Binds them all.</summary>
    /// <exception cref="DtlsException">SocketError: the address cannot be had.</exception>
    internal static Socket[] Bind(IPEndPoint local, int shards)
    {
        List<Socket> sockets = [];
        try
        {
            // Alone at first: where somebody else has the port, that is an error, and not one more who shares it.
            sockets.Add(Make(local));
            sockets[0].Bind(local);
            if (shards > 1 && OperatingSystem.IsLinux() && !UseOne)
            {
                Share(sockets[0]);
                IPEndPoint bound = (IPEndPoint)sockets[0].LocalEndPoint!;
                while (sockets.Count < shards)
                {
                    Socket socket = Make(local);
                    sockets.Add(socket);
                    Share(socket);
                    socket.Bind(bound);
                }
            }

            return sockets.ToArray();
        }
        catch (SocketException e)
        {
            foreach (Socket socket in sockets)
            {
                socket.Dispose();
            }

            throw new DtlsException(DtlsError.SocketError, $"{local} cannot be had: {e.Message}", e);
        }
    }

    private static Socket Make(IPEndPoint local)
    {
        Socket socket = new(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = BufferSize;
            socket.SendBufferSize = BufferSize;
        }
        catch (SocketException)
        {
            // The system's own sizes will do.
        }

        return socket;
    }

    private static void Share(Socket socket)
    {
        socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
    }
}

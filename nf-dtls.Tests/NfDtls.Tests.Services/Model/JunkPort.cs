using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>A port where, for a thread of the application's, a stranger's datagram always stands before what is meant for it; a client's own thread is past those.</summary>
internal sealed class JunkPort : DatagramPort
{
    private static readonly byte[] Stranger = [4, 0, 9, 10, 0, 0, 9];

    private readonly DatagramPort _port;
    private bool _isFlooded;

    internal JunkPort(DatagramPort port)
    {
        _port = port;
    }

    public override IPEndPoint LocalEndPoint => _port.LocalEndPoint;

    /// <summary>From now on there is junk.</summary>
    internal void Flood()
    {
        Volatile.Write(ref _isFlooded, true);
    }

    public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
    {
        if (!Volatile.Read(ref _isFlooded) || Thread.CurrentThread.Name == "NfDtls")
        {
            return _port.Receive(buffer, address, out addressLength, milliseconds);
        }

        Stranger.CopyTo(address, 0);
        addressLength = Stranger.Length;
        buffer[0] = 0;
        return 1;
    }

    public override void Send(byte[] buffer, int offset, int count, byte[] address)
    {
        _port.Send(buffer, offset, count, address);
    }

    public override void Wake()
    {
        _port.Wake();
    }
}

using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>A port that knows who is in it.</summary>
internal sealed class WatchedPort : DatagramPort
{
    private readonly DatagramPort _port;
    private Thread? _last;
    private int _inside;
    private int _most;

    internal WatchedPort(DatagramPort port)
    {
        _port = port;
    }

    /// <summary>The thread that received a datagram last.</summary>
    internal Thread? Last => Volatile.Read(ref _last);

    /// <summary>The most threads that were in <see cref="Receive"/> at once.</summary>
    internal int Most => Volatile.Read(ref _most);

    public override IPEndPoint LocalEndPoint => _port.LocalEndPoint;

    public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
    {
        int inside = Interlocked.Increment(ref _inside);
        if (inside > Volatile.Read(ref _most))
        {
            Volatile.Write(ref _most, inside);
        }

        try
        {
            int length = _port.Receive(buffer, address, out addressLength, milliseconds);
            if (length >= 0)
            {
                Volatile.Write(ref _last, Thread.CurrentThread);
            }

            return length;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
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

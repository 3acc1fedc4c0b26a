using System;
using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>A port that nobody can wake, and that fails where it is told to.</summary>
internal sealed class OddPort : DatagramPort
{
    private readonly MemoryPort _port;
    private Exception? _fault;
    private string _where = "";
    private int _thrown;

    internal OddPort(MemoryPort port)
    {
        _port = port;
    }

    /// <summary>How often it has failed since it was told to.</summary>
    internal int Thrown => Volatile.Read(ref _thrown);

    /// <summary>Bytes of the longest datagram that goes; what is longer is a SocketException, as of a socket that does not fragment.</summary>
    internal int Longest { get; set; } = int.MaxValue;

    public override IPEndPoint LocalEndPoint
    {
        get
        {
            Fail("LocalEndPoint");
            return _port.LocalEndPoint;
        }
    }

    /// <summary>Has Receive throw from now on; null mends it.</summary>
    internal void Break(Exception? fault)
    {
        Break("Receive", fault);
    }

    /// <summary>Has a method throw from now on; null mends it.</summary>
    internal void Break(string where, Exception? fault)
    {
        Volatile.Write(ref _thrown, 0);
        Volatile.Write(ref _where, where);
        Volatile.Write(ref _fault, fault);
    }

    public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
    {
        Fail("Receive");
        int length = _port.Receive(buffer, address, out addressLength, milliseconds);
        if (Volatile.Read(ref _where) == "its answers" && length >= 0)
        {
            Interlocked.Increment(ref _thrown);
            addressLength = 99;
            return buffer.Length + 1000;
        }

        return length;
    }

    public override void Send(byte[] buffer, int offset, int count, byte[] address)
    {
        Fail("Send");
        if (count > Longest)
        {
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.MessageSize);
        }

        _port.Send(buffer, offset, count, address);
    }

    public override void Wake()
    {
        Fail("Wake");
    }

    private void Fail(string method)
    {
        Exception? fault = Volatile.Read(ref _fault);
        if (fault != null && (Volatile.Read(ref _where) == method || Volatile.Read(ref _where) == "any"))
        {
            Interlocked.Increment(ref _thrown);
            throw fault;
        }
    }
}

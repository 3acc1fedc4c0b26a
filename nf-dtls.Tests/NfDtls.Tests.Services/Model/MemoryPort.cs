using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>A port of a <see cref="MemoryNetwork"/>.</summary>
internal sealed class MemoryPort : DatagramPort
{
    private const int MaxWaiting = 64;

    private readonly MemoryNetwork _network;
    private readonly byte[] _address;
    private readonly Queue<(byte[] From, byte[] Data)> _waiting = new();
    private bool _isWoken;

    internal MemoryPort(MemoryNetwork network, int number)
    {
        _network = network;
        _address = [4, (byte)(number >> 8), (byte)number, 10, 0, 0, 1];
        LocalEndPoint = MemoryNetwork.AddressOf(number);
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
    {
        _network.Note(Thread.CurrentThread);
        addressLength = 0;
        lock (_waiting)
        {
            if (_waiting.Count == 0 && !_isWoken && milliseconds > 0)
            {
                Monitor.Wait(_waiting, milliseconds);
            }

            _isWoken = false;
            if (!_waiting.TryDequeue(out (byte[] From, byte[] Data) datagram))
            {
                return -1;
            }

            int length = Math.Min(buffer.Length, datagram.Data.Length);
            datagram.Data.AsSpan(0, length).CopyTo(buffer);
            datagram.From.CopyTo(address, 0);
            addressLength = datagram.From.Length;
            return length;
        }
    }

    public override void Send(byte[] buffer, int offset, int count, byte[] address)
    {
        _network.Send(_address, address, buffer.AsSpan(offset, count));
    }

    public override void Wake()
    {
        lock (_waiting)
        {
            _isWoken = true;
            Monitor.PulseAll(_waiting);
        }
    }

    internal void Put(byte[] from, byte[] data)
    {
        lock (_waiting)
        {
            if (_waiting.Count < MaxWaiting)
            {
                _waiting.Enqueue((from, data));
                Monitor.PulseAll(_waiting);
            }
        }
    }
}

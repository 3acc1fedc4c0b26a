using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;

namespace NfDtls.Tests.Services.Model;

/// <summary>A network in memory that loses some datagrams, and knows which background threads have received from it.</summary>
internal sealed class MemoryNetwork
{
    private readonly Dictionary<int, MemoryPort> _ports = new();
    private readonly HashSet<Thread> _threads = new();
    private readonly Random _random;
    private readonly int _loss;

    /// <param name="seed">Of what is lost.</param>
    /// <param name="loss">Datagrams lost in a hundred.</param>
    internal MemoryNetwork(int seed, int loss)
    {
        _random = new Random(seed);
        _loss = loss;
    }

    /// <summary>Threads of clients and servers that have received from it; a caller's own is none.</summary>
    internal Thread[] Threads
    {
        get
        {
            lock (_ports)
            {
                return [.. _threads];
            }
        }
    }

    internal static IPEndPoint AddressOf(int port)
    {
        return new IPEndPoint(IPAddress.Parse("10.0.0.1"), port);
    }

    /// <summary>Makes the port of a number. What goes there comes to the one made last.</summary>
    internal MemoryPort Bind(int number)
    {
        MemoryPort port = new MemoryPort(this, number);
        lock (_ports)
        {
            _ports[number] = port;
        }

        return port;
    }

    internal void Send(byte[] from, byte[] to, ReadOnlySpan<byte> data)
    {
        MemoryPort? port;
        lock (_ports)
        {
            if (_random.Next(100) < _loss || !_ports.TryGetValue((to[1] << 8) | to[2], out port))
            {
                return;
            }
        }

        port.Put(from, data.ToArray());
    }

    internal void Note(Thread thread)
    {
        if (thread.Name != "NfDtls")
        {
            return;
        }

        lock (_ports)
        {
            _threads.Add(thread);
        }
    }
}

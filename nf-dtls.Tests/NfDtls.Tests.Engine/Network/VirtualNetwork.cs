using System;
using System.Collections.Generic;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>
/// A network in virtual time between one server and any number of clients. It goes from event to event, a delivery or a
/// deadline, and does to the datagrams what it is told to; the same seed gives the same run.
/// </summary>
internal sealed class VirtualNetwork
{
    private const int MaxEventsAtOneTime = 100_000;
    private const int Guard = 5;

    private readonly Random _random;
    private readonly PriorityQueue<Datagram, (long Due, long Order)> _flying = new();
    private readonly List<TestClient> _clients = new();
    private readonly byte[] _delivery = new byte[70_000];
    private long _order;

    internal VirtualNetwork(int seed)
    {
        _random = new Random(seed);
    }

    /// <summary>Milliseconds; begins far from zero so that nobody takes zero for "now".</summary>
    internal long Now { get; set; } = 1_000_000;

    internal DtlsServerEngine? Server { get; set; }

    /// <summary>Chances, 0 to 1.</summary>
    internal double Drop { get; set; }

    internal double Duplicate { get; set; }

    /// <summary>The chance that a datagram takes up to <see cref="LongestDelay"/> and is overtaken.</summary>
    internal double Delay { get; set; }

    internal double Corrupt { get; set; }

    internal double Truncate { get; set; }

    internal int Latency { get; set; } = 10;

    internal int LongestDelay { get; set; } = 3000;

    /// <summary>Longer datagrams vanish.</summary>
    internal int Mtu { get; set; } = 65_000;

    /// <summary>Asked about every datagram sent: true lets it pass. It may change the bytes, or inject others.</summary>
    internal Func<Datagram, bool>? Filter { get; set; }

    /// <summary>Every datagram that an engine sent, as it was sent.</summary>
    internal List<Datagram> Sent { get; } = new();

    /// <summary>What the server's associations told, in order.</summary>
    internal List<(Association Association, int Events)> ServerEvents { get; } = new();

    /// <summary>Whether providers and what else is plugged in may throw: else that is a defect, the engine's own perhaps.</summary>
    internal bool PartsMayFail { get; set; }

    /// <summary>What they threw.</summary>
    internal List<Exception> Failures { get; } = new();

    /// <summary>Whether the server sends back what it receives. Default true.</summary>
    internal bool Echo { get; set; } = true;

    /// <summary>Whether the server's associations are released when they closed. Default true.</summary>
    internal bool AutoRelease { get; set; } = true;

    /// <summary>Answers a server's or a client's question for a key.</summary>
    internal Action<PskRequest>? PskWanted { get; set; }

    internal int Events { get; private set; }

    internal TestClient Add(DtlsClientEngine engine, byte[] address)
    {
        TestClient client = new TestClient(engine, address);
        _clients.Add(client);
        return client;
    }

    /// <summary>The client is gone without a word; its address is free for another.</summary>
    internal void Remove(TestClient client)
    {
        _clients.Remove(client);
    }

    /// <summary>Puts a datagram on its way that no engine sent.</summary>
    internal void Inject(bool toServer, byte[] address, byte[] bytes, int delay)
    {
        Schedule(new Datagram(toServer, address, (byte[])bytes.Clone(), Now, -1), Now + delay);
    }

    /// <summary>Goes from event to event until the condition holds (true) or this many milliseconds passed (false).</summary>
    internal bool Run(Func<bool> until, long milliseconds)
    {
        long end = Now + milliseconds;
        int atOneTime = 0;
        while (true)
        {
            Flush();
            if (until())
            {
                return true;
            }

            long next = NextEvent();
            if (next > end)
            {
                Now = end;
                return false;
            }

            if (next > Now)
            {
                Now = next;
                atOneTime = 0;
            }

            atOneTime++;
            Events++;
            if (atOneTime > MaxEventsAtOneTime)
            {
                throw new InvalidOperationException("Time stands still: an engine wants to be called again and again at " + Now + ".");
            }

            Step();
        }
    }

    internal void Run(long milliseconds)
    {
        Run(() => false, milliseconds);
    }

    /// <summary>Runs until nothing flies and nobody has a deadline in this time.</summary>
    internal void Settle()
    {
        Run(() => _flying.Count == 0, 100_000);
    }

    /// <summary>Takes every datagram that the engines want to send, and every event.</summary>
    internal void Flush()
    {
        bool any = true;
        while (any)
        {
            any = false;
            if (Server != null)
            {
                for (Packet packet = Server.PollDatagram(Now); packet != null; packet = Server.PollDatagram(Now))
                {
                    any = true;
                    Send(false, packet.Address.AsSpan(0, packet.AddressLength).ToArray(), packet);
                }

                any |= TakeServerEvents();
                TakeFailure(Server);
            }

            for (int i = 0; i < _clients.Count; i++)
            {
                TestClient client = _clients[i];
                for (Packet packet = client.Engine.PollDatagram(Now); packet != null; packet = client.Engine.PollDatagram(Now))
                {
                    any = true;
                    Send(true, client.Address, packet);
                }

                TakeFailure(client.Engine);
                int events = client.TakeEvents();
                any |= events != 0;
                if ((events & AssociationEvents.PskWanted) != 0 && PskWanted != null)
                {
                    PskWanted(client.Engine.Association.PskRequest);
                }
            }
        }
    }

    /// <summary>Hands bytes to an engine in a larger array, and checks that it wrote nowhere else.</summary>
    internal void Deliver(bool toServer, byte[] address, byte[] bytes)
    {
        Array.Fill(_delivery, (byte)0xA5, 0, Guard);
        Array.Copy(bytes, 0, _delivery, Guard, bytes.Length);
        Array.Fill(_delivery, (byte)0xA5, Guard + bytes.Length, Guard);
        if (toServer)
        {
            Server?.HandleDatagram(_delivery, Guard, bytes.Length, address, address.Length, Now);
        }
        else
        {
            FindClient(address)?.Engine.HandleDatagram(_delivery, Guard, bytes.Length, Now);
        }

        for (int i = 0; i < Guard; i++)
        {
            if (_delivery[i] != 0xA5 || _delivery[Guard + bytes.Length + i] != 0xA5)
            {
                throw new InvalidOperationException("An engine wrote outside of the datagram that it was given.");
            }
        }
    }

    private void Step()
    {
        if (_flying.TryPeek(out Datagram? datagram, out (long Due, long Order) due) && due.Due <= Now)
        {
            _flying.Dequeue();
            Deliver(datagram.ToServer, datagram.Address, datagram.Bytes);
            return;
        }

        if (Server != null && Server.NextDeadline <= Now)
        {
            Server.HandleTimeout(Now);
        }

        for (int i = 0; i < _clients.Count; i++)
        {
            if (_clients[i].Engine.NextDeadline <= Now)
            {
                _clients[i].Engine.HandleTimeout(Now);
            }
        }
    }

    private long NextEvent()
    {
        long next = _flying.TryPeek(out _, out (long Due, long Order) due) ? due.Due : long.MaxValue;
        next = Math.Min(next, Server == null ? long.MaxValue : Server.NextDeadline);
        foreach (TestClient client in _clients)
        {
            next = Math.Min(next, client.Engine.NextDeadline);
        }

        return Math.Max(next, Now);
    }

    private void TakeFailure(DtlsEngine engine)
    {
        Exception? failure = engine.TakeFailure();
        if (failure == null)
        {
            return;
        }

        Failures.Add(failure);
        if (!PartsMayFail)
        {
            throw new InvalidOperationException("Something threw inside of an engine: " + failure.Message, failure);
        }
    }

    private bool TakeServerEvents()
    {
        bool any = false;
        for (Association association = Server!.PollEvent(out int events); association != null; association = Server.PollEvent(out events))
        {
            any = true;
            ServerEvents.Add((association, events));
            if ((events & AssociationEvents.PskWanted) != 0 && PskWanted != null)
            {
                PskWanted(association.PskRequest);
            }

            if ((events & AssociationEvents.Data) != 0 && Echo)
            {
                EchoAll(association);
            }

            if ((events & AssociationEvents.Closed) != 0 && AutoRelease)
            {
                Server.Release(association);
            }
        }

        return any;
    }

    private void EchoAll(Association association)
    {
        byte[] buffer = new byte[20_000];
        while (association.Pending > 0)
        {
            int length = association.Receive(buffer, 0);
            if (association.State == AssociationState.Connected)
            {
                association.Send(buffer, 0, length, Now);
            }
        }
    }

    private TestClient? FindClient(byte[] address)
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            if (_clients[i].Address.AsSpan().SequenceEqual(address))
            {
                return _clients[i];
            }
        }

        return null;
    }

    private void Send(bool toServer, byte[] address, Packet packet)
    {
        byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        Datagram datagram = new Datagram(toServer, address, bytes, Now, Sent.Count);
        Sent.Add(new Datagram(toServer, address, (byte[])bytes.Clone(), Now, Sent.Count));
        if (bytes.Length > Mtu || Chance(Drop) || (Filter != null && !Filter(datagram)))
        {
            return;
        }

        int times = Chance(Duplicate) ? 2 : 1;
        for (int i = 0; i < times; i++)
        {
            Datagram copy = new Datagram(toServer, address, (byte[])datagram.Bytes.Clone(), Now, datagram.Number);
            if (Chance(Corrupt) && copy.Bytes.Length > 0)
            {
                copy.Bytes[_random.Next(copy.Bytes.Length)] ^= (byte)_random.Next(1, 256);
            }

            if (Chance(Truncate))
            {
                copy.Bytes = copy.Bytes.AsSpan(0, _random.Next(copy.Bytes.Length)).ToArray();
            }

            int delay = Chance(Delay) ? _random.Next(1, LongestDelay) : 0;
            Schedule(copy, Now + Latency + delay);
        }
    }

    private void Schedule(Datagram datagram, long due)
    {
        _flying.Enqueue(datagram, (due, _order++));
    }

    private bool Chance(double chance)
    {
        return chance > 0 && _random.NextDouble() < chance;
    }
}

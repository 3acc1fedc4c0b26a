using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace FleetGateway.Fleet;

/// <summary>
/// The balancer's senders, which anybody can make up by a datagram: so many in all and of one host, and none that is silent for long.
/// Where there are too many, a stranger gives way before one that a node knows, and of them who has been silent for longest. Not safe
/// from several threads.
/// </summary>
internal sealed class Senders(TimeProvider time)
{
    /// <summary>Senders that are kept at a time.</summary>
    internal const int Most = 4096;

    /// <summary>Senders of one address that are kept at a time; of IPv6: of one network of 64 bits.</summary>
    internal const int MostOfHost = 1024;

    private const int LengthOfNetwork = 8;

    /// <summary>For how long a stranger may be silent: longer than the waits of a handshake (RFC 6347, section 4.2.4.1).</summary>
    internal static readonly TimeSpan PatienceWithStrangers = TimeSpan.FromSeconds(60);

    /// <summary>For how long a sender that a node knows may be silent.</summary>
    internal static readonly TimeSpan PatienceWithKnown = TimeSpan.FromMinutes(30);

    private readonly Dictionary<IPEndPoint, Sender> _all = [];
    private readonly Dictionary<IPAddress, SenderQueue> _hosts = [];
    private readonly SenderQueue _order = new();

    internal int Count => _order.Count;

    /// <summary>Who has an address, which has spoken just now; null for nobody.</summary>
    internal Sender? Find(IPEndPoint from)
    {
        if (_all.TryGetValue(from, out Sender? sender))
        {
            Leave(sender);
            Enter(sender);
        }

        return sender;
    }

    /// <summary>Takes one more, which has spoken just now; who has to gives way before.</summary>
    internal void Add(Sender sender)
    {
        if (_hosts.TryGetValue(HostOf(sender), out SenderQueue? host) && host.Count == MostOfHost)
        {
            End(host.Oldest!);
        }

        if (Count == Most)
        {
            End(_order.Oldest!);
        }

        _all.Add(sender.EndPoint, sender);
        Enter(sender);
    }

    /// <summary>A node answered it under keys.</summary>
    internal void Know(Sender sender)
    {
        if (!sender.IsKnown && IsHere(sender))
        {
            Leave(sender);
            sender.IsKnown = true;
            Enter(sender);
        }
    }

    /// <summary>Ends one, unless it has ended.</summary>
    internal void End(Sender sender)
    {
        if (IsHere(sender))
        {
            Leave(sender);
            _all.Remove(sender.EndPoint);
            sender.Far.Dispose();
        }
    }

    /// <summary>Ends who has been silent for too long.</summary>
    internal void EndSilent()
    {
        while (_order.OldestStranger is { } stranger && time.GetElapsedTime(stranger.Heard) >= PatienceWithStrangers)
        {
            End(stranger);
        }

        while (_order.OldestKnown is { } known && time.GetElapsedTime(known.Heard) >= PatienceWithKnown)
        {
            End(known);
        }
    }

    /// <summary>Ends so many strangers: those that have been silent for longest.</summary>
    internal void EndStrangers(int count)
    {
        for (; count > 0 && _order.OldestStranger is { } stranger; count--)
        {
            End(stranger);
        }
    }

    internal void EndAll()
    {
        while (_order.Oldest is { } sender)
        {
            End(sender);
        }
    }

    private static bool IsHere(Sender sender)
    {
        return sender.PlaceInAll != null;
    }

    private void Enter(Sender sender)
    {
        IPAddress name = HostOf(sender);
        if (!_hosts.TryGetValue(name, out SenderQueue? host))
        {
            _hosts[name] = host = new SenderQueue();
        }

        sender.Heard = time.GetTimestamp();
        sender.PlaceInAll = _order.Add(sender);
        sender.PlaceInHost = host.Add(sender);
    }

    private void Leave(Sender sender)
    {
        SenderQueue.Remove(sender.PlaceInAll!);
        SenderQueue.Remove(sender.PlaceInHost!);
        sender.PlaceInAll = null;
        sender.PlaceInHost = null;
        IPAddress name = HostOf(sender);
        if (_hosts[name].Count == 0)
        {
            _hosts.Remove(name);
        }
    }

    private static IPAddress HostOf(Sender sender)
    {
        IPAddress address = sender.EndPoint.Address;
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(LengthOfNetwork).Clear();
        return new IPAddress(bytes);
    }
}

using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Net;

/// <summary>
/// How many questions datagrams may put to the store of associations: so many a second in all, and so many of one host's. Anybody
/// can make up connection IDs, and each would cost a question. Hosts share a fixed table by a hash that nobody can foresee, so that
/// it takes no more memory for more of them; two that meet there share what one has. Not safe from several threads.
/// </summary>
internal sealed class LookupLimit
{
    private const int Slots = 4096;
    private const int PrefixOfIpv6 = 8;

    private readonly Bucket[] _hosts = new Bucket[Slots];
    private readonly int _perHost;
    private readonly int _most;
    private readonly long _second;
    private Bucket _all;

    /// <param name="most">In a second, of all.</param>
    /// <param name="perHost">In a second, of one host.</param>
    /// <param name="second">What the clock counts in a second.</param>
    /// <param name="now">The time.</param>
    internal LookupLimit(int most, int perHost, long second, long now)
    {
        _most = most;
        _perHost = perHost;
        _second = second;
        _all = new Bucket(most, now);
        Array.Fill(_hosts, new Bucket(perHost, now));
    }

    /// <summary>Where a host stands in the table: by its address, of IPv6 by its network, in which it may have any.</summary>
    internal static int SlotOf(IPAddress host)
    {
        Span<byte> address = stackalloc byte[16];
        IPAddress plain = host.IsIPv4MappedToIPv6 ? host.MapToIPv4() : host;
        plain.TryWriteBytes(address, out int length);
        return PeerAddress.Hash(address[..(plain.AddressFamily == AddressFamily.InterNetworkV6 ? PrefixOfIpv6 : length)]) % Slots;
    }

    /// <summary>Whether one more may be put; then it counts.</summary>
    /// <param name="slot">The host's, of <see cref="SlotOf"/>.</param>
    /// <param name="now">The time.</param>
    internal bool TryTake(int slot, long now)
    {
        // A host that has too many takes none of the others'.
        return _hosts[slot].Fill(_perHost, _second, now) && _all.Fill(_most, _second, now) && _hosts[slot].Take() && _all.Take();
    }

    /// <summary>What may be put at once: fills up in a second.</summary>
    private struct Bucket(int left, long at)
    {
        private double _left = left;
        private long _at = at;

        /// <summary>Adds what the time has brought; false where there is not one.</summary>
        internal bool Fill(int most, long second, long now)
        {
            _left = Math.Min(most, _left + ((double)most * Math.Max(0, now - _at) / second));
            _at = Math.Max(_at, now);
            return _left >= 1;
        }

        internal bool Take()
        {
            _left--;
            return true;
        }
    }
}

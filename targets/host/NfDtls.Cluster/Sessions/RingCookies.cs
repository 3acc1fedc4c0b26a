using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using NfDtls.Server;

namespace NfDtls.Cluster;

/// <summary>
/// Cookie keys of ASP.NET Core Data Protection's key ring: nodes that share the ring take each other's cookies, whichever of them gets a
/// client's second hello. Each minute has a key of its own, derived of the ring's key that was active when it began; a cookie holds in
/// its minute and the next. Where the clocks of two nodes, or what they know of the ring, differ for a moment, a client of DTLS 1.2 is
/// asked once more, and one of 1.3 has to begin anew. One object serves all engines of a node, with a <see cref="CookieKeys"/> for each
/// (<see cref="ForEngine"/>).
/// </summary>
public sealed class RingCookies : IDisposable
{
    private static readonly long TicksOfPeriod = TimeSpan.FromMinutes(1).Ticks;

    private readonly TimeProvider _time;
    private readonly KeyRing _ring;
    private KeyRing.Entry[] _entries = [];

    /// <param name="manager">The key ring's, from the services that AddDataProtection adds.</param>
    /// <param name="refresh">How often the ring is read again, a second to a day; null for a minute.</param>
    /// <param name="time">Which minute it is; null for the system's.</param>
    /// <exception cref="ArgumentException">The refresh is out of its range.</exception>
    /// <exception cref="InvalidOperationException">No key of the ring can be read.</exception>
    public RingCookies(IKeyManager manager, TimeSpan? refresh = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _ring = new KeyRing(manager, "NfDtls cookies v1", refresh, _time, entries => Volatile.Write(ref _entries, entries));
    }

    /// <summary>Keys of the ring that could not be read when it was read last.</summary>
    public int Unreadable => _ring.Unreadable;

    /// <summary>Reads the ring now.</summary>
    /// <exception cref="InvalidOperationException">No key of the ring can be read; those that were read last serve on.</exception>
    public void Refresh()
    {
        _ring.Refresh();
    }

    /// <summary>What goes into the <see cref="DtlsOptions.Features"/> of one engine.</summary>
    public CookieKeys ForEngine()
    {
        return new Keys(this);
    }

    /// <summary>Ends the reading; the keys that were read last stay.</summary>
    public void Dispose()
    {
        _ring.Dispose();
    }

    private void WriteKey(long period, Span<byte> destination)
    {
        DateTimeOffset begins = new(period * TicksOfPeriod, TimeSpan.Zero);
        KeyRing.Entry[] entries = Volatile.Read(ref _entries);
        KeyRing.Entry entry = Array.Find(entries, one => one.Key.ActivationDate <= begins) ?? entries[^1];
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, period);
        HMACSHA256.HashData(entry.Secret, number, destination);
    }

    private sealed class Keys(RingCookies cookies) : CookieKeys
    {
        public override long GetPeriod(long now)
        {
            return cookies._time.GetUtcNow().UtcTicks / TicksOfPeriod;
        }

        public override void WriteKey(long period, byte[] destination, int offset)
        {
            cookies.WriteKey(period, destination.AsSpan(offset, KeyLength));
        }
    }
}

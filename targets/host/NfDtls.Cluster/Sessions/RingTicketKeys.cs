using System;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using NfDtls.Extensions;

namespace NfDtls.Cluster;

/// <summary>
/// Ticket keys of ASP.NET Core Data Protection's key ring: nodes that share the ring take each other's tickets. Each key of the ring
/// gives one, derived from its master key by HKDF; which one seals now, how long the ones before open, and which were revoked, is the
/// ring's to say. One object may serve several engines. The ring is read on a timer, and never from within an engine.
/// </summary>
public sealed class RingTicketKeys : TicketKeys, IDisposable
{
    private readonly TimeProvider _time;
    private readonly KeyRing _ring;
    private Ticket[] _tickets = [];

    /// <param name="manager">The key ring's, from the services that AddDataProtection adds.</param>
    /// <param name="refresh">How often the ring is read again, a second to a day; null for a minute. A key that is revoked opens nothing from then on.</param>
    /// <param name="time">Says which keys are active; null for the system's.</param>
    /// <exception cref="ArgumentException">The refresh is out of its range.</exception>
    /// <exception cref="InvalidOperationException">No key of the ring can be read.</exception>
    public RingTicketKeys(IKeyManager manager, TimeSpan? refresh = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _ring = new KeyRing(manager, "NfDtls tickets v1", refresh, _time, entries => Volatile.Write(ref _tickets, entries.Select(entry => new Ticket(entry)).ToArray()));
    }

    /// <summary>
    /// Keys of the ring that could not be read when it was read last, such as one that is encrypted for another machine alone: tickets
    /// under them open nowhere here, and the others go on.
    /// </summary>
    public int Unreadable => _ring.Unreadable;

    /// <summary>
    /// Reads the ring now; where it has no key that is active and can be read, makes one, as Data Protection itself does.
    /// </summary>
    /// <exception cref="InvalidOperationException">No key of the ring can be read; those that were read last serve on.</exception>
    public void Refresh()
    {
        _ring.Refresh();
    }

    /// <inheritdoc/>
    public override TicketKey? GetCurrent(CryptoProvider crypto, long now)
    {
        DateTimeOffset time = _time.GetUtcNow();
        return Array.Find(Volatile.Read(ref _tickets), ticket => ticket.Entry.IsActive(time))?.Key;
    }

    /// <inheritdoc/>
    public override TicketKey? Find(byte[] name, int offset, long now)
    {
        return Array.Find(Volatile.Read(ref _tickets), ticket => name.AsSpan(offset, TicketKey.NameLength).SequenceEqual(ticket.Name))?.Key;
    }

    /// <summary>Ends the reading; the keys that were read last stay.</summary>
    public void Dispose()
    {
        _ring.Dispose();
    }

    private sealed class Ticket
    {
        internal Ticket(KeyRing.Entry entry)
        {
            Entry = entry;
            Name = SHA256.HashData(entry.Key.KeyId.ToByteArray())[..TicketKey.NameLength];
            Key = new TicketKey(Name, CryptoAlgorithm.Aes256Gcm, entry.Secret);
        }

        internal KeyRing.Entry Entry { get; }

        internal byte[] Name { get; }

        internal TicketKey Key { get; }
    }
}

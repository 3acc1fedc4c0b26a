using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Xml.Linq;
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
    private const int KeyLength = 32;
    private static readonly byte[] Purpose = Encoding.ASCII.GetBytes("NfDtls tickets v1");

    private readonly IKeyManager _manager;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _refreshing = new();
    private Ring _ring = new([], []);
    private int _unreadable;

    /// <param name="manager">The key ring's, from the services that AddDataProtection adds.</param>
    /// <param name="refresh">How often the ring is read again, a second to a day; null for a minute. A key that is revoked opens nothing from then on.</param>
    /// <param name="time">Says which keys are active; null for the system's.</param>
    /// <exception cref="ArgumentException">The refresh is out of its range.</exception>
    public RingTicketKeys(IKeyManager manager, TimeSpan? refresh = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(manager);
        TimeSpan every = refresh ?? TimeSpan.FromMinutes(1);
        if (every < TimeSpan.FromSeconds(1) || every > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"The ring is read every second to every day, not every {every}.", nameof(refresh));
        }

        _manager = manager;
        _time = time ?? TimeProvider.System;
        Refresh();
        _timer = _time.CreateTimer(static self => ((RingTicketKeys)self!).TryRefresh(), this, every, every);
    }

    /// <summary>
    /// Keys of the ring that could not be read when it was read last, such as one that is encrypted for another machine alone: tickets
    /// under them open nowhere here, and the others go on.
    /// </summary>
    public int Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>
    /// Reads the ring now; where it has no key that is active and can be read, makes one, as Data Protection itself does.
    /// </summary>
    public void Refresh()
    {
        lock (_refreshing)
        {
            DateTimeOffset now = _time.GetUtcNow();
            Ring ring = Read();
            if (!Array.Exists(ring.Keys, key => IsActive(key, now)))
            {
                _manager.CreateNewKey(now, now.AddDays(90));
                ring = Read();
            }

            Volatile.Write(ref _ring, ring);
        }
    }

    /// <inheritdoc/>
    public override TicketKey? GetCurrent(CryptoProvider crypto, long now)
    {
        Ring ring = Volatile.Read(ref _ring);
        DateTimeOffset time = _time.GetUtcNow();
        int index = Array.FindIndex(ring.Keys, key => IsActive(key, time));
        return index < 0 ? null : ring.Tickets[index];
    }

    /// <inheritdoc/>
    public override TicketKey? Find(byte[] name, int offset, long now)
    {
        Ring ring = Volatile.Read(ref _ring);
        for (int i = 0; i < ring.Keys.Length; i++)
        {
            if (name.AsSpan(offset, TicketKey.NameLength).SequenceEqual(NameOf(ring.Keys[i])))
            {
                return ring.Tickets[i];
            }
        }

        return null;
    }

    /// <summary>Ends the reading; the keys that were read last stay.</summary>
    public void Dispose()
    {
        _timer.Dispose();
    }

    private static bool IsActive(IKey key, DateTimeOffset now)
    {
        return key.ActivationDate <= now && key.ExpirationDate > now;
    }

    private static byte[] NameOf(IKey key)
    {
        return SHA256.HashData(key.KeyId.ToByteArray())[..TicketKey.NameLength];
    }

    private static TicketKey Derive(IKey key)
    {
        // What a descriptor says of itself is how Data Protection stores it; the value is there before it is encrypted at rest.
        XElement said = key.Descriptor.ExportToXml().SerializedDescriptorElement;
        string value = (string?)said.Descendants("masterKey").Descendants("value").FirstOrDefault()
            ?? throw new NotSupportedException($"The key {key.KeyId:B} of the ring has no master key that tickets could be sealed under: its descriptor is of another kind.");
        byte[] master = Convert.FromBase64String(value);
        byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, KeyLength, key.KeyId.ToByteArray(), Purpose);
        TicketKey ticket = new(NameOf(key), CryptoAlgorithm.Aes256Gcm, derived);
        CryptographicOperations.ZeroMemory(master);
        CryptographicOperations.ZeroMemory(derived);
        return ticket;
    }

    // What has expired still opens, as Data Protection still unprotects by it; what is to come is known ahead, for clocks differ.
    private Ring Read()
    {
        List<IKey> keys = [];
        List<TicketKey> tickets = [];
        int unreadable = 0;
        foreach (IKey key in _manager.GetAllKeys().Where(key => !key.IsRevoked).OrderByDescending(key => key.ActivationDate).ThenBy(key => key.KeyId))
        {
            TicketKey? ticket = TryDerive(key);
            if (ticket == null)
            {
                unreadable++;
                continue;
            }

            keys.Add(key);
            tickets.Add(ticket);
        }

        Volatile.Write(ref _unreadable, unreadable);
        return new Ring([.. keys], [.. tickets]);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever one key cannot be read for, the others can.")]
    private static TicketKey? TryDerive(IKey key)
    {
        try
        {
            return Derive(key);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private void TryRefresh()
    {
        try
        {
            Refresh();
        }
        catch (Exception)
        {
            // The ring's storage is out of reach: the keys that are known serve until it is back.
        }
    }

    private sealed record Ring(IKey[] Keys, TicketKey[] Tickets);
}

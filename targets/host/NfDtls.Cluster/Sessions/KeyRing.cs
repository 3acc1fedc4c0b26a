using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace NfDtls.Cluster;

/// <summary>
/// A secret for one purpose of each key of ASP.NET Core Data Protection's key ring, derived from its master key by HKDF. Read on a
/// timer, never by who asks; where the ring is out of reach, what was read last serves.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    internal const int SecretLength = 32;

    private readonly IKeyManager _manager;
    private readonly TimeProvider _time;
    private readonly byte[] _purpose;
    private readonly Action<Entry[]> _changed;
    private readonly ITimer _timer;
    private readonly Lock _refreshing = new();
    private int _unreadable;
    private bool _madeInVain;

    /// <param name="manager">The key ring's.</param>
    /// <param name="purpose">Another one for each use.</param>
    /// <param name="refresh">How often it is read, a second to a day; null for a minute.</param>
    /// <param name="time">Says which keys are active.</param>
    /// <param name="changed">Told of all keys each time that they were read, the one that was activated last first.</param>
    /// <exception cref="ArgumentException">The refresh is out of its range.</exception>
    /// <exception cref="InvalidOperationException">No key can be read.</exception>
    internal KeyRing(IKeyManager manager, string purpose, TimeSpan? refresh, TimeProvider time, Action<Entry[]> changed)
    {
        ArgumentNullException.ThrowIfNull(manager);
        TimeSpan every = refresh ?? TimeSpan.FromMinutes(1);
        if (every < TimeSpan.FromSeconds(1) || every > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"The ring is read every second to every day, not every {every}.", nameof(refresh));
        }

        _manager = manager;
        _time = time;
        _purpose = Encoding.ASCII.GetBytes(purpose);
        _changed = changed;
        Refresh();
        _timer = time.CreateTimer(static self => ((KeyRing)self!).TryRefresh(), this, every, every);
    }

    /// <summary>Keys that could not be read when the ring was read last.</summary>
    internal int Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>Reads the ring now; where it has no key that is active and can be read, makes one, once, as Data Protection itself does.</summary>
    /// <exception cref="InvalidOperationException">Not one can be read, nor what was made; those that were read last serve on.</exception>
    internal void Refresh()
    {
        lock (_refreshing)
        {
            DateTimeOffset now = _time.GetUtcNow();
            Entry[] entries = Read();
            bool isActive = Array.Exists(entries, entry => entry.IsActive(now));
            if (!isActive && !_madeInVain)
            {
                _manager.CreateNewKey(now, now.AddDays(90));
                entries = Read();
                isActive = Array.Exists(entries, entry => entry.IsActive(now));
            }

            // Where what was made cannot be read, more of it would fill the ring that others share.
            _madeInVain = !isActive;

            if (entries.Length == 0)
            {
                throw new InvalidOperationException($"No key of the ring can be read ({Unreadable} cannot): it needs one with a master key that this process may decrypt.");
            }

            _changed(entries);
        }
    }

    /// <summary>Ends the reading.</summary>
    public void Dispose()
    {
        _timer.Dispose();
    }

    // What has expired still opens, as Data Protection still unprotects by it; what is to come is known ahead, for clocks differ.
    private Entry[] Read()
    {
        List<Entry> entries = [];
        int unreadable = 0;
        foreach (IKey key in _manager.GetAllKeys().Where(key => !key.IsRevoked).OrderByDescending(key => key.ActivationDate).ThenBy(key => key.KeyId))
        {
            byte[]? secret = TryDerive(key);
            if (secret == null)
            {
                unreadable++;
            }
            else
            {
                entries.Add(new Entry(key, secret));
            }
        }

        Volatile.Write(ref _unreadable, unreadable);
        return [.. entries];
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever one key cannot be read for, the others can.")]
    private byte[]? TryDerive(IKey key)
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

    private byte[] Derive(IKey key)
    {
        // What a descriptor says of itself is how Data Protection stores it; the value is there before it is encrypted at rest.
        XElement said = key.Descriptor.ExportToXml().SerializedDescriptorElement;
        string value = (string?)said.Descendants("masterKey").Descendants("value").FirstOrDefault()
            ?? throw new NotSupportedException($"The key {key.KeyId:B} of the ring has no master key: its descriptor is of another kind.");
        byte[] master = Convert.FromBase64String(value);
        byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, SecretLength, key.KeyId.ToByteArray(), _purpose);
        CryptographicOperations.ZeroMemory(master);
        return derived;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The ring's storage is out of reach: the keys that are known serve until it is back.")]
    private void TryRefresh()
    {
        try
        {
            Refresh();
        }
        catch (Exception)
        {
            // The next time may do better.
        }
    }

    /// <summary>A key of the ring and the secret of it.</summary>
    internal sealed record Entry(IKey Key, byte[] Secret)
    {
        internal bool IsActive(DateTimeOffset now)
        {
            return Key.ActivationDate <= now && Key.ExpirationDate > now;
        }
    }
}

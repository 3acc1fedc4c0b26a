using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// Keeps what .NET made of private keys that sign: to read and check one takes as long as several signatures. A key lives as long as
/// the object that it was read from; where that one's bytes have changed, or were wiped, it is read anew. Threads that sign at the
/// same time have a copy each, since an object of .NET's is for one at a time.
/// </summary>
/// <param name="read">Makes one of the bytes; null where they are no key.</param>
/// <typeparam name="T">What .NET has of them.</typeparam>
internal sealed class HostKeys<T>(Func<StoredPrivateKey, T?> read)
    where T : AsymmetricAlgorithm
{
    private readonly ConditionalWeakTable<StoredPrivateKey, Entry> _entries = [];

    /// <summary>A key for one signature, given back when it is disposed of; null where it is none.</summary>
    internal Loan? Borrow(StoredPrivateKey key)
    {
        Span<byte> fingerprint = stackalloc byte[SHA256.HashSizeInBytes];
        Fingerprint(key, fingerprint);
        if (!_entries.TryGetValue(key, out Entry? entry) || !CryptographicOperations.FixedTimeEquals(entry.Fingerprint, fingerprint))
        {
            entry = new Entry(fingerprint.ToArray());
            _entries.AddOrUpdate(key, entry);
        }

        if (entry.Idle.TryTake(out T? idle))
        {
            return new Loan(entry, idle);
        }

        T? made = read(key);
        if (made == null)
        {
            _entries.Remove(key);
            return null;
        }

        return new Loan(entry, made);
    }

    private static void Fingerprint(StoredPrivateKey key, Span<byte> digest)
    {
        int parts = key.Kind == KeyKind.Rsa ? StoredPrivateKey.RsaParts : 1;
        int length = 0;
        for (int part = 0; part < parts; part++)
        {
            length += sizeof(int) + key.CountOf(part);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> rest = rented;
        for (int part = 0; part < parts; part++)
        {
            int count = key.CountOf(part);
            BitConverter.TryWriteBytes(rest, count);
            key.Buffer.AsSpan(key.OffsetOf(part), count).CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + count)..];
        }

        SHA256.HashData(rented.AsSpan(0, length), digest);
        CryptographicOperations.ZeroMemory(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>A key that is in use.</summary>
    internal readonly struct Loan(Entry entry, T key) : IDisposable
    {
        internal T Key { get; } = key;

        /// <summary>Gives it back.</summary>
        public void Dispose()
        {
            entry.Idle.Add(Key);
        }
    }

    /// <summary>Keys of one fingerprint that nobody uses now.</summary>
    internal sealed class Entry(byte[] fingerprint)
    {
        internal byte[] Fingerprint { get; } = fingerprint;

        internal ConcurrentBag<T> Idle { get; } = [];
    }
}

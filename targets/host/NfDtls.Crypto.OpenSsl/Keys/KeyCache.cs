using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>
/// Keeps what OpenSSL made of private keys, since reading and checking one takes longer than some signatures. A key lives as
/// long as the object that it was read from; where that one's bytes have changed, or were wiped, it is read anew.
/// </summary>
internal sealed unsafe class KeyCache
{
    private readonly ConditionalWeakTable<StoredPrivateKey, Entry> _entries = [];

    /// <summary>The key, null where it is none.</summary>
    internal KeyHandle? Get(StoredPrivateKey key)
    {
        byte* digest = stackalloc byte[Sha.LongestDigest];
        Span<byte> fingerprint = new(digest, Sha.LongestDigest);
        Fingerprint(key, fingerprint);
        if (_entries.TryGetValue(key, out Entry? entry) && CryptographicOperations.FixedTimeEquals(entry.Fingerprint, fingerprint[..entry.Fingerprint.Length]))
        {
            return entry.Key;
        }

        KeyHandle? made = Read(key);
        if (made == null)
        {
            _entries.Remove(key);
            return null;
        }

        // A key that was kept for other bytes may still be in use by another thread: what collects it disposes it.
        _entries.AddOrUpdate(key, new Entry(fingerprint[..CryptoAlgorithm.HashSize(CryptoAlgorithm.Sha256)].ToArray(), made));
        return made;
    }

    private static KeyHandle? Read(StoredPrivateKey key)
    {
        if (key.Kind == KeyKind.Rsa)
        {
            return KeyData.RsaPrivate(key);
        }

        ReadOnlySpan<byte> secret = key.Buffer.AsSpan(key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar));
        Curve? curve = Curves.OfKind(key.Kind);
        if (curve != null)
        {
            return KeyData.CurvePrivate(curve, secret);
        }

        KeyHandle raw = RawKey.Private(RawKey.Ed25519, secret);
        return raw.IsInvalid ? null : raw;
    }

    private static void Fingerprint(StoredPrivateKey key, Span<byte> digest)
    {
        ulong* state = stackalloc ulong[Sha.StateWords];
        Sha.Start(CryptoAlgorithm.Sha256, state);
        int parts = key.Kind == KeyKind.Rsa ? StoredPrivateKey.RsaParts : 1;
        for (int part = 0; part < parts; part++)
        {
            int count = key.CountOf(part);
            Sha.Add(CryptoAlgorithm.Sha256, state, new ReadOnlySpan<byte>(&count, sizeof(int)));
            Sha.Add(CryptoAlgorithm.Sha256, state, key.Buffer.AsSpan(key.OffsetOf(part), count));
        }

        Sha.End(CryptoAlgorithm.Sha256, state, digest);
        new Span<ulong>(state, Sha.StateWords).Clear();
    }

    private sealed class Entry(byte[] fingerprint, KeyHandle key)
    {
        internal byte[] Fingerprint { get; } = fingerprint;

        internal KeyHandle Key { get; } = key;
    }
}

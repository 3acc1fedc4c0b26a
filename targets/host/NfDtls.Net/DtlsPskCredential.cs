using System;
using System.Text;

namespace NfDtls.Net;

/// <summary>A pre-shared key, and the identity by which the server knows it.</summary>
public sealed class DtlsPskCredential
{
    /// <summary>A key and an identity of bytes.</summary>
    /// <param name="identity">0 to 128 bytes, of any value.</param>
    /// <param name="key">1 to 64 bytes; not copied.</param>
    /// <exception cref="ArgumentException">One of them is too long, or the key empty.</exception>
    public DtlsPskCredential(byte[] identity, byte[] key)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(key);
        if (identity.Length > PskStore.MaxIdentityLength)
        {
            throw new ArgumentException($"An identity has at most {PskStore.MaxIdentityLength} bytes, not {identity.Length}.", nameof(identity));
        }

        if (key.Length is 0 or > MaxKeyLength)
        {
            throw new ArgumentException($"A key has 1 to {MaxKeyLength} bytes, not {key.Length}.", nameof(key));
        }

        Identity = identity;
        Key = key;
    }

    /// <summary>A key and an identity of text, which goes out as UTF-8.</summary>
    /// <param name="identity">At most 128 bytes as UTF-8.</param>
    /// <param name="key">1 to 64 bytes; not copied.</param>
    /// <exception cref="ArgumentException">One of them is too long, or the key empty.</exception>
    public DtlsPskCredential(string identity, byte[] key)
        : this(Encoding.UTF8.GetBytes(identity ?? throw new ArgumentNullException(nameof(identity))), key)
    {
    }

    /// <summary>The most bytes of a key.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The identity.</summary>
    public byte[] Identity { get; }

    /// <summary>The key.</summary>
    public byte[] Key { get; }

    /// <summary>The identity's length alone: a key is no text.</summary>
    public override string ToString()
    {
        return $"PSK with an identity of {Identity.Length} bytes";
    }
}

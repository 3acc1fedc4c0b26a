using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>A hash of .NET.</summary>
internal sealed class HostHash : HashContext
{
    private readonly IncrementalHash _hash;

    internal HostHash(HashAlgorithmName name, int size)
    {
        _hash = IncrementalHash.CreateHash(name);
        Size = size;
    }

    public override int Size { get; }

    public override void Update(byte[] data, int offset, int count)
    {
        _hash.AppendData(data.AsSpan(offset, count));
    }

    public override void Peek(byte[] destination, int offset)
    {
        _hash.GetCurrentHash(destination.AsSpan(offset, Size));
    }

    public override void Reset()
    {
        Span<byte> forgotten = stackalloc byte[Size];
        _hash.GetHashAndReset(forgotten);
    }
}

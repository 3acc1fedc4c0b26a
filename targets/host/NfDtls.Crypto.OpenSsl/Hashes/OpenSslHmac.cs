using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>An HMAC whose pads are kept.</summary>
internal sealed class OpenSslHmac : HmacContext
{
    private readonly int _hash;
    private readonly int _maxKey;
    private readonly ulong[] _pads = new ulong[2 * Sha.StateWords];

    internal OpenSslHmac(int hash, int maxKey)
    {
        _hash = hash;
        _maxKey = maxKey;
    }

    public override void SetKey(byte[] key, int offset, int count)
    {
        if (count < 0 || count > _maxKey)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        new HmacKey(_hash, _pads).SetKey(key.AsSpan(offset, count));
    }

    public override void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        new HmacKey(_hash, _pads).Compute(data.AsSpan(offset, count), default, destination.AsSpan(destinationOffset));
    }
}

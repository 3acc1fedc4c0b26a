using System;

namespace NfDtls.Tests.MlKem;

/// <summary>A provider that has nothing but random bytes: those that it was given, one behind the other, and then none.</summary>
internal sealed class GivenBytes : CryptoProvider
{
    private readonly byte[] _bytes;
    private int _at;

    internal GivenBytes(byte[] bytes)
    {
        _bytes = bytes;
    }

    public override bool Supports(int algorithm)
    {
        return algorithm == CryptoAlgorithm.Random;
    }

    public override void Random(byte[] destination, int offset, int count)
    {
        if (_bytes.Length - _at < count)
        {
            throw new InvalidOperationException();
        }

        Array.Copy(_bytes, _at, destination, offset, count);
        _at += count;
    }
}

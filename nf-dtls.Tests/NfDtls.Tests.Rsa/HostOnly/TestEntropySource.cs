using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>A source that repeats itself from test run to test run.</summary>
internal sealed class TestEntropySource(int seed) : EntropySource
{
    private readonly Random _random = new(seed);

    public override void Read(byte[] destination, int offset, int count)
    {
        _random.NextBytes(destination.AsSpan(offset, count));
    }
}

using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>A source that repeats itself from test run to test run.</summary>
internal sealed class TestEntropySource : EntropySource
{
    private uint _state;

    internal TestEntropySource(int seed)
    {
        _state = (uint)seed * 2654435761u + 1;
    }

    public override void Read(byte[] destination, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            destination[offset + i] = (byte)(_state >> 11);
        }
    }
}

using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

/// <summary>Random bits that are the same in every run.</summary>
internal sealed class SeededEntropy : EntropySource
{
    private uint _state;

    internal SeededEntropy(int seed)
    {
        _state = ((uint)seed * 2654435761u) | 1;
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

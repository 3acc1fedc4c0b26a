using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>A source that repeats itself from test run to test run, and that can be made to fail in several ways.</summary>
internal sealed class TestEntropySource : EntropySource
{
    private uint _state;

    internal TestEntropySource(int seed)
    {
        _state = (uint)seed * 2654435761u + 1;
    }

    internal int Reads;
    internal int BytesRead;
    internal bool IsAbsent;
    internal bool IsStuck;
    internal bool WritesHalf;
    internal bool Replays;
    internal int Period;
    internal int Run;

    public override void Read(byte[] destination, int offset, int count)
    {
        if (IsAbsent)
        {
            throw new InvalidOperationException("no entropy");
        }

        Reads++;
        BytesRead += count;
        uint before = _state;
        for (int i = 0; i < (WritesHalf ? count / 2 : count); i++)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            destination[offset + i] = IsStuck ? (byte)0xA5 : (byte)(_state >> 11);
            if (Period > 0 && i >= Period)
            {
                destination[offset + i] = destination[offset + i - Period];
            }
        }

        if (Run > 0)
        {
            for (int i = 0; i < Run; i++)
            {
                destination[offset + 7 + i] = 0x5A;
            }

            destination[offset + 6] = 0;
            destination[offset + 7 + Run] = 0;
        }

        if (Replays)
        {
            _state = before;
        }
    }
}

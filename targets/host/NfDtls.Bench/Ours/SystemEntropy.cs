using System;
using System.Security.Cryptography;
using NfDtls.Crypto.Software;

namespace NfDtls.Bench;

/// <summary>The operating system's random numbers.</summary>
internal sealed class SystemEntropy : EntropySource
{
    public override void Read(byte[] destination, int offset, int count)
    {
        RandomNumberGenerator.Fill(destination.AsSpan(offset, count));
    }
}

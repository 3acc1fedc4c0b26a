using System;
using System.Security.Cryptography;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>The operating system's random numbers.</summary>
internal sealed class SystemEntropy : EntropySource
{
    public override void Read(byte[] destination, int offset, int count)
    {
        RandomNumberGenerator.Fill(destination.AsSpan(offset, count));
    }
}

using System;
using System.Security.Cryptography;
using NfDtls.Crypto.Software;

namespace NfDtls.Samples
{
    /// <summary>Where a sample on .NET has its randomness from: the system. On a board it is StockEntropy.</summary>
    internal sealed class SystemEntropy : EntropySource
    {
        public override void Read(byte[] destination, int offset, int count)
        {
            RandomNumberGenerator.Fill(destination.AsSpan(offset, count));
        }
    }
}

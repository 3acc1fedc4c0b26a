using System;
using System.Security.Cryptography;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>What stands on .NET for a board with stock firmware, and what its settings would hold.</summary>
    internal static class Board
    {
        private const int NtpPort = 123;

        internal static CryptoProvider MakeCrypto()
        {
            CryptoProvider symmetric = StockProvider.Create(new SystemEntropy());
            return new CompositeProvider(new CryptoProvider[] { symmetric, new SoftwareEccProvider(symmetric) });
        }

        /// <summary>The servers of a text like "ntp.example,127.0.0.1:1123".</summary>
        internal static TimeSource[] TimeServers(CryptoProvider crypto, string text, Pace pace)
        {
            string[] names = text.Split(',');
            TimeSource[] servers = new TimeSource[names.Length];
            for (int i = 0; i < names.Length; i++)
            {
                string[] parts = names[i].Split(':');
                servers[i] = new SntpClient(crypto, parts[0], parts.Length > 1 ? int.Parse(parts[1]) : NtpPort, pace);
            }

            return servers;
        }

        private sealed class SystemEntropy : EntropySource
        {
            public override void Read(byte[] destination, int offset, int count)
            {
                RandomNumberGenerator.Fill(destination.AsSpan(offset, count));
            }
        }
    }
}

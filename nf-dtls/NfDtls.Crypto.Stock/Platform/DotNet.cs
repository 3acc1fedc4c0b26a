using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Stock
{
    /// <summary>What the firmware's AES-128 does, by .NET: for tests.</summary>
    internal sealed class StockAes
    {
        private readonly Aes _aes = Aes.Create();

        /// <param name="key">16 bytes.</param>
        internal StockAes(byte[] key)
        {
            _aes.Key = key;
        }

        /// <summary>Calls so far, of all keys.</summary>
        internal static int Calls { get; private set; }

        internal byte[] Encrypt(byte[] blocks)
        {
            Calls++;
            return _aes.EncryptEcb(blocks, PaddingMode.None);
        }

        internal byte[] EncryptChain(byte[] iv, byte[] blocks)
        {
            Calls++;
            return _aes.EncryptCbc(blocks, iv, PaddingMode.None);
        }

        internal byte[] DecryptChain(byte[] iv, byte[] blocks)
        {
            Calls++;
            return _aes.DecryptCbc(blocks, iv, PaddingMode.None);
        }
    }

    /// <summary>What else the firmware offers, by .NET.</summary>
    internal static class Platform
    {
        /// <summary>The firmware's family; none here, unless a test says so.</summary>
        internal static string Family { get; set; } = "none";

        /// <summary>The firmware's name; none here, unless a test says so.</summary>
        internal static string Target { get; set; } = "none";

        internal static byte[] HmacSha256(byte[] key, byte[] data)
        {
            return HMACSHA256.HashData(key, data);
        }

        internal static void Random(byte[] destination)
        {
            RandomNumberGenerator.Fill(destination);
        }
    }
}

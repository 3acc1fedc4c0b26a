using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Stock
{
    /// <summary>What the firmware's AES-128 does, by .NET: for tests.</summary>
    internal sealed class StockAes
    {
        // The firmware's takes a key by reference; .NET's copies it, and is made once a key.
        private readonly ConditionalWeakTable<byte[], Aes> _made = new ConditionalWeakTable<byte[], Aes>();
        private Aes _aes;

        /// <summary>Without a key yet.</summary>
        internal StockAes()
        {
        }

        /// <param name="key">16 bytes.</param>
        internal StockAes(byte[] key)
        {
            SetKey(key);
        }

        /// <summary>From now on works with another key.</summary>
        internal void SetKey(byte[] key)
        {
            _aes = _made.GetValue(key, Make);
        }

        /// <summary>Calls so far, of all keys.</summary>
        internal static int Calls { get; private set; }

        private static Aes Make(byte[] key)
        {
            Aes aes = Aes.Create();
            aes.Key = key;
            return aes;
        }

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

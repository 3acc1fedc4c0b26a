using System;
using System.Security.Cryptography;
using nanoFramework.Runtime.Native;

namespace NfDtls.Crypto.Stock
{
    /// <summary>AES-128 by the firmware. Each call returns a fresh array, and wants one that holds nothing but its blocks.</summary>
    internal sealed class StockAes
    {
        private readonly Aes _blocks = new Aes(CipherMode.ECB);
        private readonly Aes _chain = new Aes(CipherMode.CBC);

        /// <summary>Without a key yet.</summary>
        internal StockAes()
        {
        }

        /// <param name="key">16 bytes, kept by reference.</param>
        internal StockAes(byte[] key)
        {
            SetKey(key);
        }

        /// <summary>From now on works with another key, kept by reference.</summary>
        internal void SetKey(byte[] key)
        {
            _blocks.Key = key;
            _chain.Key = key;
        }

        internal byte[] Encrypt(byte[] blocks)
        {
            return _blocks.Encrypt(blocks);
        }

        internal byte[] EncryptChain(byte[] iv, byte[] blocks)
        {
            _chain.IV = iv;
            return _chain.Encrypt(blocks);
        }

        internal byte[] DecryptChain(byte[] iv, byte[] blocks)
        {
            _chain.IV = iv;
            return _chain.Decrypt(blocks);
        }
    }

    /// <summary>What else the firmware offers.</summary>
    internal static class Platform
    {
        /// <summary>The firmware's family, such as ESP32.</summary>
        internal static string Family
        {
            get { return SystemInfo.Platform; }
        }

        /// <summary>The firmware's name, most often its board's.</summary>
        internal static string Target
        {
            get { return SystemInfo.TargetName; }
        }

        internal static byte[] HmacSha256(byte[] key, byte[] data)
        {
            return HMACSHA256.HashData(key, data);
        }

        internal static void Random(byte[] destination)
        {
            new Random().NextBytes(destination);
        }
    }
}

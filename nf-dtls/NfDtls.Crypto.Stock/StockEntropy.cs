using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// Entropy from System.Random, on the targets alone whose firmware puts the chip's own generator behind it. Anywhere else
    /// that class is a C library's rand(), seeded with the time, or a generator not made for keys, and this one throws: there
    /// the application brings its own <see cref="EntropySource"/>.
    /// </summary>
    /// <remarks>
    /// ESP32: the generator is a true one while Wi-Fi or Bluetooth is on (ESP-IDF Programming Guide, Random Number Generation);
    /// start one of them before the first handshake.
    /// </remarks>
    public sealed class StockEntropy : EntropySource
    {
        private readonly byte[] _bytes = new byte[16];

        /// <summary>Whether the running firmware is on the list: every ESP32, and the boards that <see cref="IsListed"/> names.</summary>
        public static bool IsAvailable
        {
            get { return IsListed(Platform.Family, Platform.Target); }
        }

        /// <inheritdoc/>
        public override void Read(byte[] destination, int offset, int count)
        {
            if (!IsAvailable)
            {
                throw new InvalidOperationException("System.Random of target " + Platform.Target + " is not known to be a hardware generator; pass an EntropySource of your own.");
            }

            while (count > 0)
            {
                int n = count < _bytes.Length ? count : _bytes.Length;

                // Firmware passes over a generator's failure: then zeros stay, and the reader of this source refuses them.
                Array.Clear(_bytes, 0, _bytes.Length);
                Platform.Random(_bytes);
                Array.Copy(_bytes, 0, destination, offset, n);
                offset += n;
                count -= n;
            }

            Array.Clear(_bytes, 0, _bytes.Length);
        }

        /// <summary>Whether a target's firmware backs System.Random with a hardware generator made for keys.</summary>
        /// <param name="family">The firmware's family: SystemInfo.Platform.</param>
        /// <param name="target">The firmware's name: SystemInfo.TargetName.</param>
        public static bool IsListed(string family, string target)
        {
            if (family == "ESP32")
            {
                return true;
            }

            // By board: firmware of another maker for the same family may leave the generator out.
            switch (target)
            {
                case "ST_STM32F429I_DISCOVERY":
                case "ST_STM32F769I_DISCOVERY":
                case "MXCHIP_AZ3166":
                case "ORGPAL_PALX":
                case "NXP_MIMXRT1060_EVK":
                case "SL_STK3701A": return true;
                default: return false;
            }
        }
    }
}

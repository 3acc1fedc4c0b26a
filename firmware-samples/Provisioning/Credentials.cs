using System;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>What a device needs for its server: where it is, who the device is there, and the key.</summary>
    internal sealed class Credentials
    {
        /// <summary>Bytes of the longest name of a host (RFC 1035 section 2.3.4, without the dot at its end).</summary>
        internal const int MaxHost = 253;

        /// <summary>Bytes of the longest key that a <see cref="PskStore"/> takes as it is made here.</summary>
        internal const int MaxKey = 64;

        internal readonly string Host;
        internal readonly int Port;
        internal readonly byte[] Identity;
        internal readonly byte[] Key;

        /// <param name="host">Name or address, 1 to 253 characters of ASCII.</param>
        /// <param name="port">UDP port, 1 to 65,535.</param>
        /// <param name="identity">1 to 128 bytes.</param>
        /// <param name="key">1 to 64 bytes.</param>
        internal Credentials(string host, int port, byte[] identity, byte[] key)
        {
            Host = host;
            Port = port;
            Identity = identity;
            Key = key;
        }

        /// <summary>Zeroes the key.</summary>
        internal void Wipe()
        {
            Array.Clear(Key, 0, Key.Length);
        }
    }
}

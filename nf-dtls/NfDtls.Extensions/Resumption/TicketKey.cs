using System;

namespace NfDtls.Extensions
{
    /// <summary>A key that tickets are sealed with, and the name by which a ticket says which one.</summary>
    public sealed class TicketKey
    {
        /// <summary>Bytes of a name.</summary>
        public const int NameLength = 4;

        internal const int TagLength = 16;

        internal readonly byte[] Name;

        private readonly object _lock = new object();
        private readonly int _algorithm;
        private byte[] _key;

        /// <summary>A key; the arrays are copied.</summary>
        /// <param name="name">Four bytes, no other key's of the same <see cref="TicketKeys"/>.</param>
        /// <param name="algorithm">An AEAD of <see cref="CryptoAlgorithm"/>, used with a tag of 16 bytes; the crypto provider must support it.</param>
        /// <param name="key">Secret and random: 16 bytes, or 32, as the algorithm has it. Random nonces allow 2^32 tickets with one key.</param>
        /// <exception cref="ArgumentException">One of them has another length, or the algorithm is none.</exception>
        public TicketKey(byte[] name, int algorithm, byte[] key)
        {
            if (name == null || name.Length != NameLength)
            {
                throw new ArgumentException("The name of a ticket key has 4 bytes.", "name");
            }

            int length = LengthFor(algorithm);
            if (length == 0)
            {
                throw new ArgumentException("Tickets are sealed by AES in CCM or GCM, or by ChaCha20-Poly1305, not by algorithm " + algorithm.ToString() + ".", "algorithm");
            }

            if (key == null || key.Length != length)
            {
                throw new ArgumentException("A key of that algorithm has " + length.ToString() + " bytes.", "key");
            }

            Name = Bytes.Copy(name);
            _algorithm = algorithm;
            _key = Bytes.Copy(key);
        }

        /// <summary>Zeroes the key: nothing is sealed or opened with it any more.</summary>
        public void Clear()
        {
            lock (_lock)
            {
                Bytes.Clear(_key);
                _key = null;
            }
        }

        /// <summary>Bytes of a key of an algorithm that tickets can be sealed by, else 0.</summary>
        internal static int LengthFor(int algorithm)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128Ccm:
                case CryptoAlgorithm.Aes128Gcm: return 16;
                case CryptoAlgorithm.Aes256Ccm:
                case CryptoAlgorithm.Aes256Gcm:
                case CryptoAlgorithm.ChaCha20Poly1305: return 32;
                default: return 0;
            }
        }

        /// <summary>What seals and opens with it, or null where its time is over.</summary>
        internal AeadContext CreateAead(CryptoProvider crypto)
        {
            lock (_lock)
            {
                return _key == null ? null : crypto.CreateAead(_algorithm, _key, 0, TagLength);
            }
        }
    }
}

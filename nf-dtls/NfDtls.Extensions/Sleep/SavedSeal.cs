using System;

namespace NfDtls.Extensions
{
    /// <summary>Seals saved associations under the application's key, with an AEAD that the provider has, and opens them.</summary>
    internal static class SavedSeal
    {
        internal const int TagLength = 16;

        /// <summary>Writes the header before a content, and seals that in place. Returns the bytes of both and of the tag.</summary>
        /// <param name="crypto">Has the AEAD and draws the nonce.</param>
        /// <param name="key">The application's: 16 or 32 bytes.</param>
        /// <param name="generation">Which of the association's bytes these are.</param>
        /// <param name="buffer">Has room for the header at <paramref name="offset"/>, behind it the content, and behind that room for the tag.</param>
        /// <param name="offset">Where the header goes.</param>
        /// <param name="count">Bytes of the content.</param>
        internal static int Seal(CryptoProvider crypto, byte[] key, long generation, byte[] buffer, int offset, int count)
        {
            int algorithm = Choose(crypto, key);
            int length = SavedHeader.Length + count + TagLength;
            SavedHeader.Write(buffer, offset, algorithm, length, generation, crypto);
            AeadContext aead = crypto.CreateAead(algorithm, key, 0, TagLength);
            try
            {
                aead.Seal(buffer, offset + SavedHeader.NonceAt, buffer, offset, SavedHeader.Length, buffer, offset + SavedHeader.Length, count);
            }
            finally
            {
                aead.Clear();
            }

            return length;
        }

        /// <summary>Opens bytes in place whose header is right; returns the bytes of the content, or -1: another key, or other bytes.</summary>
        /// <exception cref="ArgumentException">The key is not of the length that it was sealed with, or the provider lacks the algorithm.</exception>
        internal static int Open(CryptoProvider crypto, byte[] key, byte[] saved, int length)
        {
            int algorithm = SavedHeader.AlgorithmOf(saved, 0);
            int count = length - SavedHeader.Length - TagLength;
            if (count < 0 || KeyLengthOf(algorithm) == 0 || !crypto.Supports(algorithm))
            {
                throw new ArgumentException("The saved association is sealed by algorithm " + algorithm.ToString() + ", which DtlsOptions.Crypto does not have.");
            }

            if (key.Length != KeyLengthOf(algorithm))
            {
                throw new ArgumentException("The saved association is sealed under a key of " + KeyLengthOf(algorithm).ToString() + " bytes, not " + key.Length.ToString() + ".", "key");
            }

            AeadContext aead = crypto.CreateAead(algorithm, key, 0, TagLength);
            try
            {
                return aead.Open(saved, SavedHeader.NonceAt, saved, 0, SavedHeader.Length, saved, SavedHeader.Length, count) ? count : -1;
            }
            finally
            {
                aead.Clear();
            }
        }

        private static int Choose(CryptoProvider crypto, byte[] key)
        {
            for (int algorithm = CryptoAlgorithm.Aes128Ccm; algorithm <= CryptoAlgorithm.ChaCha20Poly1305; algorithm++)
            {
                if (key.Length == KeyLengthOf(algorithm) && crypto.Supports(algorithm))
                {
                    return algorithm;
                }
            }

            throw new ArgumentException("A saved association is sealed under a key of 16 or 32 bytes by AES-CCM, AES-GCM or ChaCha20-Poly1305; DtlsOptions.Crypto has none of these for one of " + key.Length.ToString() + ".", "key");
        }

        private static int KeyLengthOf(int algorithm)
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
    }
}

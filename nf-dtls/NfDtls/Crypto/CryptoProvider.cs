using System;

namespace NfDtls
{
    /// <summary>
    /// Where the engine's cryptography comes from: managed code, .NET, or the chip. Symmetric work is synchronous and, after
    /// a context was made, allocates nothing; long work is a <see cref="CryptoOperation"/>. A provider is used by one engine
    /// at a time unless its own documentation says that it may be shared.
    /// </summary>
    public abstract class CryptoProvider
    {
        /// <summary>Whether this provider can do an algorithm of <see cref="CryptoAlgorithm"/>.</summary>
        public abstract bool Supports(int algorithm);

        /// <summary>Fills a range with random bytes fit for keys.</summary>
        /// <exception cref="InvalidOperationException">The source has no entropy; nothing was written.</exception>
        public abstract void Random(byte[] destination, int offset, int count);

        /// <summary>Makes a hash. Allocates.</summary>
        /// <exception cref="NotSupportedException">This provider lacks the algorithm.</exception>
        public abstract HashContext CreateHash(int algorithm);

        /// <summary>Makes an AEAD key. Allocates; the key's bytes are copied.</summary>
        /// <param name="algorithm">An AEAD algorithm of <see cref="CryptoAlgorithm"/>.</param>
        /// <param name="key">Holds the key; its length follows from the algorithm.</param>
        /// <param name="offset">Where the key begins.</param>
        /// <param name="tagLength">Bytes of tag.</param>
        /// <exception cref="NotSupportedException">This provider lacks the algorithm.</exception>
        public abstract AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength);

        /// <summary>Makes one direction's keys of a CBC suite. Allocates; the keys are copied.</summary>
        /// <param name="algorithm">A CBC algorithm of <see cref="CryptoAlgorithm"/>.</param>
        /// <param name="keys">Holds the MAC key and, right behind it, the cipher key.</param>
        /// <param name="offset">Where the keys begin.</param>
        /// <param name="encryptThenMac">Whether RFC 7366 was negotiated.</param>
        /// <exception cref="NotSupportedException">This provider lacks the algorithm.</exception>
        public abstract CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac);

        /// <summary>HMAC (RFC 2104) of a range with a key of any length; writes the hash's size in bytes.</summary>
        public abstract void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset);

        /// <summary>The TLS 1.2 PRF (RFC 5246 section 5): P_hash of the secret over label and seed, which stand together.</summary>
        public abstract void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count);

        /// <summary>Makes a key pair of a group. Results are in the caller's buffers when the operation has ended.</summary>
        public virtual CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            throw new NotSupportedException("This crypto provider makes no keys.");
        }

        /// <summary>Computes a shared secret from a private key and the peer's public key.</summary>
        public virtual CryptoOperation Agree(int group, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            throw new NotSupportedException("This crypto provider agrees on no keys.");
        }
    }
}

using System.Runtime.CompilerServices;

namespace NfDtls.Native
{
    /// <summary>
    /// The native side of NfDtls as the firmware offers it: cryptography over mbedTLS and the chip's engines. Applications use
    /// the provider of NfDtls.Crypto.Native instead.
    /// </summary>
    /// <remarks>
    /// Each method returns a number: 0 or more is a result, less than 0 an error (nfdtls.h names them; the provider translates).
    /// Ranges that do not lie in their arrays throw ArgumentOutOfRangeException, and missing arrays ArgumentNullException,
    /// before anything is done. A firmware without the native side throws NotSupportedException. The assembly's checksum
    /// covers the names and parameters of these methods in their order: never change one, add only behind the last.
    /// </remarks>
    public static class NativeMethods
    {
        /// <summary>A fact about the native side: 0 its ABI (major version in the upper 16 bits), 1 places for contexts, 2 places taken, 3 mbedTLS's version, 4 bytes of scratch.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Query(int what);

        /// <summary>1 where the native side has an algorithm of CryptoAlgorithm, else 0. Added to these numbers: 0x400 + hash is HKDF, 0x200000 + group a new key pair; a mask (0x500 + AEAD) stands among the AEAD keys, as nfdtls.h tells.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Supports(int algorithm);

        /// <summary>Frees a context; ends an operation at any time.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Free(int handle);

        /// <summary>Fills a range with random bytes, or fails; then it holds zeros.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Random(byte[] bytes, int offset, int count);

        /// <summary>Makes a hash and returns its handle.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashNew(int algorithm);

        /// <summary>Adds bytes to what is hashed.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashUpdate(int handle, byte[] data, int offset, int count);

        /// <summary>Writes the digest of what was added so far and returns its length.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashPeek(int handle, byte[] digest, int offset);

        /// <summary>Forgets what was added.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashReset(int handle);

        /// <summary>Makes an AEAD key, whose length follows from the algorithm, and returns its handle.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int AeadNew(int algorithm, byte[] key, int offset, int tagLength);

        /// <summary>Encrypts in place, writes the tag behind, and returns the bytes of both.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int AeadSeal(int handle, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count);

        /// <summary>Checks the tag behind the range, decrypts in place and returns count, or fails and leaves no plaintext.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int AeadOpen(int handle, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count);

        /// <summary>Makes one direction's keys of a CBC suite (the MAC key and behind it the cipher key) and returns their handle.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int CbcNew(int algorithm, byte[] keys, int offset, int encryptThenMac);

        /// <summary>Pads, authenticates and encrypts in place; returns how many bytes there are now.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int CbcSeal(int handle, byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count);

        /// <summary>Decrypts in place, checks padding and MAC in constant time, and returns the plaintext's length, or fails.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int CbcOpen(int handle, byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count);

        /// <summary>HMAC of a range in one call; returns its length.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] mac, int macOffset);

        /// <summary>The TLS 1.2 PRF over label and seed in one call.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] output, int offset, int count);

        /// <summary>HKDF-Expand (RFC 5869) in one call.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HkdfExpand(int hash, byte[] key, int keyOffset, int keyCount, byte[] info, int infoOffset, int infoCount, byte[] output, int offset, int count);

        /// <summary>Begins an operation over a copy of its input (fields of two bytes of length and content; nfdtls.h lists them) and returns its handle at once.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Begin(int algorithm, int parameter, byte[] input, int offset, int count);

        /// <summary>0 while an operation has not ended, 1 when it has, or the error it ended with.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Poll(int handle);

        /// <summary>Copies the result of an operation that has ended, frees it, and returns the result's length or the error. The array may be null where there is no result.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Finish(int handle, byte[]? result, int offset);
    }
}

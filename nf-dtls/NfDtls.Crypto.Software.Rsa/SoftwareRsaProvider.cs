using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// RSA in managed code, and nothing else: it goes into a CompositeProvider beside the provider that it takes
    /// random bytes and hashes from. Signatures by PKCS #1 v1.5 with SHA-256, SHA-384 and SHA-512, and by PSS with the same;
    /// encryption and decryption by PKCS #1 v1.5; moduli of 1024 to 4096 bits, public exponents of up to 32.
    /// </summary>
    /// <remarks>
    /// Every operation is done in steps. A unit of their budget is a pass of four rows over up to 38 limbs of a Montgomery
    /// multiplication, at most about 2,100 IL instructions. Not divided are a pass over a longer number (4 units with 4096
    /// bits), one call for random bytes (at most 64) and a hash's compression, which the other provider does in one go.
    /// Any number of operations may be under way: what one needs is its own, and zeroed when it ends or is cancelled. With
    /// moduli of 1024, 2048, 3072 and 4096 bits an operation allocates at most 4, 6, 8 and 10 KB to verify or encrypt, 9, 13,
    /// 18 and 23 KB to sign, and 5, 8, 11 and 13 KB to decrypt.
    /// </remarks>
    public sealed class SoftwareRsaProvider : CryptoProvider
    {
        private readonly CryptoProvider _crypto;

        /// <summary>Makes a provider.</summary>
        /// <param name="crypto">Gives random bytes and, for PSS, the hashes; used while an operation steps.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        public SoftwareRsaProvider(CryptoProvider crypto)
        {
            if (crypto == null)
            {
                throw new ArgumentNullException("crypto");
            }

            _crypto = crypto;
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            int scheme = algorithm & 0xFFFF;
            return algorithm == CryptoAlgorithm.RsaEncrypt || algorithm == CryptoAlgorithm.RsaDecrypt
                || (HasScheme(scheme) && (!IsPss(scheme) || _crypto.Supports(SignatureScheme.HashOf(scheme)))
                    && (algorithm == CryptoAlgorithm.SignWith(scheme, KeyKind.Rsa) || algorithm == CryptoAlgorithm.VerifyWith(scheme, KeyKind.Rsa)));
        }

        /// <inheritdoc/>
        public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            CheckSupport(CryptoAlgorithm.SignWith(scheme, key.Kind));
            if (!RsaKey.IsComplete(key) || count != HashSize(scheme) || !HasRoom(scheme, key.Public))
            {
                return new CompletedOperation(DtlsError.InternalError);
            }

            return new RsaSign(_crypto, scheme, key, Copy(data, offset, count), signature, signatureOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            CheckSupport(CryptoAlgorithm.VerifyWith(scheme, key.Kind));
            if (!RsaKey.IsUsable(key) || count != HashSize(scheme) || !HasRoom(scheme, key) || !IsBelow(signature, signatureOffset, signatureCount, key))
            {
                return new CompletedOperation(DtlsError.DecryptError);
            }

            return new RsaVerify(_crypto, scheme, key, Copy(data, offset, count), Copy(signature, signatureOffset, signatureCount));
        }

        /// <inheritdoc/>
        public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
        {
            if (!RsaKey.IsUsable(key) || count > key.Count - Pkcs1Block.MinOverhead)
            {
                return new CompletedOperation(DtlsError.IllegalParameter);
            }

            return new RsaEncrypt(_crypto, key, data, offset, count, cipher, cipherOffset);
        }

        /// <inheritdoc/>
        /// <remarks>Fails, whatever the ciphertext is, with InternalError where the key is no key and NoEntropy where there are no random bytes.</remarks>
        public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
        {
            if (!RsaKey.IsComplete(key))
            {
                return new CompletedOperation(DtlsError.InternalError);
            }

            byte[] block = IsBelow(cipher, offset, count, key.Public) ? Copy(cipher, offset, count) : new byte[key.Public.Count];
            return new RsaDecrypt(_crypto, key, block, destination, destinationOffset, length);
        }

        private void CheckSupport(int algorithm)
        {
            if (!Supports(algorithm))
            {
                throw new NotSupportedException("Software RSA lacks algorithm " + algorithm.ToString() + ".");
            }
        }

        private static bool HasScheme(int scheme)
        {
            return scheme == SignatureScheme.RsaPkcs1Sha256 || scheme == SignatureScheme.RsaPkcs1Sha384 || scheme == SignatureScheme.RsaPkcs1Sha512
                || IsPss(scheme);
        }

        internal static bool IsPss(int scheme)
        {
            return scheme == SignatureScheme.RsaPssRsaeSha256 || scheme == SignatureScheme.RsaPssRsaeSha384 || scheme == SignatureScheme.RsaPssRsaeSha512;
        }

        private static int HashSize(int scheme)
        {
            return CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme));
        }

        /// <summary>Whether the block of PSS, a hash, a salt and two bytes at the least, fits into a bit less than the modulus: SHA-512 does not with 1024.</summary>
        private static bool HasRoom(int scheme, PublicKey key)
        {
            return !IsPss(scheme) || (key.Bits + 6) / 8 >= 2 * HashSize(scheme) + 2;
        }

        /// <summary>Whether a number that a peer sent is as long as the modulus and below it. Nothing here is secret.</summary>
        private static bool IsBelow(byte[] number, int offset, int count, PublicKey key)
        {
            if (count != key.Count)
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                if (number[offset + i] != key.Buffer[key.Offset + i])
                {
                    return number[offset + i] < key.Buffer[key.Offset + i];
                }
            }

            return false;
        }

        private static byte[] Copy(byte[] from, int offset, int count)
        {
            byte[] copy = new byte[count];
            Array.Copy(from, offset, copy, 0, count);
            return copy;
        }
    }
}

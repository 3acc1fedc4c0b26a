using System;

namespace NfDtls
{
    /// <summary>
    /// Where the engine's cryptography comes from: managed code, .NET, or the chip. Symmetric work is synchronous and, after
    /// a context was made, allocates nothing; long work is a <see cref="CryptoOperation"/>. A provider is used by one engine
    /// at a time unless its own documentation says that it may be shared. It need not do everything: what it does not
    /// support it need not override, and a CompositeProvider (NfDtls.Crypto.Software) puts several together.
    /// </summary>
    public abstract class CryptoProvider
    {
        /// <summary>Whether this provider can do an algorithm of <see cref="CryptoAlgorithm"/>.</summary>
        public abstract bool Supports(int algorithm);

        /// <summary>Fills a range with random bytes fit for keys.</summary>
        /// <exception cref="InvalidOperationException">The source has no entropy; nothing was written.</exception>
        public virtual void Random(byte[] destination, int offset, int count)
        {
            throw Lacks(CryptoAlgorithm.Random);
        }

        /// <summary>
        /// Makes room for so many contexts (hashes, keys, operations) at one time, where they stand in a table. The result is
        /// for how many there is room; without a table for any number.
        /// </summary>
        public virtual int Reserve(int contexts)
        {
            return contexts;
        }

        /// <summary>Makes a hash. Allocates.</summary>
        /// <exception cref="NotSupportedException">This provider lacks the algorithm.</exception>
        public virtual HashContext CreateHash(int algorithm)
        {
            throw Lacks(algorithm);
        }

        /// <summary>Makes an AEAD key. Allocates; the key's bytes are copied.</summary>
        /// <param name="algorithm">An AEAD algorithm of <see cref="CryptoAlgorithm"/>.</param>
        /// <param name="key">Holds the key; its length follows from the algorithm.</param>
        /// <param name="offset">Where the key begins.</param>
        /// <param name="tagLength">Bytes of tag.</param>
        /// <exception cref="NotSupportedException">This provider lacks the algorithm.</exception>
        public virtual AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            throw Lacks(algorithm);
        }

        /// <summary>Makes one direction's keys of a CBC suite. Allocates; the keys are copied.</summary>
        /// <param name="algorithm">A CBC algorithm of <see cref="CryptoAlgorithm"/>.</param>
        /// <param name="keys">Holds the MAC key and, right behind it, the cipher key.</param>
        /// <param name="offset">Where the keys begin.</param>
        /// <param name="encryptThenMac">Whether RFC 7366 was negotiated.</param>
        /// <exception cref="NotSupportedException">This provider lacks the algorithm.</exception>
        public virtual CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            throw Lacks(algorithm);
        }

        /// <summary>Makes a key that hides the sequence numbers of records (RFC 9147 section 4.2.3). Allocates; the key's bytes are copied.</summary>
        /// <param name="algorithm">The AEAD algorithm of those records: it says which cipher makes the mask, and the key's length.</param>
        /// <param name="key">Holds the key.</param>
        /// <param name="offset">Where the key begins.</param>
        /// <exception cref="NotSupportedException">This provider lacks <see cref="CryptoAlgorithm.Mask"/> of the algorithm.</exception>
        public virtual MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            throw Lacks(CryptoAlgorithm.Mask + algorithm);
        }

        /// <summary>HMAC (RFC 2104) of a range with a key of any length; writes the hash's size in bytes.</summary>
        public virtual void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            throw Lacks(CryptoAlgorithm.Hmac + hash);
        }

        /// <summary>
        /// Makes an HMAC whose key is used more than once: 1 to <paramref name="maxKey"/> bytes, at most the hash's block. Allocates.
        /// As it stands it calls <see cref="Hmac"/> with the key each time; a provider that can keep more than the key overrides it.
        /// </summary>
        public virtual HmacContext CreateHmac(int hash, int maxKey)
        {
            return new PlainHmac(this, hash, maxKey);
        }

        /// <summary>
        /// The TLS 1.2 PRF (RFC 5246 section 5): P_hash of the secret over label and seed, which stand together. A provider may keep what it
        /// made of the secret for the next call with the same one, until <see cref="Forget"/>.
        /// </summary>
        public virtual void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
        {
            throw Lacks(CryptoAlgorithm.Prf + hash);
        }

        /// <summary>A handshake or another use of <see cref="Prf"/> is over: what the provider keeps of its secrets is zeroed.</summary>
        public virtual void Forget()
        {
        }

        /// <summary>
        /// Makes a key pair of a group of <see cref="NamedGroup"/>. When the operation has ended, the buffers hold the private
        /// key (<see cref="NamedGroup.SecretLength"/> bytes; X25519's unclamped) and the public key
        /// (<see cref="NamedGroup.PublicKeyLength"/> bytes); for <see cref="NamedGroup.MlKem768"/> its seed, 64 bytes, and 1,184 bytes.
        /// Fails with <see cref="DtlsError.NoEntropy"/>.
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks the group.</exception>
        public virtual CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            throw Lacks(CryptoAlgorithm.Agree + group);
        }

        /// <summary>
        /// Computes the shared secret (<see cref="NamedGroup.SecretLength"/> bytes: a coordinate, with its leading zeros) of a
        /// private key and the peer's public key. Fails with <see cref="DtlsError.IllegalParameter"/> where the peer's key has
        /// another length, is not an uncompressed point of the curve, or gives an X25519 secret of zeros (RFC 8422 section 5.11).
        /// The buffers must stay as they are until the operation has ended.
        /// <para><see cref="NamedGroup.MlKem768"/> takes a ciphertext of 1,088 bytes for the peer's key, and writes 32 bytes; a ciphertext that was not
        /// made for the key gives other bytes, not an error. <see cref="NamedGroup.MlKem768Encapsulation"/> takes no private key (null) and the peer's
        /// public one, and writes 32 bytes of secret and the 1,088 of the ciphertext behind them; it fails with
        /// <see cref="DtlsError.NoEntropy"/>, too.</para>
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks the group.</exception>
        public virtual CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            throw Lacks(CryptoAlgorithm.Agree + group);
        }

        /// <summary>
        /// Computes the public key of a private key that is no RSA key: an uncompressed point (04, X, Y), or 32 bytes of Ed25519.
        /// Fails with <see cref="DtlsError.InternalError"/> where the key is no key.
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks <see cref="CryptoAlgorithm.DerivePublic"/> of the key's kind.</exception>
        public virtual CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
        {
            throw Lacks(CryptoAlgorithm.DerivePublic + key.Kind);
        }

        /// <summary>
        /// Signs a hash (for Ed25519 the message itself) by a scheme of <see cref="SignatureScheme"/>; the operation's Length is
        /// the signature's. ECDSA signatures are DER sequences of two integers, over the hash's leftmost bits as the curve takes.
        /// <paramref name="signature"/> has room for the key's longest (<see cref="PublicKey.MaxSignatureLength"/>).
        /// Fails with <see cref="DtlsError.NoEntropy"/>, or <see cref="DtlsError.InternalError"/> where the key is no key.
        /// The buffers must stay as they are until the operation has ended.
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks <see cref="CryptoAlgorithm.SignWith"/> of scheme and key.</exception>
        public virtual CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            throw Lacks(CryptoAlgorithm.SignWith(scheme, key.Kind));
        }

        /// <summary>
        /// Verifies a signature over a hash (for Ed25519 over the message itself). Fails with
        /// <see cref="DtlsError.DecryptError"/> where it is not the key's, or is not encoded as it must be (strict DER, no
        /// trailing bytes). The buffers must stay as they are until the operation has ended.
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks <see cref="CryptoAlgorithm.VerifyWith"/> of scheme and key.</exception>
        public virtual CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            throw Lacks(CryptoAlgorithm.VerifyWith(scheme, key.Kind));
        }

        /// <summary>
        /// Encrypts by RSAES-PKCS1-v1_5; the result has the modulus' length. Fails with <see cref="DtlsError.NoEntropy"/>, or
        /// <see cref="DtlsError.IllegalParameter"/> where the data is too long for the key.
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks <see cref="CryptoAlgorithm.RsaEncrypt"/>.</exception>
        public virtual CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
        {
            throw Lacks(CryptoAlgorithm.RsaEncrypt);
        }

        /// <summary>
        /// Decrypts by RSAES-PKCS1-v1_5 with implicit rejection: writes exactly <paramref name="length"/> bytes, random ones
        /// where the padding is wrong or the plaintext has another length; neither time nor outcome tells which. A ciphertext
        /// that is not as long as the modulus, or not below it, counts as wrong padding.
        /// </summary>
        /// <exception cref="NotSupportedException">This provider lacks <see cref="CryptoAlgorithm.RsaDecrypt"/>.</exception>
        public virtual CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
        {
            throw Lacks(CryptoAlgorithm.RsaDecrypt);
        }

        private NotSupportedException Lacks(int algorithm)
        {
            return new NotSupportedException(GetType().Name + " lacks algorithm " + algorithm.ToString() + ".");
        }
    }
}

using System;

namespace NfDtls
{
    /// <summary>
    /// A private key: one whose bytes we hold (<see cref="StoredPrivateKey"/>), or an object of the application's that signs
    /// somewhere else, in a secure element say. An own class runs inside the engine: it must not call back into it.
    /// </summary>
    public abstract class PrivateKey
    {
        private const int LongestRsa = 512;
        private const int LongestEcdsa = 139;

        /// <summary>A kind of <see cref="KeyKind"/>.</summary>
        public abstract int Kind { get; }

        /// <summary>The public key that belongs to it, or null where that is not known.</summary>
        public virtual PublicKey? Public
        {
            get { return null; }
        }

        /// <summary>The longest signature that it makes, in bytes.</summary>
        public virtual int MaxSignatureLength
        {
            get { return Public != null ? Public.MaxSignatureLength : Kind == KeyKind.Rsa ? LongestRsa : LongestEcdsa; }
        }

        /// <summary>Whether it can sign by a scheme of <see cref="SignatureScheme"/>, with this provider's help.</summary>
        public abstract bool CanSign(CryptoProvider crypto, int scheme);

        /// <summary>
        /// Begins a signature over a hash (the scheme's; for Ed25519 the message itself). The operation's Length is the
        /// signature's; ECDSA signatures are DER (RFC 4492 section 5.4).
        /// </summary>
        /// <param name="crypto">The endpoint's cryptography.</param>
        /// <param name="scheme">A scheme that <see cref="CanSign"/>.</param>
        /// <param name="data">Holds the hash; must stay as it is until the operation has ended.</param>
        /// <param name="offset">Where the hash begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="signature">Receives the signature: as many bytes as the key's longest.</param>
        /// <param name="signatureOffset">Where it goes.</param>
        public abstract CryptoOperation Sign(CryptoProvider crypto, int scheme, byte[] data, int offset, int count, byte[] signature, int signatureOffset);

        /// <summary>Whether it can undo RSA encryption, which the RSA key exchange needs.</summary>
        public virtual bool CanDecrypt(CryptoProvider crypto)
        {
            return false;
        }

        /// <summary>
        /// Begins to decrypt by RSAES-PKCS1-v1_5 with implicit rejection: exactly <paramref name="length"/> bytes are written,
        /// random ones where the padding is wrong or the plaintext has another length, and neither time nor outcome tells which.
        /// </summary>
        /// <exception cref="NotSupportedException">The key cannot decrypt.</exception>
        public virtual CryptoOperation Decrypt(CryptoProvider crypto, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
        {
            throw new NotSupportedException("This private key does not decrypt.");
        }
    }
}

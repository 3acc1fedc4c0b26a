using System;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>A private key of P-256 in a slot of a secure element. All that NfDtls wants of a key is here: what kind it is, its public half, and a signature.</summary>
    internal sealed class ElementKey : PrivateKey
    {
        private const byte Uncompressed = 4;

        private readonly SecureElement _element;
        private readonly int _slot;
        private readonly PublicKey _public = new PublicKey();

        /// <summary>Asks the element for the public half, which takes as long as a signature.</summary>
        /// <exception cref="ElementException">It does not tell it.</exception>
        internal ElementKey(SecureElement element, int slot)
        {
            byte[] halves = element.ReadPublicKey(slot);
            byte[] point = new byte[1 + halves.Length];
            point[0] = Uncompressed;
            Array.Copy(halves, 0, point, 1, halves.Length);
            _public.Set(KeyKind.Secp256r1, point, 0, point.Length);
            _element = element;
            _slot = slot;
        }

        /// <inheritdoc/>
        public override int Kind
        {
            get { return KeyKind.Secp256r1; }
        }

        /// <summary>By this <c>CertificateStore.AddLocal</c> knows whether the certificate is of the element's key.</summary>
        public override PublicKey Public
        {
            get { return _public; }
        }

        /// <summary>It signs hashes of 32 bytes alone.</summary>
        public override bool CanSign(CryptoProvider crypto, int scheme)
        {
            return scheme == SignatureScheme.EcdsaSecp256r1Sha256;
        }

        /// <inheritdoc/>
        public override CryptoOperation Sign(CryptoProvider crypto, int scheme, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            byte[] hash = new byte[count];
            Array.Copy(data, offset, hash, 0, count);
            return new ElementSigning(this, crypto, hash, signature, signatureOffset);
        }

        /// <summary>Waits for the element to sign: r and s.</summary>
        /// <exception cref="ElementException">It does not.</exception>
        internal byte[] SignHash(byte[] hash)
        {
            return _element.SignHash(_slot, hash);
        }
    }
}

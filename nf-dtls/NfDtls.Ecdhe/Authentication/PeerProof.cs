namespace NfDtls.Ecdhe
{
    /// <summary>Verifies what one peer after the other proves itself with.</summary>
    public abstract class PeerProof
    {
        /// <summary>
        /// Reads a Certificate message's body. It stays in place until <see cref="Verify"/>'s work has ended, so nothing needs to
        /// be copied before.
        /// </summary>
        public abstract DtlsError Read(Handshake handshake, WireReader reader);

        /// <summary>Whether the peer sent none.</summary>
        public abstract bool IsEmpty { get; }

        /// <summary>Begins the verification of what was read, or returns null where nothing is left to do.</summary>
        public abstract CryptoOperation? Verify(Handshake handshake);

        /// <summary>The peer's key; valid as long as the message is in place.</summary>
        public abstract PublicKey Key { get; }

        /// <summary>Whether the key may be used to verify signatures (or else to encrypt), as far as its certificate says.</summary>
        public virtual bool Allows(bool encrypts)
        {
            return true;
        }

        /// <summary>Copies what was verified: see <see cref="Agreement.PeerCertificates"/>.</summary>
        public abstract byte[][] CopyCertificates();

        /// <summary>Forgets the peer.</summary>
        public abstract void Clear();
    }
}

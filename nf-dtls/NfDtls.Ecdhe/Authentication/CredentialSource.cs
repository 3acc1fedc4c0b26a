namespace NfDtls.Ecdhe
{
    /// <summary>Credentials of one type, and what verifies a peer's. May change while handshakes run: those keep what they began with.</summary>
    public abstract class CredentialSource
    {
        /// <summary>A type of <see cref="NfDtls.Ecdhe.CertificateType"/>.</summary>
        public abstract int CertificateType { get; }

        /// <summary>The credentials of this moment; an array that is never written to again.</summary>
        public abstract Credential[] Credentials { get; }

        /// <summary>Whether a peer could be verified: there is a trusted certificate, a pin, a raw key.</summary>
        public abstract bool HasTrust { get; }

        /// <summary>Makes what verifies peers, one after the other, with all the memory that it needs.</summary>
        public abstract PeerProof CreateProof(EndpointOptions options);

        /// <summary>Bytes that <see cref="CreateProof"/> allocates on nanoFramework.</summary>
        public abstract int PlanMemory(EndpointOptions options);

        /// <summary>Contexts of the crypto provider that <see cref="CreateProof"/> makes.</summary>
        public virtual int CountContexts(EndpointOptions options)
        {
            return 0;
        }

        /// <summary>
        /// Bytes that are others once a peer might not be trusted any more (<see cref="Authenticator.TrustContext"/>); null, the
        /// default, where that cannot be told.
        /// </summary>
        public virtual byte[]? TrustContext(CryptoProvider crypto, byte[] peerHash)
        {
            return null;
        }

        /// <summary>Whether a client must name the server that it wants, so that its certificate can be compared.</summary>
        public virtual bool NeedsServerName(EndpointOptions options)
        {
            return false;
        }

        /// <summary>Writes the names of a CertificateRequest's authorities, without the list's length.</summary>
        public virtual void WriteAuthorities(WireWriter writer)
        {
        }
    }
}

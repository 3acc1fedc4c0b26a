namespace NfDtls.Ecdhe
{
    /// <summary>Something that this end can prove itself with: a private key, and what its Certificate message says. Does not change.</summary>
    public abstract class Credential
    {
        /// <summary>The private key.</summary>
        public abstract PrivateKey Key { get; }

        /// <summary>Bytes of the Certificate message's body.</summary>
        public abstract int MessageLength { get; }

        /// <summary>Writes the Certificate message's body.</summary>
        public abstract void Write(WireWriter writer);

        /// <summary>Whether the key may be used to sign handshakes (or else to decrypt), as far as its certificate says.</summary>
        public virtual bool Allows(bool decrypts)
        {
            return true;
        }

        /// <summary>Whether it is for a server of this name.</summary>
        public virtual bool Matches(string serverName)
        {
            return true;
        }

        /// <summary>Whether the peer can verify the signatures in it.</summary>
        /// <param name="schemes">The schemes that the peer named.</param>
        public virtual bool IsSignedBy(int[] schemes)
        {
            return true;
        }

        /// <summary>Whether one of a CertificateRequest's authorities stands behind it; the range holds the list without its length.</summary>
        public virtual bool IsIssuedBy(byte[] authorities, int offset, int count)
        {
            return true;
        }
    }
}

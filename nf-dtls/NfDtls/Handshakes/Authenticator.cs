namespace NfDtls
{
    /// <summary>
    /// Authentication by certificates or raw public keys: Certificate, CertificateRequest and CertificateVerify of either end.
    /// The object in <see cref="EndpointOptions.Authenticator"/> serves an endpoint and makes another for each handshake at a
    /// time, which is cleared when its handshake has ended and then serves the next.
    /// </summary>
    public abstract class Authenticator : HandshakePart
    {
        /// <summary>Makes one for handshakes, with all the memory that it will need.</summary>
        public abstract Authenticator Create(EndpointOptions options);

        /// <summary>Bytes that <see cref="Create"/> allocates on nanoFramework.</summary>
        public virtual int PlanMemory(EndpointOptions options)
        {
            return 0;
        }

        /// <summary>Contexts of the crypto provider (<see cref="CryptoProvider.Reserve"/>) that <see cref="Create"/> makes.</summary>
        public virtual int CountContexts(EndpointOptions options)
        {
            return 0;
        }

        /// <summary>The extensions that it needs beside the suites', or null.</summary>
        public virtual HelloExtension[]? Extensions
        {
            get { return null; }
        }

        /// <summary>
        /// Checks, before a client connects or when a server is made, that what the options name suffices, if one of the suites
        /// in use needs certificates.
        /// </summary>
        /// <exception cref="System.ArgumentException">It does not; the message names the option.</exception>
        public virtual void Check(EndpointOptions options, bool isServer)
        {
        }

        /// <summary>Whether there is a private key with which a server can prove itself.</summary>
        /// <param name="keyKinds">Bits: 1 shifted by each kind of <see cref="KeyKind"/> that will do.</param>
        public abstract bool HasKey(int keyKinds);

        /// <summary>
        /// Chooses what a server proves itself with to a client whose hello was read. False, and nothing chosen, where no key
        /// fits.
        /// </summary>
        /// <param name="handshake">The handshake.</param>
        /// <param name="keyKinds">Bits: 1 shifted by each kind of <see cref="KeyKind"/> that will do.</param>
        /// <param name="decrypts">Whether the key must decrypt (RSA key exchange); else it must sign.</param>
        public abstract bool ChooseKey(Handshake handshake, int keyKinds, bool decrypts);

        /// <summary>
        /// Whether what <see cref="ChooseKey"/> chose last is not what the client asked for by name, while a key of another kind
        /// is: a suite for that one is then preferred.
        /// </summary>
        public virtual bool IsSecondBest
        {
            get { return false; }
        }

        /// <summary>What a server fails with where no suite was found: what it has to prove itself with may be the reason.</summary>
        public virtual DtlsError WhyNoKey(Handshake handshake)
        {
            return DtlsError.HandshakeFailure;
        }

        /// <summary>
        /// A server's last decision before its hello, once the suite is chosen: whether it asks for the client's certificate, by
        /// setting <see cref="HandshakeFlags.ClientCertificateRequested"/>.
        /// </summary>
        public abstract DtlsError Prepare(Handshake handshake);

        /// <summary>The peer's public key once its certificate was verified, else null.</summary>
        public abstract PublicKey? PeerKey { get; }

        /// <summary>This end's key, once chosen, else null.</summary>
        public abstract PrivateKey? OwnKey { get; }

        /// <summary>The signature scheme for <see cref="OwnKey"/>, once chosen.</summary>
        public abstract int OwnScheme { get; }

        /// <summary>
        /// Bytes that are others once a peer that has proved itself would perhaps not be trusted any more: a session with it goes on
        /// only while they are the same. Null, the default, where nobody can tell.
        /// </summary>
        /// <param name="crypto">Has SHA-256.</param>
        /// <param name="peerHash">SHA-256 of the peer's certificate or raw public key.</param>
        public virtual byte[]? TrustContext(CryptoProvider crypto, byte[] peerHash)
        {
            return null;
        }

        /// <summary>
        /// The form of this end's proof: 0 is a chain of X.509 certificates, 2 a raw public key (RFC 7250). Messages are read and
        /// written here in the form of DTLS 1.2, and of a newer version's the version makes that.
        /// </summary>
        public virtual int OwnCertificateType
        {
            get { return 0; }
        }

        /// <summary>The form of the peer's proof.</summary>
        public virtual int PeerCertificateType
        {
            get { return 0; }
        }
    }
}

namespace NfDtls.Extensions
{
    /// <summary>
    /// Where an endpoint's own connection IDs come from: the bytes that the peer puts into the header of each record, by which a
    /// server finds the session wherever the record comes from. All of an endpoint's have one length. A server's must lead back to
    /// the session's place in its table; one of many nodes may put the node's number in. One object serves one endpoint.
    /// </summary>
    public abstract class ConnectionIds
    {
        /// <summary>The most bytes of an own connection ID.</summary>
        public const int MaxLength = 32;

        /// <summary>Bytes of each, 0 to <see cref="MaxLength"/>; 0 where the peer shall put none into its records.</summary>
        public abstract int Length { get; }

        /// <summary>The endpoint is being made.</summary>
        /// <param name="crypto">Its cryptography, for keys and random bytes.</param>
        /// <param name="places">Sessions and handshakes that it may have at one time; 1 for a client.</param>
        /// <exception cref="System.ArgumentException">So many cannot be told apart by IDs of this length.</exception>
        public abstract void Attach(CryptoProvider crypto, int places);

        /// <summary>Makes the ID of a session.</summary>
        /// <param name="place">The session's place in the server's table; 0 for a client.</param>
        /// <param name="destination">Where the <see cref="Length"/> bytes go.</param>
        /// <param name="offset">Where there.</param>
        /// <exception cref="System.InvalidOperationException">There is no entropy.</exception>
        public abstract void Create(int place, byte[] destination, int offset);

        /// <summary>
        /// The place that an ID of a record leads to, or -1. The bytes may be anybody's: whether the session there has just this
        /// ID is checked afterwards. Called for a record whose sender's address is not that session's; allocates nothing.
        /// </summary>
        public abstract int FindPlace(byte[] buffer, int offset);
    }
}

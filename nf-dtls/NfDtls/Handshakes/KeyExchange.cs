namespace NfDtls
{
    /// <summary>One handshake's key exchange: ServerKeyExchange, ClientKeyExchange and the premaster secret.</summary>
    public abstract class KeyExchange : HandshakePart
    {
        /// <summary>Which messages it has: <see cref="HandshakeFlags"/>.</summary>
        public abstract int Flags { get; }

        /// <summary>Writes the premaster secret and returns its length, or -1 if it does not fit.</summary>
        public abstract int WritePremasterSecret(byte[] destination, int offset, int count);
    }
}

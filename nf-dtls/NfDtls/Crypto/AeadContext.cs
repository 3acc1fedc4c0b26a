namespace NfDtls
{
    /// <summary>
    /// One AEAD key (RFC 5116), for sealing, opening or both. Works in place: the tag stands behind the data. Allocates
    /// nothing after it was made.
    /// </summary>
    public abstract class AeadContext
    {
        /// <summary>Length of the tag in bytes.</summary>
        public abstract int TagLength { get; }

        /// <summary>
        /// Encrypts <paramref name="count"/> bytes in place and writes the tag behind them: the buffer must have room for
        /// <paramref name="count"/> + <see cref="TagLength"/> bytes from <paramref name="offset"/> on.
        /// </summary>
        /// <param name="nonce">Holds the 12 bytes of the nonce from <paramref name="nonceOffset"/> on.</param>
        /// <param name="nonceOffset">Where the nonce begins.</param>
        /// <param name="aad">Holds the additional data.</param>
        /// <param name="aadOffset">Where the additional data begins.</param>
        /// <param name="aadCount">Bytes of additional data.</param>
        /// <param name="data">Holds the plaintext; may be the array of the additional data.</param>
        /// <param name="offset">Where the plaintext begins.</param>
        /// <param name="count">Bytes of plaintext, without the tag.</param>
        public abstract void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count);

        /// <summary>
        /// Verifies the tag behind <paramref name="count"/> bytes of ciphertext, in constant time, and decrypts them in
        /// place. Never throws on bad input: false means forged, and the buffer's content is then undefined but never the
        /// decrypted text.
        /// </summary>
        /// <param name="nonce">Holds the 12 bytes of the nonce from <paramref name="nonceOffset"/> on.</param>
        /// <param name="nonceOffset">Where the nonce begins.</param>
        /// <param name="aad">Holds the additional data.</param>
        /// <param name="aadOffset">Where the additional data begins.</param>
        /// <param name="aadCount">Bytes of additional data.</param>
        /// <param name="data">Holds the ciphertext and behind it the tag.</param>
        /// <param name="offset">Where the ciphertext begins.</param>
        /// <param name="count">Bytes of ciphertext, without the tag.</param>
        public abstract bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count);

        /// <summary>Zeroes the key. The context must not be used afterwards; calling it twice is harmless.</summary>
        public abstract void Clear();
    }
}

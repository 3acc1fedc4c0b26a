namespace NfDtls
{
    /// <summary>
    /// One direction's keys of a CBC cipher suite: the MAC and the cipher, in the order of RFC 5246 section 6.2.3.2 or, with
    /// encrypt-then-MAC, of RFC 7366. Padding, MAC and their constant-time check are the provider's. Works in place and
    /// allocates nothing after it was made.
    /// </summary>
    /// <remarks>
    /// The header is the bytes that the MAC covers before the data; its last two bytes are the length field, which the
    /// context writes itself: without encrypt-then-MAC the plaintext's length, with it the length of IV and ciphertext.
    /// With encrypt-then-MAC the MAC covers the header, the IV and the ciphertext, and stands behind the ciphertext.
    /// </remarks>
    public abstract class CbcContext
    {
        /// <summary>The most bytes that <see cref="Seal"/> adds behind the data (a block of padding and the MAC).</summary>
        public abstract int MaxOverhead { get; }

        /// <summary>Encrypts and authenticates <paramref name="count"/> bytes in place.</summary>
        /// <param name="header">Holds the bytes that the MAC covers first; the last two are overwritten.</param>
        /// <param name="headerOffset">Where the header begins.</param>
        /// <param name="headerCount">Bytes of header.</param>
        /// <param name="iv">Holds the 16 bytes of the initialization vector, unpredictable for each record.</param>
        /// <param name="ivOffset">Where the IV begins.</param>
        /// <param name="data">Holds the plaintext, with <see cref="MaxOverhead"/> bytes of room behind it.</param>
        /// <param name="offset">Where the plaintext begins.</param>
        /// <param name="count">Bytes of plaintext.</param>
        /// <returns>The bytes from <paramref name="offset"/> on that follow the IV in the record.</returns>
        public abstract int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count);

        /// <summary>Verifies and decrypts in place; bad padding and a bad MAC are told apart neither by result nor by time.</summary>
        /// <param name="header">Holds the bytes that the MAC covers first; the last two are overwritten.</param>
        /// <param name="headerOffset">Where the header begins.</param>
        /// <param name="headerCount">Bytes of header.</param>
        /// <param name="iv">Holds the 16 bytes of the initialization vector.</param>
        /// <param name="ivOffset">Where the IV begins.</param>
        /// <param name="data">Holds what follows the IV in the record.</param>
        /// <param name="offset">Where that begins.</param>
        /// <param name="count">How many bytes it has.</param>
        /// <returns>Bytes of plaintext at <paramref name="offset"/>, or -1 if it was forged. Never throws on bad input.</returns>
        public abstract int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count);

        /// <summary>Zeroes the keys. The context must not be used afterwards; calling it twice is harmless.</summary>
        public abstract void Clear();
    }
}

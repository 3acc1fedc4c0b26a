namespace NfDtls
{
    /// <summary>
    /// One key that hides record sequence numbers (RFC 9147 section 4.2.3). Made by <see cref="CryptoProvider.CreateMask"/>;
    /// allocates nothing after that, except in Crypto.Stock.
    /// </summary>
    public abstract class MaskContext
    {
        /// <summary>Bytes of a sample: the first ones of a record's ciphertext.</summary>
        public const int SampleLength = 16;

        /// <summary>
        /// Writes the mask of a sample, <see cref="SampleLength"/> bytes of which as many are used as there are to be hidden: the
        /// AES block of the sample, or the ChaCha20 block whose counter is the sample's first 4 bytes (little-endian) and whose
        /// nonce is the other 12.
        /// </summary>
        /// <param name="sample">Holds the sample.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="mask">Where the mask goes; may be the array of the sample.</param>
        /// <param name="maskOffset">Where there.</param>
        public abstract void Compute(byte[] sample, int offset, byte[] mask, int maskOffset);

        /// <summary>Zeroes the key. The context must not be used afterwards; calling it twice is harmless.</summary>
        public abstract void Clear();
    }
}

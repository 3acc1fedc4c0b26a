namespace NfDtls
{
    /// <summary>
    /// HMAC (RFC 2104) under a key that is used again and again, so that what follows from the key alone is done once. Made by
    /// <see cref="CryptoProvider.CreateHmac"/>; allocates nothing after that.
    /// </summary>
    public abstract class HmacContext
    {
        /// <summary>Takes another key, which is copied, and forgets the one before.</summary>
        /// <param name="key">Holds the key.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it, at most as many as the hash's block has.</param>
        public abstract void SetKey(byte[] key, int offset, int count);

        /// <summary>The HMAC of a range; writes the hash's size in bytes.</summary>
        public abstract void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset);
    }
}

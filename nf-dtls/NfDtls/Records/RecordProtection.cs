namespace NfDtls
{
    /// <summary>How the records of one direction of an epoch are protected. Works in place.</summary>
    internal abstract class RecordProtection
    {
        /// <summary>Bytes of an AEAD's nonce; it stands in a header's scratch before the additional data.</summary>
        internal const int NonceLength = 12;

        /// <summary>Where in the scratch epoch and sequence number stand until they are part of a nonce: the additional data follow at once.</summary>
        internal const int NumberAt = NonceLength - RecordCodec.NumberLength;

        /// <summary>Bytes that the usual form of records adds to what is authenticated.</summary>
        internal const int AdditionalDataLength = 13;

        /// <summary>Bytes of the fragment before the content: explicit nonce or IV.</summary>
        internal abstract int PrefixLength { get; }

        /// <summary>The most bytes of the fragment behind the content.</summary>
        internal abstract int MaxSuffixLength { get; }

        /// <summary>
        /// Protects the content in place; header gives type, version, epoch and sequence. The fragment begins
        /// <see cref="PrefixLength"/> bytes before the content. Returns its length.
        /// </summary>
        internal abstract int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count);

        /// <summary>Opens the header's fragment in place and moves the header's fragment to the plaintext; false if forged.</summary>
        internal abstract bool Open(RecordCodec codec, RecordHeader header, byte[] buffer);

        /// <summary>Zeroes the keys.</summary>
        internal virtual void Clear()
        {
        }
    }
}

namespace NfDtls
{
    /// <summary>What a record's header says, and where its fragment stands in the datagram. One object is used again and again.</summary>
    public sealed class RecordHeader
    {
        /// <summary>Content type.</summary>
        public int Type;
        /// <summary>Version field as read.</summary>
        public int Version;
        /// <summary>Epoch.</summary>
        public long Epoch;
        /// <summary>Sequence number in the epoch.</summary>
        public long Sequence;
        /// <summary>Index of the record's first byte.</summary>
        public int Offset;
        /// <summary>Index of the fragment's first byte; after opening, of the plaintext.</summary>
        public int FragmentOffset;
        /// <summary>Bytes of fragment; after opening, of plaintext.</summary>
        public int FragmentLength;
        /// <summary>Index of the byte behind the record.</summary>
        public int End;

        /// <summary>
        /// Where protection writes a nonce, and what is authenticated beside the content: with whoever uses the header, since a
        /// session would keep it for the moment of each record.
        /// </summary>
        internal byte[] Scratch = new byte[RecordProtection.NonceLength + RecordProtection.AdditionalDataLength];

        /// <summary>Makes room for a form of records that authenticates more beside the content than the usual one.</summary>
        internal void Reserve(int additionalData)
        {
            int length = RecordProtection.NonceLength + additionalData;
            if (length > Scratch.Length)
            {
                Scratch = new byte[length];
            }
        }
    }
}

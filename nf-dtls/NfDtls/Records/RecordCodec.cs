namespace NfDtls
{
    /// <summary>The outer form of the records of an epoch, from the first byte on. DTLS 1.3 and connection IDs have others than RFC 6347.</summary>
    public abstract class RecordCodec
    {
        /// <summary>Whether a record with this first byte has this form.</summary>
        public abstract bool Recognizes(int firstByte);

        /// <summary>Reads a header; false where there is no whole record, or none of this form.</summary>
        public abstract bool Read(byte[] buffer, int offset, int count, RecordHeader header);

        /// <summary>Whether the version that a header names may stand there.</summary>
        public abstract bool IsVersionRight(RecordHeader header);

        /// <summary>The most bytes of a header that <see cref="Write"/> makes.</summary>
        public abstract int HeaderLength { get; }

        /// <summary>Bytes of the header of one record; never more than <see cref="HeaderLength"/>.</summary>
        internal virtual int LengthOf(int type, long sequence)
        {
            return HeaderLength;
        }

        /// <summary>Writes the header of a record whose fragment of <paramref name="fragmentLength"/> bytes follows at once.</summary>
        public abstract void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength);

        /// <summary>Writes the bytes that are authenticated beside the content; the last two are <paramref name="length"/>. Returns how many.</summary>
        public abstract int WriteAdditionalData(byte[] destination, RecordHeader header, int length);

        /// <summary>Zeroes the keys, where it has some.</summary>
        internal virtual void Clear()
        {
        }

        /// <summary>Epoch and sequence number as one number of 64 bits.</summary>
        internal static void WriteNumber(byte[] buffer, int offset, long epoch, long sequence)
        {
            buffer[offset] = (byte)(epoch >> 8);
            buffer[offset + 1] = (byte)epoch;
            for (int i = 7; i > 1; i--)
            {
                buffer[offset + i] = (byte)sequence;
                sequence >>= 8;
            }
        }
    }
}

using System;

namespace NfDtls
{
    /// <summary>The outer form of the records of an epoch, from the first byte on. DTLS 1.3 and connection IDs have others than RFC 6347.</summary>
    public abstract class RecordCodec
    {
        /// <summary>Bytes that <see cref="WriteNumber"/> writes.</summary>
        internal const int NumberLength = 8;

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

        /// <summary>
        /// Writes the header of a record that was protected, where <paramref name="header"/> says that it begins: what was authenticated still
        /// stands in its scratch.
        /// </summary>
        internal virtual void WriteSealed(RecordHeader header, byte[] buffer, int fragmentLength)
        {
            Write(buffer, header.Offset, header.Type, header.Version, header.Epoch, header.Sequence, fragmentLength);
        }

        /// <summary>
        /// Writes the bytes that are authenticated beside the content; the last two are <paramref name="length"/>. Returns how many. The 8
        /// bytes before <paramref name="offset"/> are epoch and sequence number (<see cref="WriteNumber"/>), as most forms begin with these.
        /// </summary>
        public abstract int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length);

        /// <summary>What a record that comes in is known by, so that its sender's address may change, or null: the connection ID in use.</summary>
        internal virtual byte[] ReadId
        {
            get { return null; }
        }

        /// <summary>The connection ID in what goes out, or null.</summary>
        internal virtual byte[] WriteId
        {
            get { return null; }
        }

        /// <summary>All connection IDs that an association has in one direction, the one in use first, where they can change; else null.</summary>
        internal virtual byte[][] ListIds(bool areOwn)
        {
            return null;
        }

        /// <summary>Gives the epochs of an association that is back, the newest and those before it, the IDs that it had; false where its form has none that can change.</summary>
        internal virtual bool TakeIds(Epoch newest, byte[][] own, byte[][] peers, int block)
        {
            return false;
        }

        /// <summary>The most bytes of its own that it puts behind the content, protected as that is.</summary>
        internal virtual int MaxTrailerLength
        {
            get { return 0; }
        }

        /// <summary>Whether a datagram may hold records of several associations (RFC 9147 section 4 forbids it).</summary>
        internal virtual bool SharesDatagrams
        {
            get { return true; }
        }

        /// <summary>Whether the record in a header, whatever form it was read by, is of this one.</summary>
        internal virtual bool Matches(byte[] buffer, RecordHeader header)
        {
            return Recognizes(buffer[header.Offset]);
        }

        /// <summary>Puts its own bytes behind the content; returns how many are to be protected together.</summary>
        internal virtual int Wrap(int type, byte[] buffer, int offset, int count)
        {
            return count;
        }

        /// <summary>
        /// Takes its own bytes off again, once the header's fragment was opened, and puts into the header what they say; false where
        /// they say nothing.
        /// </summary>
        internal virtual bool Unwrap(RecordHeader header, byte[] buffer)
        {
            return true;
        }

        /// <summary>
        /// The epoch that can be read of the record in a header: the newest, or the one before while records of it may be under way;
        /// or null. A form that hides a record's number shows it now, in header and buffer.
        /// </summary>
        internal virtual Epoch FindEpoch(Epoch newest, RecordHeader header, byte[] buffer)
        {
            if (newest.Number == header.Epoch)
            {
                return newest;
            }

            Epoch before = newest.Before;
            return before != null && before.Number == header.Epoch && before.IsReadable ? before : null;
        }

        /// <summary>The same as <see cref="WriteAdditionalData"/> of a record that was read, whose header is in the buffer; it needs nothing before the offset, and may write there.</summary>
        internal virtual int CopyAdditionalData(RecordHeader header, byte[] buffer, byte[] destination, int offset, int length)
        {
            WriteNumber(destination, offset - NumberLength, header.Epoch, header.Sequence);
            return WriteAdditionalData(destination, offset, header, length);
        }

        /// <summary>Epoch and sequence number as one number of 64 bits.</summary>
        internal static void WriteNumber(byte[] buffer, int offset, long epoch, long sequence)
        {
            if ((((epoch << 8) | sequence) >> 16) == 0)
            {
                // As in most sessions for as long as they live.
                Array.Clear(buffer, offset, 6);
            }
            else
            {
                int high = (int)(sequence >> 16);
                buffer[offset] = (byte)(epoch >> 8);
                buffer[offset + 2] = (byte)(high >> 24);
                buffer[offset + 3] = (byte)(high >> 16);
                buffer[offset + 4] = (byte)(high >> 8);
                buffer[offset + 5] = (byte)high;
            }

            buffer[offset + 1] = (byte)epoch;
            buffer[offset + 6] = (byte)(sequence >> 8);
            buffer[offset + 7] = (byte)sequence;
        }
    }
}

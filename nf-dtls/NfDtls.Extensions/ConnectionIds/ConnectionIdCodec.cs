using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Records with a connection ID (RFC 9146 section 4): type tls12_cid, version, epoch, sequence number, the ID, length. The real
    /// type stands behind the content, protected, and behind it perhaps zeros. One of these for each direction of a session; a
    /// further one reads headers, whoever's they are: all of an endpoint's own IDs have one length.
    /// </summary>
    internal class ConnectionIdCodec : RecordCodec
    {
        internal const int IdAt = 11;
        private const int BytesAround = 13;

        // Eight bytes of 0xFF, the type, the ID's length, the type, version, epoch and sequence number, length (section 5).
        private const int AdditionalAround = 8 + 3 + 2 + 8 + 2;
        private const int PlaceholderLength = 8;

        private readonly byte[] _id;
        private readonly int _block;

        /// <param name="id">The ID; its length is what a reader of headers needs.</param>
        /// <param name="block">Content and type are padded to a multiple of this, 1 for no padding.</param>
        internal ConnectionIdCodec(byte[] id, int block)
        {
            _id = id;
            _block = block;
        }

        internal byte[] Id
        {
            get { return _id; }
        }

        /// <summary>Bytes of additional data for an ID of a length.</summary>
        internal static int AdditionalDataFor(int idLength)
        {
            return AdditionalAround + idLength;
        }

        public override int HeaderLength
        {
            get { return BytesAround + _id.Length; }
        }

        internal override byte[] ReadId
        {
            get { return _id; }
        }

        internal override byte[] WriteId
        {
            get { return _id; }
        }

        internal override int MaxTrailerLength
        {
            get { return _block; }
        }

        public override bool Recognizes(int firstByte)
        {
            return firstByte == ContentType.ConnectionId && _id.Length > 0;
        }

        public override bool IsVersionRight(RecordHeader header)
        {
            return header.Version == DtlsVersion.Dtls12;
        }

        public override bool Read(byte[] buffer, int offset, int count, RecordHeader header)
        {
            int size = HeaderLength;
            if (count < size)
            {
                return false;
            }

            header.Offset = offset;
            header.Type = buffer[offset];
            header.Version = (buffer[offset + 1] << 8) | buffer[offset + 2];
            header.Epoch = (buffer[offset + 3] << 8) | buffer[offset + 4];
            long sequence = 0;
            for (int i = 5; i < IdAt; i++)
            {
                sequence = (sequence << 8) | buffer[offset + i];
            }

            header.Sequence = sequence;
            header.FragmentOffset = offset + size;
            header.FragmentLength = (buffer[offset + size - 2] << 8) | buffer[offset + size - 1];
            header.End = header.FragmentOffset + header.FragmentLength;
            return header.FragmentLength <= count - size;
        }

        public override void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength)
        {
            buffer[offset] = ContentType.ConnectionId;
            WriteVersionAndNumber(buffer, offset + 1, version, epoch, sequence);
            Array.Copy(_id, 0, buffer, offset + IdAt, _id.Length);
            buffer[offset + IdAt + _id.Length] = (byte)(fragmentLength >> 8);
            buffer[offset + IdAt + _id.Length + 1] = (byte)fragmentLength;
        }

        public override int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length)
        {
            int at = offset;
            for (; at < offset + PlaceholderLength; at++)
            {
                destination[at] = 0xFF;
            }

            destination[at] = ContentType.ConnectionId;
            destination[at + 1] = (byte)_id.Length;
            destination[at + 2] = ContentType.ConnectionId;
            WriteVersionAndNumber(destination, at + 3, header.Version, header.Epoch, header.Sequence);
            at += 13;
            Array.Copy(_id, 0, destination, at, _id.Length);
            at += _id.Length;
            destination[at] = (byte)(length >> 8);
            destination[at + 1] = (byte)length;
            return at + 2 - offset;
        }

        internal override bool Matches(byte[] buffer, RecordHeader header)
        {
            return Recognizes(buffer[header.Offset]) && ConstantTime.AreEqual(buffer, header.Offset + IdAt, _id, 0, _id.Length);
        }

        internal override int Wrap(int type, byte[] buffer, int offset, int count)
        {
            int end = offset + count;
            buffer[end] = (byte)type;
            int length = count + 1;
            for (; length % _block != 0; length++)
            {
                buffer[offset + length] = 0;
            }

            return length;
        }

        internal override bool Unwrap(RecordHeader header, byte[] buffer)
        {
            int last = header.FragmentOffset + header.FragmentLength - 1;
            while (last >= header.FragmentOffset && buffer[last] == 0)
            {
                last--;
            }

            if (last < header.FragmentOffset)
            {
                return false;
            }

            header.Type = buffer[last];
            header.FragmentLength = last - header.FragmentOffset;
            return true;
        }

        private static void WriteVersionAndNumber(byte[] buffer, int offset, int version, long epoch, long sequence)
        {
            buffer[offset] = (byte)(version >> 8);
            buffer[offset + 1] = (byte)version;
            WriteNumber(buffer, offset + 2, epoch, sequence);
        }
    }
}

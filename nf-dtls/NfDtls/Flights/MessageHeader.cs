namespace NfDtls
{
    /// <summary>The header of a handshake fragment (RFC 6347 section 4.2.2).</summary>
    internal sealed class MessageHeader
    {
        internal const int Length = 12;

        internal int Type;
        internal int MessageLength;
        internal int Sequence;
        internal int FragmentOffset;
        internal int FragmentLength;

        internal static void Write(byte[] buffer, int offset, int type, int length, int sequence, int fragmentOffset, int fragmentLength)
        {
            buffer[offset] = (byte)type;
            Write24(buffer, offset + 1, length);
            buffer[offset + 4] = (byte)(sequence >> 8);
            buffer[offset + 5] = (byte)sequence;
            Write24(buffer, offset + 6, fragmentOffset);
            Write24(buffer, offset + 9, fragmentLength);
        }

        /// <summary>Reads a header; false where there is none, where the fragment is not there whole, or lies beyond its message.</summary>
        internal bool Read(WireReader reader)
        {
            Type = reader.ReadUInt8();
            MessageLength = reader.ReadUInt24();
            Sequence = reader.ReadUInt16();
            FragmentOffset = reader.ReadUInt24();
            FragmentLength = reader.ReadUInt24();
            return !reader.Failed
                && FragmentLength <= reader.Remaining
                && FragmentOffset + FragmentLength <= MessageLength
                && (FragmentLength > 0 || MessageLength == 0);
        }

        private static void Write24(byte[] buffer, int offset, int value)
        {
            buffer[offset] = (byte)(value >> 16);
            buffer[offset + 1] = (byte)(value >> 8);
            buffer[offset + 2] = (byte)value;
        }
    }
}

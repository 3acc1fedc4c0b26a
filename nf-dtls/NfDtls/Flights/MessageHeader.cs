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
            buffer[offset + 1] = (byte)(length >> 16);
            buffer[offset + 2] = (byte)(length >> 8);
            buffer[offset + 3] = (byte)length;
            buffer[offset + 4] = (byte)(sequence >> 8);
            buffer[offset + 5] = (byte)sequence;
            buffer[offset + 6] = (byte)(fragmentOffset >> 16);
            buffer[offset + 7] = (byte)(fragmentOffset >> 8);
            buffer[offset + 8] = (byte)fragmentOffset;
            buffer[offset + 9] = (byte)(fragmentLength >> 16);
            buffer[offset + 10] = (byte)(fragmentLength >> 8);
            buffer[offset + 11] = (byte)fragmentLength;
        }

        /// <summary>Reads a header; false where there is none, where the fragment is not there whole, or lies beyond its message.</summary>
        internal bool Read(WireReader reader)
        {
            int at = reader.Skip(Length);
            if (reader.Failed)
            {
                return false;
            }

            byte[] buffer = reader.Buffer;
            Type = buffer[at];
            MessageLength = (buffer[at + 1] << 16) | (buffer[at + 2] << 8) | buffer[at + 3];
            Sequence = (buffer[at + 4] << 8) | buffer[at + 5];
            FragmentOffset = (buffer[at + 6] << 16) | (buffer[at + 7] << 8) | buffer[at + 8];
            FragmentLength = (buffer[at + 9] << 16) | (buffer[at + 10] << 8) | buffer[at + 11];
            return FragmentLength <= reader.Remaining
                && FragmentOffset + FragmentLength <= MessageLength
                && (FragmentLength > 0 || MessageLength == 0);
        }
    }
}

namespace NfDtls
{
    /// <summary>ServerKeyExchange of a PSK key exchange (RFC 4279 section 2): the identity hint.</summary>
    internal static class PskServerKeyExchange
    {
        internal static void Write(WireWriter writer, byte[] hint)
        {
            int length = hint == null ? 0 : hint.Length;
            writer.WriteUInt16(length);
            if (length > 0)
            {
                writer.WriteBytes(hint, 0, length);
            }
        }

        /// <summary>Returns the hint's length, or -1 if the message is ill-formed; the hint ends where the reader then stands.</summary>
        internal static int Read(WireReader reader)
        {
            int length = reader.ReadUInt16();
            reader.Skip(length);
            return reader.Failed ? -1 : length;
        }
    }
}

namespace NfDtls
{
    /// <summary>ClientKeyExchange of a PSK key exchange (RFC 4279 section 2): the identity.</summary>
    internal static class PskClientKeyExchange
    {
        internal static void Write(WireWriter writer, byte[] identity)
        {
            writer.WriteUInt16(identity.Length);
            writer.WriteBytes(identity, 0, identity.Length);
        }

        /// <summary>Returns the identity's length, or -1 if the message is ill-formed; the identity ends where the reader then stands.</summary>
        internal static int Read(WireReader reader)
        {
            int length = reader.ReadUInt16();
            reader.Skip(length);
            return reader.Failed ? -1 : length;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>EncryptedExtensions (RFC 8446 section 4.3.1): a block that is there even if it is empty.</summary>
    internal static class EncryptedExtensions
    {
        internal static void Write(WireWriter writer, Handshake handshake)
        {
            ExtensionBlock.Write(handshake, HandshakeType13.EncryptedExtensions, writer);
            if (writer.Length == 0)
            {
                writer.WriteUInt16(0);
            }
        }

        internal static DtlsError Read(WireReader reader, Handshake handshake)
        {
            return reader.Remaining == 0 ? DtlsError.DecodeError : ExtensionBlock.Read(handshake, HandshakeType13.EncryptedExtensions, reader);
        }
    }
}

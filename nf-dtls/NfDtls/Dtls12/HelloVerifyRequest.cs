namespace NfDtls
{
    /// <summary>HelloVerifyRequest (RFC 6347 section 4.2.1). Its version says nothing of the one that will be negotiated.</summary>
    internal static class HelloVerifyRequest
    {
        internal static void Write(WireWriter writer, byte[] cookie, int offset, int length)
        {
            writer.WriteUInt16(DtlsVersion.Dtls10);
            writer.WriteUInt8(length);
            writer.WriteBytes(cookie, offset, length);
        }

        /// <summary>Reads it; returns the cookie's length and leaves the reader behind the cookie, or -1.</summary>
        internal static int Read(WireReader reader, out int version)
        {
            version = reader.ReadUInt16();
            int length = reader.ReadUInt8();
            reader.Skip(length);
            return reader.IsAtEnd ? length : -1;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>
    /// Certificate (RFC 8446 section 4.4.2): the context of its request, empty but after the handshake, and a list of certificates
    /// (or one raw public key), each with extensions of its own.
    /// </summary>
    internal static class CertificateMessage
    {
        /// <summary>Writes certificates, the own one first, without extensions; none says that there is none.</summary>
        internal static void Write(WireWriter writer, byte[][] certificates)
        {
            writer.WriteUInt8(0);
            int list = writer.BeginVector(3);
            for (int i = 0; i < certificates.Length; i++)
            {
                writer.WriteUInt24(certificates[i].Length);
                writer.WriteBytes(certificates[i], 0, certificates[i].Length);
                writer.WriteUInt16(0);
            }

            writer.EndVector(list, 3);
        }

        /// <summary>Reads the context, which must be empty, and the length of the list, which stays in the reader: all that is left of it.</summary>
        internal static DtlsError ReadHead(WireReader reader)
        {
            int context = reader.ReadUInt8();
            if (context != 0)
            {
                return DtlsError.IllegalParameter;
            }

            int length = reader.ReadUInt24();
            return reader.Failed || length != reader.Remaining ? DtlsError.DecodeError : DtlsError.None;
        }

        /// <summary>
        /// Reads the next certificate: where it stands in the reader's buffer, and its length. Its extensions answer what was asked
        /// for, which is none: the block is looked over and has to be empty.
        /// </summary>
        internal static DtlsError ReadEntry(WireReader reader, out int offset, out int length)
        {
            length = reader.ReadUInt24();
            offset = reader.Skip(length);
            int extensions = reader.ReadUInt16();
            if (reader.Failed || length == 0)
            {
                return DtlsError.DecodeError;
            }

            return extensions == 0 ? DtlsError.None : DtlsError.UnsupportedExtension;
        }
    }
}

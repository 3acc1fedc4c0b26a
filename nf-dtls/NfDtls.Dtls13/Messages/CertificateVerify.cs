namespace NfDtls.Dtls13
{
    /// <summary>CertificateVerify (RFC 8446 section 4.4.3): a scheme, a signature, and what it is over.</summary>
    internal static class CertificateVerify
    {
        private const int Spaces = 64;
        private const int Space = 0x20;
        private const string Server = "TLS 1.3, server CertificateVerify";
        private const string Client = "TLS 1.3, client CertificateVerify";

        internal static void Write(WireWriter writer, int scheme, byte[] signature, int offset, int length)
        {
            writer.WriteUInt16(scheme);
            writer.WriteUInt16(length);
            writer.WriteBytes(signature, offset, length);
        }

        /// <summary>Reads it: where the signature stands in the reader's buffer, and its length.</summary>
        internal static DtlsError Read(WireReader reader, out int scheme, out int offset, out int length)
        {
            scheme = reader.ReadUInt16();
            length = reader.ReadUInt16();
            offset = reader.Skip(length);
            return reader.IsAtEnd ? DtlsError.None : DtlsError.DecodeError;
        }

        /// <summary>What is signed: 64 spaces, who signs, a zero, and the hash of the transcript.</summary>
        internal static byte[] Content(bool ofServer, byte[] transcript, int count)
        {
            string text = ofServer ? Server : Client;
            byte[] content = new byte[Spaces + text.Length + 1 + count];
            for (int i = 0; i < Spaces; i++)
            {
                content[i] = Space;
            }

            for (int i = 0; i < text.Length; i++)
            {
                content[Spaces + i] = (byte)text[i];
            }

            System.Array.Copy(transcript, 0, content, Spaces + text.Length + 1, count);
            return content;
        }
    }
}

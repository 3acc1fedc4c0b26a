namespace NfDtls.Ecdhe
{
    /// <summary>CertificateVerify (RFC 5246 section 7.4.8): a scheme, and a signature over all messages before it.</summary>
    internal sealed class CertificateVerify
    {
        internal int Scheme;
        internal byte[] Buffer;
        internal int Signature;
        internal int SignatureLength;

        internal static void Write(WireWriter writer, int scheme, byte[] signature, int length)
        {
            writer.WriteUInt16(scheme);
            int vector = writer.BeginVector(2);
            writer.WriteBytes(signature, 0, length);
            writer.EndVector(vector, 2);
        }

        internal DtlsError Read(WireReader reader)
        {
            Scheme = reader.ReadUInt16();
            SignatureLength = reader.ReadUInt16();
            Signature = reader.Skip(SignatureLength);
            Buffer = reader.Buffer;
            return reader.Failed ? DtlsError.DecodeError : DtlsError.None;
        }
    }
}

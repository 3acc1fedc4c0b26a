namespace NfDtls
{
    /// <summary>Finished (RFC 5246 section 7.4.9): 12 bytes of verify_data.</summary>
    internal static class Finished
    {
        internal const int VerifyDataLength = 12;

        internal static void Write(WireWriter writer, byte[] verifyData)
        {
            writer.WriteBytes(verifyData, 0, VerifyDataLength);
        }

        internal static DtlsError Read(WireReader reader, byte[] expected)
        {
            int received = reader.Skip(VerifyDataLength);
            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            return ConstantTime.AreEqual(reader.Buffer, received, expected, 0, VerifyDataLength) ? DtlsError.None : DtlsError.DecryptError;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>KeyUpdate (RFC 8446 section 4.6.3): whether the peer is to change its keys as well.</summary>
    internal static class KeyUpdate
    {
        private const int NotRequested = 0;
        private const int Requested = 1;

        internal static void Write(WireWriter writer, bool isRequested)
        {
            writer.WriteUInt8(isRequested ? Requested : NotRequested);
        }

        internal static DtlsError Read(WireReader reader, out bool isRequested)
        {
            int request = reader.ReadUInt8();
            isRequested = request == Requested;
            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            return request <= Requested ? DtlsError.None : DtlsError.IllegalParameter;
        }
    }
}

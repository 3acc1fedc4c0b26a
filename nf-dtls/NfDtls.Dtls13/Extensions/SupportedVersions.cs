namespace NfDtls.Dtls13
{
    /// <summary>supported_versions (RFC 8446 section 4.2.1): this version is offered and chosen here alone, 1.2 offered as well where it is.</summary>
    internal sealed class SupportedVersions : Extension13
    {
        internal const int Number = 43;

        public override int Type
        {
            get { return Number; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == HandshakeType.ClientHello || messageType == HandshakeType.ServerHello;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            if (messageType != HandshakeType.ClientHello)
            {
                writer.WriteUInt16(Version13.WireNumber);
                return;
            }

            int list = writer.BeginVector(1);
            writer.WriteUInt16(Version13.WireNumber);
            if ((role.Handshake.Flags & HandshakeFlags.EarlierOffered) != 0)
            {
                writer.WriteUInt16(DtlsVersion.Dtls12);
            }

            writer.EndVector(list, 1);
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ServerHello)
            {
                return reader.ReadUInt16() == Version13.WireNumber ? DtlsError.None : DtlsError.IllegalParameter;
            }

            return messageType != HandshakeType.ClientHello ? DtlsError.IllegalParameter : Offers(reader) ? DtlsError.None : DtlsError.ProtocolVersion;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            bool isHello = messageType == HandshakeType.ClientHello || messageType == HandshakeType.ServerHello;
            return isHello ? DtlsError.ProtocolVersion : DtlsError.None;
        }

        /// <summary>Whether the list of a ClientHello, all that is left in the reader, has this version; a list that is none fails the reader.</summary>
        internal static bool Offers(WireReader reader)
        {
            int outer = reader.Enter(reader.ReadUInt8());
            bool isOffered = false;
            while (reader.Remaining > 0)
            {
                isOffered |= reader.ReadUInt16() == Version13.WireNumber;
            }

            reader.Leave(outer);
            return isOffered && !reader.Failed;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>psk_key_exchange_modes (RFC 8446 section 4.2.9): with a key agreement beside the pre-shared key, or without.</summary>
    internal sealed class PskModes : Extension13
    {
        private const int Alone = 0;
        private const int WithAgreement = 1;

        public override int Type
        {
            get { return 45; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == HandshakeType.ClientHello;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            int list = writer.BeginVector(1);
            if (role.Version13.FirstGroup(role.Handshake) != 0)
            {
                writer.WriteUInt8(WithAgreement);
            }

            if (role.Version13.AllowsPskAlone)
            {
                writer.WriteUInt8(Alone);
            }

            writer.EndVector(list, 1);
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            if (messageType != HandshakeType.ClientHello)
            {
                return DtlsError.IllegalParameter;
            }

            int outer = reader.Enter(reader.ReadUInt8());
            if (reader.Remaining == 0)
            {
                reader.Fail();
            }

            while (reader.Remaining > 0)
            {
                int mode = reader.ReadUInt8();
                role.OffersPskAlone |= mode == Alone;
                role.OffersAgreement |= mode == WithAgreement;
            }

            reader.Leave(outer);
            return DtlsError.None;
        }
    }
}

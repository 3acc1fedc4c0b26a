namespace NfDtls.Ecdhe
{
    /// <summary>ec_point_formats (RFC 8422 section 5.1.2): uncompressed points, and nothing else exists any more.</summary>
    internal sealed class EcPointFormats : HelloExtension
    {
        private const int Uncompressed = 0;

        public override int Type
        {
            get { return 11; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            if (!handshake.IsServer)
            {
                return handshake.Needs(this);
            }

            HelloExtension[] needed = handshake.Suite.KeyExchange.Extensions;
            for (int i = 0; needed != null && i < needed.Length; i++)
            {
                if (needed[i].Type == Type)
                {
                    return true;
                }
            }

            return false;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt8(1);
            writer.WriteUInt8(Uncompressed);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int count = reader.ReadUInt8();
            int at = reader.Skip(count);
            if (reader.Failed || count == 0)
            {
                return DtlsError.DecodeError;
            }

            for (int i = 0; i < count; i++)
            {
                if (reader.Buffer[at + i] == Uncompressed)
                {
                    return DtlsError.None;
                }
            }

            return DtlsError.IllegalParameter;
        }
    }
}

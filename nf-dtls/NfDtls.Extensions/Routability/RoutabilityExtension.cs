namespace NfDtls.Extensions
{
    /// <summary>rrc (RFC 9853 section 3): empty, and only beside connection_id.</summary>
    internal sealed class RoutabilityExtension : HelloExtension
    {
        internal const int Number = 61;

        public override int Type
        {
            get { return Number; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return messageType == HandshakeType.ClientHello
                ? handshake.FindExtension(ConnectionIdExtension.Number) != null
                : messageType == HandshakeType.ServerHello && HasIds(handshake);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            handshake.SetState(this, this);
            return DtlsError.None;
        }

        /// <summary>Whether both ends said it, and connection_id.</summary>
        internal bool IsAgreed(Handshake handshake)
        {
            return handshake.GetState(this) != null && HasIds(handshake);
        }

        private static bool HasIds(Handshake handshake)
        {
            HelloExtension ids = handshake.FindExtension(ConnectionIdExtension.Number);
            return ids != null && handshake.GetState(ids) != null;
        }
    }
}

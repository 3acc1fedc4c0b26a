namespace NfDtls
{
    /// <summary>extended_master_secret (RFC 7627): always offered, accepted and preferred; required if the options say so.</summary>
    internal sealed class ExtendedMasterSecret : HelloExtension
    {
        public override int Type
        {
            get { return 23; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            handshake.Flags |= HandshakeFlags.ExtendedMasterSecret;
            return DtlsError.None;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            return handshake.Options.RequireExtendedMasterSecret ? DtlsError.InsufficientSecurity : DtlsError.None;
        }
    }
}

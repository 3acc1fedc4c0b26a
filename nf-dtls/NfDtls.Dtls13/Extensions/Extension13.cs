namespace NfDtls.Dtls13
{
    /// <summary>An extension as DTLS 1.3 has it: what it says is the role's.</summary>
    internal abstract class Extension13 : HelloExtension
    {
        public override int VersionMask
        {
            get { return CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return Writes((Role13)handshake.Role, messageType);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            Write((Role13)handshake.Role, messageType, writer);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return Read((Role13)handshake.Role, messageType, reader);
        }

        internal abstract bool Writes(Role13 role, int messageType);

        internal abstract void Write(Role13 role, int messageType, WireWriter writer);

        /// <summary>Reads it in a message that may have it; in another it is an illegal_parameter.</summary>
        internal abstract DtlsError Read(Role13 role, int messageType, WireReader reader);
    }
}

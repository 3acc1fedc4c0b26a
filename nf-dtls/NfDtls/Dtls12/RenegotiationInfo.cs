namespace NfDtls
{
    /// <summary>
    /// renegotiation_info (RFC 5746) in an initial handshake: the client asks with the SCSV and so does not write it, the
    /// server answers with an empty one. Any other content there is an attack or a bug.
    /// </summary>
    internal sealed class RenegotiationInfo : HelloExtension
    {
        /// <summary>TLS_EMPTY_RENEGOTIATION_INFO_SCSV.</summary>
        internal const int Scsv = 0x00FF;

        internal const int Number = 0xFF01;

        public override int Type
        {
            get { return Number; }
        }

        /// <summary>The extension's bit in a handshake's sets, where the SCSV stands for it.</summary>
        internal static int Bit(Handshake handshake)
        {
            return 1 << ExtensionBlock.IndexOf(handshake.Extensions, handshake.Extensions.Length, Number);
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return handshake.IsServer;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt8(0);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int length = reader.ReadUInt8();
            reader.Skip(length);
            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            handshake.Flags |= HandshakeFlags.SecureRenegotiation;
            return length == 0 ? DtlsError.None : DtlsError.HandshakeFailure;
        }
    }
}

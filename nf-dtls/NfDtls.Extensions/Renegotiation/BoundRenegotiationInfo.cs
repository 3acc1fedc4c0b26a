namespace NfDtls.Extensions
{
    /// <summary>
    /// renegotiation_info (RFC 5746 section 3.2), in place of the version's own: empty in a first handshake; within an association
    /// what the client, and in a ServerHello the server behind it, said in the last Finished.
    /// </summary>
    internal sealed class BoundRenegotiationInfo : HelloExtension
    {
        private readonly Renegotiation _feature;

        internal BoundRenegotiationInfo(Renegotiation feature)
        {
            _feature = feature;
        }

        public override int Type
        {
            get { return RenegotiationInfo.Number; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            // A client's first hello has the SCSV for it.
            return handshake.IsServer || handshake.IsRenegotiation;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            int length = LengthOf(handshake, handshake.IsServer);
            writer.WriteUInt8(length);
            if (length > 0)
            {
                writer.WriteBytes(VerifyDataOf(handshake), 0, length);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int length = reader.ReadUInt8();
            int at = reader.Skip(length);
            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            handshake.Flags |= HandshakeFlags.SecureRenegotiation;
            bool isRight = length == LengthOf(handshake, !handshake.IsServer)
                && (length == 0 || ConstantTime.AreEqual(reader.Buffer, at, VerifyDataOf(handshake), 0, length));
            return isRight ? DtlsError.None : DtlsError.HandshakeFailure;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            return handshake.IsRenegotiation ? DtlsError.HandshakeFailure : DtlsError.None;
        }

        private static int LengthOf(Handshake handshake, bool ofServer)
        {
            return !handshake.IsRenegotiation ? 0 : ofServer ? 2 * Finished.VerifyDataLength : Finished.VerifyDataLength;
        }

        private byte[] VerifyDataOf(Handshake handshake)
        {
            return _feature.StateOf((Association)handshake.Host).VerifyData;
        }
    }
}

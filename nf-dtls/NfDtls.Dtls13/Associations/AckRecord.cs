namespace NfDtls.Dtls13
{
    /// <summary>ACK records: of the flight that is under way, or of what was sent since.</summary>
    internal sealed class AckRecord : RecordType
    {
        private readonly Associations13 _feature;

        internal AckRecord(Associations13 feature)
        {
            _feature = feature;
        }

        public override int Type
        {
            get { return ContentType.Ack; }
        }

        public override DtlsError Read(Association association, WireReader reader)
        {
            if (association.Version == Version13.WireNumber)
            {
                return _feature.OnAck(association, reader);
            }

            Role13 role = association.Handshake == null ? null : association.Handshake.Role as Role13;
            if (role == null)
            {
                reader.Skip(reader.Remaining);
                return DtlsError.None;
            }

            // The time is that of the record.
            return role.OnAck(reader, association.Engine.Header.Epoch, association.LastHeard);
        }
    }
}

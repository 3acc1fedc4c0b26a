namespace NfDtls.Dtls13
{
    /// <summary>key_share (RFC 8446 section 4.2.8): a client's public keys, a server's one, or the group that a HelloRetryRequest asks for.</summary>
    internal sealed class KeyShares : Extension13
    {
        public override int Type
        {
            get { return 51; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            // A client without a key of a group that it would agree in asks for one by an empty list.
            return messageType == HandshakeType.ClientHello ? role.Version13.FirstGroup(role.Handshake) != 0
                : messageType == HandshakeType.ServerHello && role.Share.Group != 0;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            int list = messageType == HandshakeType.ClientHello ? writer.BeginVector(2) : -1;
            if (role.Share.Group != 0)
            {
                writer.WriteUInt16(role.Share.Group);
                role.Share.WritePublic(writer);
            }

            if (list >= 0)
            {
                writer.EndVector(list, 2);
            }
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ClientHello)
            {
                return ReadList(role, reader);
            }

            if (messageType != HandshakeType.ServerHello)
            {
                return DtlsError.IllegalParameter;
            }

            int group = reader.ReadUInt16();
            if (role.IsReadingRetry)
            {
                return role.OnRetryGroup(group);
            }

            int length = reader.ReadUInt16();
            int key = reader.Skip(length);
            return reader.Failed ? DtlsError.DecodeError : role.OnShare(group, reader.Buffer, key, length);
        }

        private static DtlsError ReadList(Role13 role, WireReader reader)
        {
            int outer = reader.Enter(reader.ReadUInt16());
            DtlsError error = DtlsError.None;
            while (reader.Remaining > 0 && error == DtlsError.None)
            {
                int group = reader.ReadUInt16();
                int length = reader.ReadUInt16();
                int key = reader.Skip(length);
                error = reader.Failed || length == 0 ? DtlsError.DecodeError : role.OnShare(group, reader.Buffer, key, length);
            }

            reader.Leave(outer);
            return error;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>supported_groups (RFC 8446 section 4.2.7): groups for which a server may ask.</summary>
    internal sealed class Groups13 : Extension13
    {
        public override int Type
        {
            get { return 10; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == HandshakeType.ClientHello && role.Version13.FirstGroup(role.Handshake) != 0;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            int list = writer.BeginVector(2);
            int[] groups = role.Version13.Groups;
            for (int i = 0; i < groups.Length; i++)
            {
                if (role.Version13.HasGroup(role.Handshake, groups[i]))
                {
                    writer.WriteUInt16(groups[i]);
                }
            }

            writer.EndVector(list, 2);
        }

        /// <summary>A server may tell its own groups in EncryptedExtensions: nothing to act on.</summary>
        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ServerHello)
            {
                return DtlsError.IllegalParameter;
            }

            int outer = reader.Enter(reader.ReadUInt16());
            if (reader.Remaining == 0)
            {
                reader.Fail();
            }

            while (reader.Remaining > 0)
            {
                role.OnGroup(reader.ReadUInt16());
            }

            reader.Leave(outer);
            return DtlsError.None;
        }
    }
}

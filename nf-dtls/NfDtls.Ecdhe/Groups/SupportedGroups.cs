namespace NfDtls.Ecdhe
{
    /// <summary>supported_groups (RFC 8422 section 5.1.1): the client's list, from which the server takes its own first.</summary>
    internal sealed class SupportedGroups : HelloExtension
    {
        internal const int ExtensionType = 10;

        private readonly GroupTable _table;

        internal SupportedGroups(GroupTable table)
        {
            _table = table;
        }

        public override int Type
        {
            get { return ExtensionType; }
        }

        internal GroupTable Table
        {
            get { return _table; }
        }

        /// <summary>The one that the endpoint has registered.</summary>
        internal static SupportedGroups Of(Handshake handshake)
        {
            return (SupportedGroups)handshake.FindExtension(ExtensionType);
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return !handshake.IsServer && handshake.Needs(this);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            int list = writer.BeginVector(2);
            for (int i = 0; i < _table.Count; i++)
            {
                if (handshake.Crypto.Supports(CryptoAlgorithm.Agree + _table.At(i)))
                {
                    writer.WriteUInt16(_table.At(i));
                }
            }

            writer.EndVector(list, 2);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int[] groups = NumberList.Read(reader);
            if (!handshake.IsServer)
            {
                // Servers of TLS 1.2 send it now and then; it says nothing (RFC 8422 section 5.1.1 has no answer).
                return groups == null ? DtlsError.DecodeError : DtlsError.None;
            }

            handshake.SetState(this, groups);
            return groups == null ? DtlsError.DecodeError : DtlsError.None;
        }

        /// <summary>The first group of ours that the client has too and the provider can do, or 0. A client without the extension leaves it to us.</summary>
        internal int Choose(Handshake handshake)
        {
            for (int i = 0; i < _table.Count; i++)
            {
                int group = _table.At(i);
                if (PeerAccepts(handshake, group) && handshake.Crypto.Supports(CryptoAlgorithm.Agree + group))
                {
                    return group;
                }
            }

            return 0;
        }

        /// <summary>Whether a client's list has a group, be it in our table or not.</summary>
        internal bool PeerAccepts(Handshake handshake, int group)
        {
            int[] groups = (int[])handshake.GetState(this);
            return groups == null || NumberList.Contains(groups, group);
        }
    }
}

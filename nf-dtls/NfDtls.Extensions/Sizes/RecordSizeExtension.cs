namespace NfDtls.Extensions
{
    /// <summary>record_size_limit on the wire: two bytes of each end's own.</summary>
    internal sealed class RecordSizeExtension : HelloExtension
    {
        internal const int ExtensionType = 28;
        internal const int Least = 64;

        private readonly int _limit;

        internal RecordSizeExtension(int limit)
        {
            _limit = limit;
        }

        public override int Type
        {
            get { return ExtensionType; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt16(_limit);
            if (handshake.IsServer)
            {
                Agree(handshake, (int)handshake.GetState(this));
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int limit = reader.ReadUInt16();
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            if (limit < Least || (!handshake.IsServer && ExtensionBlock.IsOfPeer(handshake, MaxFragmentExtension.ExtensionType)))
            {
                return DtlsError.IllegalParameter;
            }

            if (handshake.IsServer)
            {
                handshake.SetState(this, limit);
            }
            else
            {
                Agree(handshake, limit);
            }

            return DtlsError.None;
        }

        /// <summary>In DTLS 1.3 a limit is of content, its type and padding (RFC 8449 section 4); the padding is the records' own matter.</summary>
        private void Agree(Handshake handshake, int limit)
        {
            int type = handshake.Role.Version.SuiteMask == CipherSuite.Version13 ? 1 : 0;

            // More than there can be means another version's limit, or an extension's that is unknown here.
            int most = limit - type < Epoch.MaxContent ? limit - type : Epoch.MaxContent;
            SizeFeature.Agree(handshake, most, _limit - type, false);
        }
    }
}

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

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt16(_limit);
            if (handshake.IsServer)
            {
                SizeFeature.Agree(handshake, (int)handshake.GetState(this), _limit, false);
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

            // More than there can be means another version's limit, or an extension's that is unknown here.
            limit = limit < Epoch.MaxContent ? limit : Epoch.MaxContent;
            if (handshake.IsServer)
            {
                handshake.SetState(this, limit);
            }
            else
            {
                SizeFeature.Agree(handshake, limit, _limit, false);
            }

            return DtlsError.None;
        }
    }
}

using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// connection_id (RFC 9146 section 3): each hello has the ID that its sender wants to see in the peer's records, perhaps an
    /// empty one, which asks for none. A server answers only a client that asked.
    /// </summary>
    internal sealed class ConnectionIdExtension : HelloExtension
    {
        internal const int Number = 54;

        private readonly ConnectionIdFeature _feature;

        internal ConnectionIdExtension(ConnectionIdFeature feature)
        {
            _feature = feature;
        }

        public override int Type
        {
            get { return Number; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return messageType == HandshakeType.ClientHello || (messageType == HandshakeType.ServerHello && handshake.GetState(this) != null);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            byte[] own = _feature.OwnId((Association)handshake.Host);
            int vector = writer.BeginVector(1);
            writer.WriteBytes(own, 0, own.Length);
            writer.EndVector(vector, 1);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int length = reader.ReadUInt8();
            if (reader.Failed || length > reader.Remaining)
            {
                return DtlsError.DecodeError;
            }

            int at = reader.Position;
            reader.Skip(length);
            if (!_feature.HasRoomFor(length))
            {
                // No datagram of ours could carry a record with it. A server goes on without; a client has nothing to go on with.
                return handshake.IsServer ? DtlsError.None : DtlsError.HandshakeFailure;
            }

            handshake.SetState(this, this);
            try
            {
                _feature.Agree(handshake, reader.Buffer, at, length);
            }
            catch (InvalidOperationException)
            {
                return DtlsError.NoEntropy;
            }

            return DtlsError.None;
        }
    }
}

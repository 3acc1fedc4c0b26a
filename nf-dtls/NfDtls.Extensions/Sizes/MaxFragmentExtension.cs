namespace NfDtls.Extensions
{
    /// <summary>max_fragment_length on the wire: one byte, which a server repeats.</summary>
    internal sealed class MaxFragmentExtension : HelloExtension
    {
        internal const int ExtensionType = 1;
        internal const int MaxCode = 4;

        private const int ShortestLength = 256;

        private readonly int _code;

        /// <param name="code">What a client asks for, or 0.</param>
        internal MaxFragmentExtension(int code)
        {
            _code = code;
        }

        public override int Type
        {
            get { return ExtensionType; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        internal static int LengthOf(int code)
        {
            return ShortestLength << code;
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            // A server that gets both answers the other one (RFC 8449 section 5).
            return handshake.IsServer
                ? handshake.GetState(this) != null && !ExtensionBlock.IsOfPeer(handshake, RecordSizeExtension.ExtensionType)
                : _code != 0;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            int code = handshake.IsServer ? (int)handshake.GetState(this) : _code;
            writer.WriteUInt8(code);
            if (handshake.IsServer)
            {
                SizeFeature.Agree(handshake, LengthOf(code), LengthOf(code), true);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int code = reader.ReadUInt8();
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            bool isWrong = handshake.IsServer
                ? code == 0 || code > MaxCode
                : code != _code || ExtensionBlock.IsOfPeer(handshake, RecordSizeExtension.ExtensionType);
            if (isWrong)
            {
                return DtlsError.IllegalParameter;
            }

            handshake.SetState(this, code);
            if (!handshake.IsServer)
            {
                SizeFeature.Agree(handshake, LengthOf(code), LengthOf(code), true);
            }

            return DtlsError.None;
        }

        /// <summary>A session is resumed with the length that it had.</summary>
        public override byte[]? SessionContext(Handshake handshake)
        {
            int code = handshake.IsServer && handshake.GetState(this) != null ? (int)handshake.GetState(this) : handshake.IsServer ? 0 : _code;
            return code == 0 ? null : new byte[] { (byte)code };
        }
    }
}

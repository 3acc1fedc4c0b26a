namespace NfDtls.Ecdhe
{
    /// <summary>
    /// signature_algorithms (RFC 5246 section 7.4.1.4.1) and signature_algorithms_cert (RFC 8446 section 4.2.3): what a client
    /// can verify. Without the first it would mean SHA-1, which we never sign with.
    /// </summary>
    internal sealed class SignatureAlgorithms : HelloExtension
    {
        internal const int ExtensionType = 13;
        internal const int OfCertificates = 50;

        private readonly int _type;
        private readonly SchemeTable _table;
        private readonly bool _isSent;

        /// <param name="type">One of the two.</param>
        /// <param name="table">The schemes.</param>
        /// <param name="isSent">Whether a client sends it: not one that would only repeat the other.</param>
        internal SignatureAlgorithms(int type, SchemeTable table, bool isSent)
        {
            _type = type;
            _table = table;
            _isSent = isSent;
        }

        public override int Type
        {
            get { return _type; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        internal SchemeTable Table
        {
            get { return _table; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            // In DTLS 1.3 a server's request says it as well.
            return _isSent && (handshake.IsServer ? messageType == HandshakeType.CertificateRequest : handshake.Authenticator != null && handshake.Needs(this));
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            int list = writer.BeginVector(2);
            for (int i = 0; i < _table.Count; i++)
            {
                if (SchemeTable.CanVerify(handshake.Crypto, _table.At(i)))
                {
                    writer.WriteUInt16(_table.At(i));
                }
            }

            writer.EndVector(list, 2);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int[] schemes = NumberList.Read(reader);
            handshake.SetState(this, schemes);
            return schemes == null ? DtlsError.DecodeError : DtlsError.None;
        }

        /// <summary>The schemes that the client named, or null.</summary>
        internal int[] OfPeer(Handshake handshake)
        {
            return (int[])handshake.GetState(this);
        }
    }
}

namespace NfDtls
{
    /// <summary>DTLS 1.2 (RFC 6347, with RFC 7627, 7366 and 5746).</summary>
    public class Dtls12 : ProtocolVersion
    {
        private readonly RecordCodec _codec = new Dtls12RecordCodec();

        /// <inheritdoc/>
        public override int Number
        {
            get { return DtlsVersion.Dtls12; }
        }

        /// <inheritdoc/>
        public override int SuiteMask
        {
            get { return CipherSuite.Version12; }
        }

        internal override RecordCodec Codec
        {
            get { return _codec; }
        }

        /// <inheritdoc/>
        public override HandshakeRules CreateRules(bool isServer)
        {
            return isServer ? Dtls12Rules.Server() : Dtls12Rules.Client();
        }

        internal override KeySchedule CreateKeySchedule()
        {
            return new Tls12KeySchedule();
        }

        internal override Transcript CreateTranscript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept)
        {
            return new Dtls12Transcript(crypto, suites, bytesKept);
        }

        internal override HelloExtension[] CreateExtensions()
        {
            return new HelloExtension[] { new ExtendedMasterSecret(), new EncryptThenMac(), new RenegotiationInfo() };
        }

        internal override HandshakeRole CreateClient(Handshake handshake)
        {
            return new Dtls12Client(this, handshake);
        }
    }
}

namespace NfDtls
{
    /// <summary>
    /// The transcript of DTLS 1.2 (RFC 6347 section 4.2.6): every message with its header as if it had come in one fragment,
    /// without the HelloVerifyRequest and the ClientHello before it, and without HelloRequest.
    /// </summary>
    internal sealed class Dtls12Transcript : Transcript
    {
        internal Dtls12Transcript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept)
            : base(crypto, suites, bytesKept)
        {
        }

        internal override bool Takes(int type)
        {
            if (type == HandshakeType.HelloVerifyRequest)
            {
                Reset();
                return false;
            }

            return type != HandshakeType.HelloRequest;
        }

        internal override int WriteHeader(byte[] destination, int type, int length, int messageSequence)
        {
            MessageHeader.Write(destination, 0, type, length, messageSequence, 0, length);
            return MessageHeader.Length;
        }
    }
}

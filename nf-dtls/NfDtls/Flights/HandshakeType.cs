namespace NfDtls
{
    /// <summary>Handshake message types (RFC 5246 section 7.4, RFC 6347 section 4.3.2, RFC 5077).</summary>
    public static class HandshakeType
    {
        /// <summary>hello_request</summary>
        public const int HelloRequest = 0;
        /// <summary>client_hello</summary>
        public const int ClientHello = 1;
        /// <summary>server_hello</summary>
        public const int ServerHello = 2;
        /// <summary>hello_verify_request</summary>
        public const int HelloVerifyRequest = 3;
        /// <summary>new_session_ticket</summary>
        public const int NewSessionTicket = 4;
        /// <summary>certificate</summary>
        public const int Certificate = 11;
        /// <summary>server_key_exchange</summary>
        public const int ServerKeyExchange = 12;
        /// <summary>certificate_request</summary>
        public const int CertificateRequest = 13;
        /// <summary>server_hello_done</summary>
        public const int ServerHelloDone = 14;
        /// <summary>certificate_verify</summary>
        public const int CertificateVerify = 15;
        /// <summary>client_key_exchange</summary>
        public const int ClientKeyExchange = 16;
        /// <summary>finished</summary>
        public const int Finished = 20;
        /// <summary>Not a handshake message: stands for ChangeCipherSpec in <see cref="HandshakeRules"/> and in flights.</summary>
        public const int ChangeCipherSpec = 256;
    }
}

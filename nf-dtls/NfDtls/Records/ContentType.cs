namespace NfDtls
{
    /// <summary>Record content types (RFC 5246 section 6.2.1; 25 is RFC 9146's, 26 RFC 9147's, 27 RFC 9853's).</summary>
    public static class ContentType
    {
        /// <summary>change_cipher_spec</summary>
        public const int ChangeCipherSpec = 20;
        /// <summary>alert</summary>
        public const int Alert = 21;
        /// <summary>handshake</summary>
        public const int Handshake = 22;
        /// <summary>application_data</summary>
        public const int ApplicationData = 23;
        /// <summary>tls12_cid</summary>
        public const int ConnectionId = 25;
        /// <summary>ACK of DTLS 1.3</summary>
        public const int Ack = 26;
        /// <summary>return_routability_check</summary>
        public const int ReturnRoutability = 27;
    }
}

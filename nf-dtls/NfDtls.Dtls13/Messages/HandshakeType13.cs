namespace NfDtls.Dtls13
{
    /// <summary>Handshake messages that DTLS 1.2 has not (RFC 9147 section 5.2).</summary>
    internal static class HandshakeType13
    {
        /// <summary>encrypted_extensions</summary>
        internal const int EncryptedExtensions = 8;
        /// <summary>request_connection_id</summary>
        internal const int RequestConnectionId = 9;
        /// <summary>new_connection_id</summary>
        internal const int NewConnectionId = 10;
        /// <summary>key_update</summary>
        internal const int KeyUpdate = 24;
    }
}

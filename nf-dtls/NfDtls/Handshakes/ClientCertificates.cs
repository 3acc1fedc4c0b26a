namespace NfDtls
{
    /// <summary>Whether a server asks its clients for a certificate or raw public key.</summary>
    public enum ClientCertificates
    {
        /// <summary>It does not ask.</summary>
        None,
        /// <summary>It asks, and goes on with a client that has none; what is sent must be good.</summary>
        Request,
        /// <summary>It asks, and ends the handshake (handshake_failure) with a client that has none.</summary>
        Require
    }
}

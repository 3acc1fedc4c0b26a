namespace NfDtls
{
    /// <summary>One handshake's authentication: Certificate, CertificateRequest and CertificateVerify of either end.</summary>
    public abstract class Authenticator : HandshakePart
    {
        /// <summary>Makes one for a handshake; the engine never uses the original itself.</summary>
        public abstract Authenticator Create();
    }
}

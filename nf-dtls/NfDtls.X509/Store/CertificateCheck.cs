namespace NfDtls.X509
{
    /// <summary>
    /// The application's own check of a peer's certificates, after all others. It runs inside the engine: it must return quickly
    /// and not call back.
    /// </summary>
    public abstract class CertificateCheck
    {
        /// <summary>
        /// Accepts (<see cref="DtlsError.None"/>) or refuses, best with <see cref="DtlsError.CertificateRefused"/>. An exception
        /// refuses too. The certificates lie in the handshake's buffer: what shall be kept must be copied
        /// (<see cref="DtlsCertificate.Copy"/>).
        /// </summary>
        /// <param name="chain">The verified chain.</param>
        /// <param name="ofServer">Whether it is a server's, else a client's.</param>
        /// <param name="expectedName">The name that was asked for, or null.</param>
        public abstract DtlsError Check(VerifiedChain chain, bool ofServer, string? expectedName);
    }
}

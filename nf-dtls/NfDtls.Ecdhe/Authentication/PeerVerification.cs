namespace NfDtls.Ecdhe
{
    /// <summary>The verification of a peer's proof, and the keeping of its key.</summary>
    internal sealed class PeerVerification : OperationSequence
    {
        private readonly CredentialAuthenticator _authenticator;
        private readonly Handshake _handshake;

        internal PeerVerification(CredentialAuthenticator authenticator, Handshake handshake)
        {
            _authenticator = authenticator;
            _handshake = handshake;
        }

        /// <inheritdoc/>
        protected override CryptoOperation? Begin(int part)
        {
            if (part == 0)
            {
                CryptoOperation verification = _authenticator.BeginVerification(_handshake);
                return verification != null ? verification : new CompletedOperation(0);
            }

            Error = _authenticator.EndVerification(_handshake);
            return null;
        }
    }
}

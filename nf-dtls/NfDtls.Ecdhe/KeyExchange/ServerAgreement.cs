namespace NfDtls.Ecdhe
{
    /// <summary>A server's end of a key agreement: whatever comes first, then the secret.</summary>
    internal sealed class ServerAgreement : OperationSequence
    {
        private readonly EcdhShare _share;
        private readonly Handshake _handshake;
        private readonly CryptoOperation _first;

        internal ServerAgreement(EcdhShare share, Handshake handshake, CryptoOperation first)
        {
            _share = share;
            _handshake = handshake;
            _first = first != null ? first : new CompletedOperation(0);
        }

        /// <inheritdoc/>
        protected override CryptoOperation Begin(int part)
        {
            switch (part)
            {
                case 0: return _first;
                case 1: return _share.Agree(_handshake);
                default: return null;
            }
        }
    }
}

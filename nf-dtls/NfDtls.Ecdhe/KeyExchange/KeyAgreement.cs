namespace NfDtls.Ecdhe
{
    /// <summary>The way to the secret: whatever comes first, a key pair where this end has none yet, and the agreement.</summary>
    internal sealed class KeyAgreement : OperationSequence
    {
        private readonly EcdhShare _share;
        private readonly Handshake _handshake;
        private readonly CryptoOperation _first;

        internal KeyAgreement(EcdhShare share, Handshake handshake, CryptoOperation first)
        {
            _share = share;
            _handshake = handshake;
            _first = first != null ? first : new CompletedOperation(0);
        }

        /// <inheritdoc/>
        protected override CryptoOperation? Begin(int part)
        {
            switch (part)
            {
                case 0: return _first;
                case 1: return _share.HasKey ? new CompletedOperation(0) : _share.Generate(_handshake);
                case 2: return _share.Agree(_handshake);
                default: return null;
            }
        }
    }
}

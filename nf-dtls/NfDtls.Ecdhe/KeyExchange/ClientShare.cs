namespace NfDtls.Ecdhe
{
    /// <summary>A client's part of a key agreement: whatever comes first, then a key pair, then the secret.</summary>
    internal sealed class ClientShare : OperationSequence
    {
        private readonly EcdhShare _share;
        private readonly Handshake _handshake;
        private readonly CryptoOperation _first;

        internal ClientShare(EcdhShare share, Handshake handshake, CryptoOperation first)
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
                case 1: return _share.Generate(_handshake);
                case 2: return _share.Agree(_handshake);
                default: return null;
            }
        }
    }
}

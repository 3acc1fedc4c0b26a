namespace NfDtls.Ecdhe
{
    /// <summary>A server's part of a signed key agreement before it can write: a key pair, then the signature.</summary>
    internal sealed class SignedShare : OperationSequence
    {
        private readonly EcdheKeyExchange _exchange;
        private readonly Handshake _handshake;

        internal SignedShare(EcdheKeyExchange exchange, Handshake handshake)
        {
            _exchange = exchange;
            _handshake = handshake;
        }

        /// <inheritdoc/>
        protected override CryptoOperation? Begin(int part)
        {
            switch (part)
            {
                case 0: return _exchange.Generate(_handshake);
                case 1: return _exchange.Sign(_handshake);
                default: return null;
            }
        }
    }
}

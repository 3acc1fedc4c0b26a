namespace NfDtls
{
    /// <summary>
    /// A server's question whether to take a peer whose address a cookie has proven: answered by the application at once or
    /// later, from any thread. The session's place is taken meanwhile, as long as
    /// <see cref="EndpointOptions.HandshakeTimeout"/> says, 30 s by default.
    /// </summary>
    public sealed class ConnectRequest : CryptoOperation
    {
        private readonly object _lock = new object();
        private bool _isAnswered;

        internal ConnectRequest()
        {
        }

        /// <inheritdoc/>
        public override bool IsWaiting
        {
            get
            {
                lock (_lock)
                {
                    return !_isAnswered;
                }
            }
        }

        /// <summary>Lets the handshake go on. A second answer is ignored.</summary>
        public void Accept()
        {
            End(DtlsError.None);
        }

        /// <summary>Ends the handshake with the fatal alert access_denied. A second answer is ignored.</summary>
        public void Refuse()
        {
            End(DtlsError.Refused);
        }

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            return !IsWaiting;
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            End(DtlsError.None);
        }

        private void End(DtlsError error)
        {
            lock (_lock)
            {
                if (!_isAnswered)
                {
                    Error = error;
                    _isAnswered = true;
                }
            }
        }
    }
}

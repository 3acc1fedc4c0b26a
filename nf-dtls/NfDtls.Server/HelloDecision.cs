namespace NfDtls.Server
{
    /// <summary>The application's answer to a hello, and what follows from it: only then are suite and key chosen, which may be the answer's.</summary>
    internal sealed class HelloDecision : CryptoOperation
    {
        private readonly ConnectRequest _request;
        private readonly Dtls12Server _role;
        private bool _isOver;

        internal HelloDecision(ConnectRequest request, Dtls12Server role)
        {
            _request = request;
            _role = role;
        }

        public override bool IsWaiting
        {
            get { return _request.IsWaiting; }
        }

        public override CryptoOperation? Current
        {
            get { return _request; }
        }

        public override bool Step(int budget)
        {
            if (_request.IsWaiting)
            {
                return false;
            }

            if (!_isOver)
            {
                _isOver = true;
                Error = _request.Error == DtlsError.None ? _role.Decide(_request) : _request.Error;
            }

            return true;
        }

        public override void Cancel()
        {
            _isOver = true;
            _request.Cancel();
        }
    }
}

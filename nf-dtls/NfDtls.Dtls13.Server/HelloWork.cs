namespace NfDtls.Dtls13.Server
{
    /// <summary>
    /// What a server does between a client's hello and its own, one thing after the other: it asks the application whether the peer may
    /// connect, and for its key; makes a key pair, and agrees on a secret.
    /// </summary>
    internal sealed class HelloWork : CryptoOperation
    {
        private const int Parts = 5;

        private readonly Server13 _role;
        private readonly CryptoProvider _crypto;
        private readonly bool _asksToConnect;
        private CryptoOperation _current;
        private int _part;

        internal HelloWork(Server13 role, CryptoProvider crypto, bool asksToConnect)
        {
            _role = role;
            _crypto = crypto;
            _asksToConnect = asksToConnect;
            Next();
        }

        public override bool IsWaiting
        {
            get { return _current != null && _current.IsWaiting; }
        }

        public override CryptoOperation Current
        {
            get { return _current; }
        }

        public override bool Step(int budget)
        {
            if (_current == null)
            {
                return true;
            }

            if (!_current.Step(budget))
            {
                return false;
            }

            Error = _current.Error;
            if (Error != DtlsError.None)
            {
                return true;
            }

            ConnectRequest answer = _current as ConnectRequest;
            if (answer != null)
            {
                _role.Take(answer);
            }

            // What begins now takes its own steps: one call does the work of one.
            Next();
            return _current == null;
        }

        public override void Cancel()
        {
            _part = Parts;
            if (_current != null)
            {
                _current.Cancel();
                _current = null;
            }
        }

        private void Next()
        {
            _current = null;
            while (_part < Parts && _current == null)
            {
                _current = Make(_part);
                _part++;
            }
        }

        private CryptoOperation Make(int part)
        {
            bool agrees = _role.Share.Group != 0;
            switch (part)
            {
                case 0: return _asksToConnect ? new ConnectRequest() : null;
                case 1: return _role.Request;
                case 2: return _role.Decide();
                case 3: return agrees ? _role.Share.Generate(_crypto, _role.Share.Group, true) : null;
                default: return agrees ? _role.Share.Agree(_crypto) : null;
            }
        }
    }
}

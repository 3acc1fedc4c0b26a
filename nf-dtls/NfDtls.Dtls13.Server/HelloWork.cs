namespace NfDtls.Dtls13.Server
{
    /// <summary>
    /// What a server does between a client's hello and its own, one thing after the other: it asks the application whether the peer may
    /// connect, and for its key; makes a key pair, and agrees on a secret.
    /// </summary>
    internal sealed class HelloWork : WorkInParts
    {
        private const int Parts = 5;

        private readonly Server13 _role;
        private readonly CryptoProvider _crypto;
        private readonly ConnectRequest _asked;

        internal HelloWork(Server13 role, CryptoProvider crypto, bool asksToConnect)
            : base(Parts)
        {
            _role = role;
            _crypto = crypto;
            _asked = asksToConnect ? new ConnectRequest() : null;
            Next();
        }

        protected override CryptoOperation? Begin(int part)
        {
            bool agrees = _role.Share.Group != 0;
            switch (part)
            {
                case 0: return _asked;
                case 1: return AskForKey();
                case 2: return _role.Decide();
                case 3: return agrees ? _role.Share.Generate(_crypto, _role.Share.Group, true) : null;
                default: return agrees ? _role.Share.Agree(_crypto) : null;
            }
        }

        private CryptoOperation AskForKey()
        {
            if (_asked != null)
            {
                _role.Take(_asked);
            }

            return _role.Request;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>Work of several parts, one after the other, each of which begins when the one before it has ended well.</summary>
    internal abstract class WorkInParts : CryptoOperation
    {
        private readonly int _parts;
        private CryptoOperation _current;
        private int _part;

        /// <param name="parts">How many there are at the most.</param>
        protected WorkInParts(int parts)
        {
            _parts = parts;
        }

        public override bool IsWaiting
        {
            get { return _current != null && _current.IsWaiting; }
        }

        public override CryptoOperation? Current
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

            // What begins now takes its own steps: one call does the work of one.
            Next();
            return _current == null;
        }

        public override void Cancel()
        {
            _part = _parts;
            if (_current != null)
            {
                _current.Cancel();
                _current = null;
            }
        }

        /// <summary>Begins the next part that is anything; a constructor begins the first one.</summary>
        protected void Next()
        {
            _current = null;
            while (_part < _parts && _current == null)
            {
                _current = Begin(_part);
                _part++;
            }
        }

        /// <summary>Begins a part, the first being 0; null where it is nothing. What the parts before it came to is there.</summary>
        protected abstract CryptoOperation? Begin(int part);
    }
}

namespace NfDtls
{
    /// <summary>Operations one after the other, as one: each begins when the one before it has ended well.</summary>
    public abstract class OperationSequence : CryptoOperation
    {
        private CryptoOperation _current;
        private int _part;
        private bool _isDone;

        /// <inheritdoc/>
        public override CryptoOperation? Current
        {
            get { return _current; }
        }

        /// <inheritdoc/>
        public override bool IsWaiting
        {
            get { return _current != null && _current.IsWaiting; }
        }

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            if (_current != null && !_isDone)
            {
                if (!_current.Step(budget))
                {
                    return false;
                }

                Error = _current.Error;
                Length = _current.Length;
            }

            if (_isDone || Error != DtlsError.None)
            {
                return true;
            }

            // What begins now takes its own steps: one call does the work of one.
            _current = Begin(_part);
            _part++;
            _isDone = _current == null;
            return _isDone;
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            _isDone = true;
            if (_current != null)
            {
                _current.Cancel();
                _current = null;
            }
        }

        /// <summary>
        /// Begins a part of the work, the first being 0; the results of the parts before it are there. Null ends the sequence,
        /// well unless <see cref="CryptoOperation.Error"/> was set.
        /// </summary>
        protected abstract CryptoOperation? Begin(int part);
    }
}

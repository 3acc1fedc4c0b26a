namespace NfDtls
{
    /// <summary>The one operation that a handshake may wait for; its result decides how it goes on.</summary>
    internal sealed class PendingWork
    {
        private readonly Handshake _handshake;
        private CryptoOperation _operation;

        internal PendingWork(Handshake handshake)
        {
            _handshake = handshake;
        }

        internal bool IsNone
        {
            get { return _operation == null; }
        }

        /// <summary>What is waited for, of a sequence the part that is at work; or null.</summary>
        internal CryptoOperation Current
        {
            get { return _operation == null ? null : _operation.Current; }
        }

        /// <summary>Whether there is work to be done, and not only an answer to be waited for.</summary>
        internal bool WantsStep
        {
            get { return _operation != null && !_operation.IsWaiting; }
        }

        internal void Cancel()
        {
            CryptoOperation operation = _operation;
            _operation = null;
            if (operation != null)
            {
                operation.Cancel();
            }
        }

        /// <summary>Waits for an operation, if there is one and it needs more than a step. Returns whether it waits, or has failed.</summary>
        internal bool Begin(CryptoOperation operation, long now)
        {
            if (operation == null)
            {
                return false;
            }

            _operation = operation;
            if (operation.IsWaiting || !operation.Step(_handshake.Options.StepBudget))
            {
                _handshake.Host.OnPending();
                return true;
            }

            _operation = null;
            if (operation.Error == DtlsError.None)
            {
                return false;
            }

            _handshake.Fail(operation.Error);
            return true;
        }

        /// <summary>Does a step; returns whether that was the last one.</summary>
        internal bool TryStep(long now)
        {
            if (_operation.IsWaiting)
            {
                return false;
            }

            if (!_operation.Step(_handshake.Options.StepBudget))
            {
                // The next part of a sequence may be a question that the application has not heard of.
                if (_operation.IsWaiting)
                {
                    _handshake.Host.OnPending();
                }

                return false;
            }

            End(now);
            return true;
        }

        private void End(long now)
        {
            DtlsError error = _operation.Error;
            _operation = null;
            if (error != DtlsError.None)
            {
                _handshake.Fail(error);
                return;
            }

            if (_handshake.Receiver.IsReading)
            {
                _handshake.Receiver.EndMessage(now);
            }
            else
            {
                _handshake.Script.Continue(now);
            }

            _handshake.Receiver.ProcessReady(now);
        }
    }
}

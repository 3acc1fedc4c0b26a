using System;

namespace NfDtls.Sockets
{
    /// <summary>The client's keys, new within its connection.</summary>
    public sealed partial class DtlsClient
    {
        /// <summary>
        /// Whether a handshake runs within the connection, whoever began it. Data flow meanwhile.
        /// </summary>
        public bool IsRenegotiating
        {
            get
            {
                lock (_lock)
                {
                    return IsRenegotiatingNow;
                }
            }
        }

        private bool IsRenegotiatingNow
        {
            get { return _association.State == AssociationState.Connected && _association.Handshake != null; }
        }

        /// <summary>
        /// Makes new keys within the connection (RFC 5746), while data flow on; joins a handshake that runs already. When
        /// <paramref name="timeout"/> is over the wait ends, not the handshake (<see cref="IsRenegotiating"/>). <see cref="DtlsOptions.Features"/>
        /// must have a Renegotiation (NfDtls.Extensions).
        /// </summary>
        /// <param name="timeout">Milliseconds to wait, 0 not at all, -1 for ever.</param>
        /// <returns>
        /// True when the new keys are in use. False when the time is over, and where the server refuses or does not answer: then all is
        /// as it was.
        /// </returns>
        /// <exception cref="InvalidOperationException">There is no Renegotiation among the features.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed, or why the connection ended, a handshake that failed for example. InsufficientSecurity: the server
        /// does not know secure renegotiation. SequenceExhausted: there is no epoch left. NoEntropy or InternalError: the crypto provider failed.
        /// </exception>
        public bool Renegotiate(int timeout)
        {
            CheckTimeout(timeout);
            long start = Platform.Now;
            int completed;
            lock (_lock)
            {
                CheckNotDisposed();
                completed = _engine.Statistics.HandshakesCompleted;
                try
                {
                    _engine.Renegotiate(_association, start);
                }
                finally
                {
                    Flush(start);
                    Refresh();
                }
            }

            long wait = timeout;
            while (true)
            {
                lock (_lock)
                {
                    CheckNotDisposed();
                    if (!IsRenegotiatingNow)
                    {
                        if (_engine.Statistics.HandshakesCompleted != completed)
                        {
                            return true;
                        }

                        if (_association.State != AssociationState.Connected)
                        {
                            throw _association.Ended();
                        }

                        return false;
                    }

                    if (timeout >= 0)
                    {
                        wait = Deadline.After(start, timeout) - Platform.Now;
                        if (wait <= 0)
                        {
                            return false;
                        }
                    }

                    if (IsOwnThread)
                    {
                        return false;
                    }
                }

                _settled.WaitOne((int)wait, false);
            }
        }
    }
}

using System;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>The session's keys, new within its connection.</summary>
    public sealed partial class DtlsSession
    {
        private ManualResetEvent _renegotiated;

        // How the last handshake within the connection ended since Renegotiate began to wait, or 0.
        private int _outcome;

        /// <summary>
        /// Makes new keys within the connection (RFC 5746), while data flow on: asks the client for its hello, again and again for half a
        /// minute; joins a handshake that runs already. When <paramref name="timeout"/> is over the wait ends, not the handshake.
        /// <see cref="DtlsOptions.Features"/> must have a Renegotiation (NfDtls.Extensions). Inside a notification it never waits.
        /// </summary>
        /// <param name="timeout">Milliseconds to wait, 0 not at all, -1 for ever.</param>
        /// <returns>
        /// True when the new keys are in use. False when the time is over, and where the client refuses or does not answer: then all is
        /// as it was.
        /// </returns>
        /// <exception cref="InvalidOperationException">There is no Renegotiation among the features.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed, or why the session ended, a handshake that failed for example. InsufficientSecurity: the client
        /// does not know secure renegotiation. SequenceExhausted: there is no epoch left. InternalError: the crypto provider failed.
        /// </exception>
        public bool Renegotiate(int timeout)
        {
            DtlsServer.CheckTimeout(timeout);
            long start = Platform.Now;
            lock (_lock)
            {
                if (_association == null)
                {
                    throw Ended();
                }

                _outcome = 0;
                _server.Renegotiate(_association);
            }

            long wait = timeout;
            while (true)
            {
                lock (_lock)
                {
                    if (_outcome != 0)
                    {
                        return (_outcome & AssociationEvents.Renegotiated) != 0;
                    }

                    if (_association == null)
                    {
                        throw Ended();
                    }

                    if (timeout >= 0)
                    {
                        wait = Deadline.After(start, timeout) - Platform.Now;
                        if (wait <= 0)
                        {
                            return false;
                        }
                    }

                    if (_server.IsOwnThread)
                    {
                        return false;
                    }

                    // Set again by the outcome or the end; both come under the lock.
                    if (_renegotiated == null)
                    {
                        _renegotiated = new ManualResetEvent(false);
                    }
                    else
                    {
                        _renegotiated.Reset();
                    }
                }

                _renegotiated.WaitOne((int)wait, false);
            }
        }

        /// <summary>Under the lock: a handshake within the connection has ended, or the connection has. Returns whether there are new keys.</summary>
        internal bool EndRenegotiation(int events)
        {
            int outcome = events & (AssociationEvents.Renegotiated | AssociationEvents.RenegotiationRefused);
            bool isNew = (outcome & AssociationEvents.Renegotiated) != 0;
            _outcome = outcome != 0 ? outcome : _outcome;
            if (isNew && _association != null)
            {
                TakeAgreed();
            }

            if (_renegotiated != null)
            {
                _renegotiated.Set();
            }

            return isNew;
        }
    }
}

using System;

namespace NfDtls.Sockets
{
    /// <summary>The client's end: closing, resetting, disposing.</summary>
    public sealed partial class DtlsClient
    {
        /// <summary>
        /// Closes the connection: tells the server, waits for its answer, and wipes the keys. Ends a handshake at once, and
        /// does nothing where nothing is open. The client may connect again.
        /// </summary>
        /// <returns>False when no answer came in time; <see cref="LastError"/> is then CloseFail.</returns>
        public bool Close(int timeout)
        {
            CheckTimeout(timeout);
            bool mayWait;
            lock (_lock)
            {
                CheckNotDisposed();
                AssociationState state = _association.State;
                _owesOutcome = false;
                if (state == AssociationState.Idle)
                {
                    return true;
                }

                if (state == AssociationState.Closed)
                {
                    return _association.LastError != DtlsError.CloseFail;
                }

                mayWait = timeout != 0 && !IsOwnThread;
                CloseLocked(mayWait ? timeout : 0);
            }

            // The thread ends a close that has waited long enough; -1 waits for the server alone.
            if (mayWait)
            {
                _ended.WaitOne(timeout < 0 || timeout > int.MaxValue - 1000 ? -1 : timeout + 1000, false);
            }

            lock (_lock)
            {
                if (!_isDisposed && _association.State == AssociationState.Closing)
                {
                    CloseLocked(0);
                }

                return _association.LastError != DtlsError.CloseFail;
            }
        }

        /// <summary>Ends the connection without a word, wipes its keys and keeps the credentials.</summary>
        public void Reset()
        {
            lock (_lock)
            {
                CheckNotDisposed();
                _owesOutcome = false;
                _request = null;
                _engine.Reset();
                Refresh();
                Wake();
            }
        }

        /// <summary>Tells the server, without waiting for its answer, and gives everything back. May be called twice, and from anywhere.</summary>
        public void Dispose()
        {
            UdpPort port;
            bool mayWait;
            lock (_lock)
            {
                if (_isDisposed)
                {
                    return;
                }

                _isDisposed = true;
                mayWait = !IsOwnThread;
                port = _port;
                try
                {
                    if (_association.State == AssociationState.Connected)
                    {
                        _association.Close(0, Platform.Now);
                        Flush(Platform.Now);
                    }
                }
                finally
                {
                    _request = null;
                    _engine.Reset();
                    _settled.Set();
                    _readable.Set();
                    _ended.Set();
                    _aside.Set();
                    RetireLeft();
                    if (port != null)
                    {
                        port.Retire();
                    }
                }
            }

            if (port != null && mayWait)
            {
                port.WaitClosed();
            }
        }

        private void CloseLocked(int timeout)
        {
            long now = Platform.Now;
            _association.Close(timeout, now);
            Flush(now);
            Refresh();
            Wake();
        }

        // Who receives sees by itself what comes in; not that another has less to wait for.
        private void Wake()
        {
            _aside.Set();
            if (_port != null)
            {
                _port.Wake();
            }
        }
    }
}

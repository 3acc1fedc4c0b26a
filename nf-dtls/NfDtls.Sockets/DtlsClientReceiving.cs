using System;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Who receives: a caller who waits in Receive does it by itself, so that a record needs no change of threads. The background
    /// thread steps aside for it, and for a while afterwards, as the caller mostly comes back; it goes to the port while nobody
    /// calls, sees to timers, and tells of events. One of them at a time is in a port; other callers wait to be told.
    /// </summary>
    public sealed partial class DtlsClient
    {
        private readonly ManualResetEvent _aside = new ManualResetEvent(false);
        private bool _isReceiving;
        private int _callers;
        private int _waiting;
        private long _calledUntil;
        private Exception _failure;

        /// <summary>Callers who wait in Receive, the one who receives among them.</summary>
        internal int Callers
        {
            get
            {
                lock (_lock)
                {
                    return _callers;
                }
            }
        }

        // Without a buffer the record is lent.
        private int Take(byte[] buffer, int offset, int timeout, out Packet lent)
        {
            lent = null;
            CheckTimeout(timeout);
            long start = Platform.Now;
            long wait = timeout;
            bool hasLooked = false;
            int received = -1;
            while (true)
            {
                UdpPort port;
                lock (_lock)
                {
                    CheckNotDisposed();
                    if (_association.Pending == 0 && _association.State != AssociationState.Closed)
                    {
                        CheckOpen();
                    }

                    try
                    {
                        int length = TakeLocked(buffer, offset, out lent);
                        if (length >= 0)
                        {
                            return length;
                        }
                    }
                    finally
                    {
                        Refresh();
                    }

                    if (IsOwnThread)
                    {
                        return -1;
                    }

                    long now = Platform.Now;
                    if (timeout >= 0)
                    {
                        wait = Deadline.After(start, timeout) - now;
                        if (wait <= 0)
                        {
                            if (hasLooked || _isReceiving)
                            {
                                if (received >= 0)
                                {
                                    // More may have come behind what was no data; one who only looks would take one of them a call.
                                    _calledUntil = now;
                                    _aside.Set();
                                }

                                return -1;
                            }

                            wait = 0;
                        }
                    }

                    hasLooked = true;
                    port = BeginToReceive(now, ref wait);
                }

                received = -1;
                try
                {
                    if (port == null)
                    {
                        _readable.WaitOne((int)wait, false);
                    }
                    else
                    {
                        received = port.Receive((int)wait);
                    }
                }
                finally
                {
                    EndReceiving(port, received);
                }
            }
        }

        /// <summary>Under the lock, for a caller: the port that it is to receive from, at most so long. Null where it is to wait for another to receive.</summary>
        private UdpPort BeginToReceive(long now, ref long wait)
        {
            _callers++;
            if (_isReceiving || _left != null || _failure != null)
            {
                _waiting++;
                _aside.Set();
                return null;
            }

            int most = NextWait(now);
            wait = wait < 0 || wait > most ? most : wait;
            _isReceiving = true;
            _port.Enter();
            return _port;
        }

        /// <summary>A caller has received, or waited.</summary>
        private void EndReceiving(UdpPort port, int length)
        {
            lock (_lock)
            {
                long now = Platform.Now;
                _callers--;
                _calledUntil = now + UdpPort.LongestWait;
                if (port == null)
                {
                    _waiting--;
                    return;
                }

                _isReceiving = false;
                port.Leave();
                AssociationState state = _association.State;
                if (!_isDisposed && state != AssociationState.Idle && state != AssociationState.Closed)
                {
                    try
                    {
                        Work(port, length, now);
                    }
                    catch (Exception e)
                    {
                        // It is the thread that tells of it.
                        _failure = e;
                    }
                }

                // A record that this caller takes at once is no news to the others.
                if (_association.Pending == 0 || _waiting > 0 || !_isSettled || _association.State != AssociationState.Connected)
                {
                    Refresh();
                }

                // The thread has something to do: to tell, or to receive where nobody will.
                const int Told = AssociationEvents.PskWanted | AssociationEvents.PromiseWanted;
                if (_waiting > 0 || _failure != null || !_isSettled || _association.State != AssociationState.Connected || (_association.Events & Told) != 0)
                {
                    _aside.Set();
                }
            }
        }

        /// <summary>Under the lock, for the thread: whether a caller receives, or is about to.</summary>
        private bool StepsAside(long now)
        {
            if (_isReceiving)
            {
                return true;
            }

            if (_left != null || !_isSettled || _association.State != AssociationState.Connected)
            {
                return false;
            }

            // One that was told of a record comes to take it; one that was not, waits for this thread.
            return _waiting > 0 ? _isReadable : now < _calledUntil;
        }
    }
}

using System;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>The client's background thread.</summary>
    public sealed partial class DtlsClient
    {
        private bool IsOwnThread
        {
            get { return _thread.IsCurrent; }
        }

        // Returns the bytes of a datagram of data that was too long for the network, or 0.
        private int Flush(long now)
        {
            int lost = 0;
            Packet packet = _engine.PollDatagram(now);
            while (packet != null)
            {
                bool isData = UdpPort.IsData(packet);
                UdpPort port = PortFor(packet);
                int tooLong = 0;
                if (port == null)
                {
                    packet.Return();
                }
                else
                {
                    tooLong = port.Send(packet, _peer, _engine.Statistics);
                }

                if (tooLong > 0)
                {
                    lost = isData ? tooLong : lost;
                    _engine.NoteTooLong(tooLong);
                }

                packet = _engine.PollDatagram(now);
            }

            return lost;
        }

        private void Refresh()
        {
            AssociationState state = _association.State;
            _isSettled = Signal(_settled, _isSettled, state != AssociationState.Connecting && !IsRenegotiatingNow);
            _isReadable = Signal(_readable, _isReadable, state != AssociationState.Connected || _association.Pending > 0);
            if ((_association.Events & AssociationEvents.PromiseWanted) != 0)
            {
                // It is the thread that asks for it.
                Wake();
            }

            _isEnded = Signal(_ended, _isEnded, state == AssociationState.Idle || state == AssociationState.Closed);
        }

        private bool Signal(ManualResetEvent signal, bool was, bool value)
        {
            if (_isDisposed || value == was)
            {
                return was;
            }

            if (value)
            {
                signal.Set();
            }
            else
            {
                signal.Reset();
            }

            return value;
        }

        // The background thread, from Connect until nothing is open any more.
        private void Run()
        {
            UdpPort port = null;
            int length = -1;
            Exception fault;
            Exception failure;
            while (true)
            {
                PskRequest request = null;
                bool isPromiseWanted = false;
                bool isAside = false;
                int wait = 0;
                lock (_lock)
                {
                    if (port != null)
                    {
                        _isReceiving = false;
                        port.Leave();
                    }

                    if (_isDisposed || _association.State == AssociationState.Idle || _association.State == AssociationState.Closed)
                    {
                        _thread.End();
                        RetireLeft();
                        fault = _isDisposed ? null : TakeFault();
                        failure = TakeFailure();
                        break;
                    }

                    long now = Platform.Now;
                    try
                    {
                        Work(port, length, now);
                        int events = _engine.TakeEvents();
                        isPromiseWanted = (events & AssociationEvents.PromiseWanted) != 0;
                        if ((events & AssociationEvents.PskWanted) != 0)
                        {
                            request = _association.PskRequest;
                            _request = request;
                        }

                        wait = NextWait(now);
                        failure = TakeFailure();
                    }
                    catch (Exception e)
                    {
                        // The engine reports by its state; what comes out of it all the same is a defect in something
                        // plugged into it, and must end the handshake by time and not this thread.
                        failure = e;
                    }

                    Refresh();
                    fault = TakeFault();
                    port = null;
                    length = -1;
                    if (request == null && failure == null && fault == null && !isPromiseWanted)
                    {
                        long later = Platform.Now;
                        isAside = StepsAside(later);
                        if (isAside)
                        {
                            _aside.Reset();
                        }
                        else
                        {
                            port = NextPort(later, ref wait);
                            _isReceiving = true;
                            port.Enter();
                        }
                    }
                }

                if (isAside)
                {
                    _aside.WaitOne(wait, false);
                    continue;
                }

                if (port != null)
                {
                    length = port.Receive(wait);
                    continue;
                }

                // Handlers take their time, and nobody is to wait for the port meanwhile.
                if (failure != null)
                {
                    RaiseError(DtlsError.InternalError, failure);
                    Thread.Sleep(UdpPort.AskingWait);
                }

                if (fault != null)
                {
                    RaiseError(DtlsError.SocketError, fault);
                }

                if (request != null)
                {
                    Ask(request);
                }

                if (isPromiseWanted)
                {
                    RaisePromiseWanted();
                }
            }

            if (failure != null)
            {
                RaiseError(DtlsError.InternalError, failure);
            }

            if (fault != null)
            {
                RaiseError(DtlsError.SocketError, fault);
            }
        }

        private Exception TakeFailure()
        {
            Exception failure = _failure != null ? _failure : _engine.TakeFailure();
            _failure = null;
            return failure;
        }

        private Exception TakeFault()
        {
            return _port == null ? null : _port.TakeFault();
        }

        private void Work(UdpPort port, int length, long now)
        {
            try
            {
                bool isLeft = port != _port;
                if (length >= 0 && (!isLeft || port == _left))
                {
                    bool isPeers = UdpAddress.IsFrom(_peer, _peerLength, port.Sender, port.SenderLength);
                    if (port.IsTruncated(length) && isPeers)
                    {
                        _engine.NoteTruncated();
                    }
                    else if (!isPeers)
                    {
                        _engine.Statistics.Drop(port.IsTruncated(length) ? DropReason.Truncated : DropReason.NoSession);
                    }
                    else
                    {
                        _engine.HandleDatagram(
                            port.Buffer, 0, length, isLeft ? _leftPath : _association.Address, isLeft ? _leftPathLength : _association.AddressLength, now);
                    }
                }

                if (_engine.NextDeadline <= now)
                {
                    _engine.HandleTimeout(now);
                }
            }
            finally
            {
                Flush(now);
            }
        }

        private int NextWait(long now)
        {
            long wait = UdpPort.LongestWait;
            if (_request != null)
            {
                if (_request.IsWaiting)
                {
                    wait = UdpPort.AskingWait;
                }
                else
                {
                    _request = null;
                }
            }

            long next = _engine.NextDeadline;
            if (next <= now)
            {
                return 0;
            }

            return next - now < wait ? (int)(next - now) : (int)wait;
        }

        private void Ask(PskRequest request)
        {
            PskWantedHandler handler = PskWanted;
            if (handler == null)
            {
                request.Refuse();
                return;
            }

            try
            {
                handler(request);
            }
            catch (Exception e)
            {
                request.Refuse();
                RaiseError(DtlsError.InternalError, e);
            }
        }

        private void RaiseError(DtlsError error, Exception exception)
        {
            ErrorHandler handler = Error;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(error, exception);
            }
            catch (Exception)
            {
                // There is nobody left to tell.
            }
        }
    }
}

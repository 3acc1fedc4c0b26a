using System;
using System.Net;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>The server's background thread.</summary>
    public sealed partial class DtlsServer
    {
        /// <summary>The background thread.</summary>
        internal void Run(ServerRun run)
        {
            int length = -1;
            while (true)
            {
                Exception failure = null;
                Exception broken = null;
                Exception fault = null;
                int refused = 0;
                lock (_lock)
                {
                    run.Port.Leave();
                    if (run.HasEnded)
                    {
                        break;
                    }

                    failure = run.Failure;
                    run.Failure = null;
                    try
                    {
                        Work(run, length);
                    }
                    catch (Exception e)
                    {
                        failure = e;
                    }

                    broken = _engine.TakeFailure();
                    fault = run.Port.TakeFault();
                    refused = _engine.Statistics.NoFreeSession - _refused;
                    _refused += refused;
                }

                if (failure != null)
                {
                    RaiseError(null, DtlsError.InternalError, failure);
                    Thread.Sleep(UdpPort.AskingWait);
                }

                if (broken != null)
                {
                    RaiseError(null, DtlsError.InternalError, broken);
                }

                if (fault != null)
                {
                    RaiseError(null, DtlsError.SocketError, fault);
                }

                if (refused != 0)
                {
                    RaiseError(null, DtlsError.NoFreeSession, null);
                }

                while (HandleEvent(run))
                {
                }

                int wait;
                lock (_lock)
                {
                    if (run.HasEnded)
                    {
                        break;
                    }

                    wait = NextWait(run);
                    run.Port.Enter();
                }

                length = run.Port.Receive(wait);
            }

            RaiseStopped(run);
            run.Finished.Set();
        }

        private void Work(ServerRun run, int length)
        {
            long now = Platform.Now;
            try
            {
                if (length >= 0)
                {
                    if (run.Port.IsTruncated(length))
                    {
                        _engine.NoteTruncated(run.Port.Sender, run.Port.SenderLength);
                    }
                    else
                    {
                        _engine.HandleDatagram(run.Port.Buffer, 0, length, run.Port.Sender, run.Port.SenderLength, now);
                    }
                }

                if (_engine.NextDeadline <= now)
                {
                    _engine.HandleTimeout(now);
                }
            }
            finally
            {
                Flush(run, now);
            }
        }

        private int NextWait(ServerRun run)
        {
            long now = Platform.Now;
            int wait = run.IsAsking() ? UdpPort.AskingWait : UdpPort.LongestWait;
            long next = _engine.NextDeadline;
            if (next <= now)
            {
                return 0;
            }

            return next - now < wait ? (int)(next - now) : wait;
        }

        // Returns the bytes of a datagram of data that was too long for the network, or 0.
        private int Flush(ServerRun run, long now)
        {
            int lost = 0;
            Packet packet = _engine.PollDatagram(now);
            while (packet != null)
            {
                if (run == null)
                {
                    packet.Return();
                }
                else
                {
                    lost = Send(run.Port, packet, lost);
                }

                packet = _engine.PollDatagram(now);
            }

            return lost;
        }

        private int Send(UdpPort port, Packet packet, int lost)
        {
            // The packet goes back to the pool, and its address with it.
            bool isData = UdpPort.IsData(packet);
            int addressLength = packet.AddressLength;
            Array.Copy(packet.Address, 0, _sentTo, 0, addressLength);
            int tooLong = port.Send(packet, _sentTo, _engine.Statistics);
            if (tooLong > 0)
            {
                _engine.NoteTooLong(_sentTo, addressLength, tooLong);
                return isData ? tooLong : lost;
            }

            return lost;
        }

        // Takes one association's events under the lock and tells of them outside of it; false when there are none.
        private bool HandleEvent(ServerRun run)
        {
            int events;
            DtlsSession session;
            PskRequest request = null;
            DtlsError reason = DtlsError.None;
            bool isNew = false;
            bool isAsked = false;
            IPEndPoint before = null;
            bool isRenewed = false;
            lock (_lock)
            {
                if (run.HasEnded)
                {
                    return false;
                }

                Association association = _engine.PollEvent(out events);
                if (association == null)
                {
                    return false;
                }

                if ((events & AssociationEvents.PskWanted) != 0)
                {
                    request = association.PskRequest;
                    if (request != null)
                    {
                        run.Keep(request);
                    }
                }

                session = (DtlsSession)association.Tag;
                if ((events & AssociationEvents.Connecting) != 0 && association.ConnectRequest != null)
                {
                    session = session == null ? MakeSession(association) : session;
                    isAsked = true;
                }

                if ((events & AssociationEvents.Connected) != 0 && (session == null || !session.IsAnnounced))
                {
                    session = session == null ? MakeSession(association) : session;
                    session.Announce();
                    isNew = true;
                }

                if ((events & AssociationEvents.Moved) != 0 && session != null && !isNew)
                {
                    before = session.Follow();
                }

                if (session != null && (events & (AssociationEvents.Renegotiated | AssociationEvents.RenegotiationRefused | AssociationEvents.Closed)) != 0)
                {
                    isRenewed = session.EndRenegotiation(events);
                }

                if ((events & AssociationEvents.Closed) != 0)
                {
                    reason = association.LastError;
                    if (session == null && (HandshakeFailed != null || Error != null))
                    {
                        session = MakeSession(association);
                    }

                    if (session != null)
                    {
                        session.Detach(reason);
                    }

                    association.Tag = null;
                    _engine.Release(association);
                }
                else if (session != null)
                {
                    session.Signal();
                }
            }

            if (request != null)
            {
                Ask(session, request);
            }

            if (isAsked)
            {
                RaiseConnecting(session);
            }

            if (isNew)
            {
                Raise(Connected, session);
            }

            if (isRenewed)
            {
                Raise(Renegotiated, session);
            }

            if ((events & AssociationEvents.PromiseWanted) != 0 && session != null)
            {
                Raise(PromiseWanted, session);
            }

            if (before != null)
            {
                RaiseMoved(session, before);
            }

            if ((events & AssociationEvents.PathFailed) != 0 && session != null)
            {
                Raise(PathFailed, session);
            }

            if (session != null)
            {
                RaiseData(run, session);
            }

            if ((events & AssociationEvents.Closed) != 0)
            {
                if (session != null && session.IsAnnounced)
                {
                    RaiseDisconnected(session, reason);
                }
                else
                {
                    RaiseFailed(session, reason);
                    RaiseError(session, reason, null);
                }
            }

            return true;
        }
    }
}

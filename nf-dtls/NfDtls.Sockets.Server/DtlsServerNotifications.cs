using System;
using System.Net;

namespace NfDtls.Sockets
{
    /// <summary>The server's notifications, each outside of the lock.</summary>
    public sealed partial class DtlsServer
    {
        private void RaiseStopped(ServerRun run)
        {
            DtlsSession[] stopped;
            lock (_lock)
            {
                stopped = run.Stopped;
                run.Stopped = null;
            }

            if (stopped != null)
            {
                for (int i = 0; i < stopped.Length; i++)
                {
                    RaiseDisconnected(stopped[i], stopped[i].LastError);
                }
            }
        }

        private void RaiseConnecting(DtlsSession session)
        {
            ConnectingHandler handler = ClientConnecting;
            if (handler == null)
            {
                session.Accept();
                return;
            }

            try
            {
                handler(session);
            }
            catch (Exception e)
            {
                session.Refuse();
                RaiseError(session, DtlsError.InternalError, e);
            }
        }

        private void RaiseMoved(DtlsSession session, IPEndPoint before)
        {
            MovedHandler handler = PeerMoved;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(session, before, session.RemoteEndPoint);
            }
            catch (Exception e)
            {
                RaiseError(session, DtlsError.InternalError, e);
            }
        }

        private void Raise(SessionHandler handler, DtlsSession session)
        {
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(session);
            }
            catch (Exception e)
            {
                RaiseError(session, DtlsError.InternalError, e);
            }
        }

        private void RaiseData(ServerRun run, DtlsSession session)
        {
            DataHandler handler = DataReceived;
            if (handler == null)
            {
                return;
            }

            int before = int.MaxValue;
            while (true)
            {
                lock (_lock)
                {
                    int pending = session.Pending;
                    if (pending == 0 || pending >= before || run.HasEnded)
                    {
                        return;
                    }

                    before = pending;
                }

                try
                {
                    handler(session);
                }
                catch (Exception e)
                {
                    RaiseError(session, DtlsError.InternalError, e);
                }
            }
        }

        private void RaiseDisconnected(DtlsSession session, DtlsError reason)
        {
            Raise(Disconnected, session, reason);
        }

        private void RaiseFailed(DtlsSession session, DtlsError reason)
        {
            if (session != null)
            {
                Raise(HandshakeFailed, session, reason);
            }
        }

        private void Raise(DisconnectedHandler handler, DtlsSession session, DtlsError reason)
        {
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(session, reason);
            }
            catch (Exception e)
            {
                RaiseError(session, DtlsError.InternalError, e);
            }
        }

        private void RaiseError(DtlsSession session, DtlsError error, Exception cause)
        {
            SessionErrorHandler handler = Error;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(session, cause == null ? Because(session, error) : new DtlsException(error, cause.Message, cause));
            }
            catch (Exception)
            {
                // There is nobody left to tell.
            }
        }

        private static DtlsException Because(DtlsSession session, DtlsError error)
        {
            return session == null
                ? DtlsException.Because("A client was turned away", error, Alert.None, Alert.None)
                : DtlsException.Because("The handshake failed", error, session.AlertSent, session.AlertReceived);
        }

        private void Ask(DtlsSession session, PskRequest request)
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
                RaiseError(session, DtlsError.InternalError, e);
            }
        }
    }
}

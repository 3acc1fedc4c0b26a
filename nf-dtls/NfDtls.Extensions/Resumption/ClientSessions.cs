namespace NfDtls.Extensions
{
    /// <summary>A client's session: offered where it may be, taken from each connection.</summary>
    internal sealed class ClientSessions
    {
        // With a ticket the id says no more than that the server took it (RFC 5077 section 3.4): its own are longer.
        private const int MarkLength = 4;

        // What a hello has beside the ticket at the most, with the longest cookie.
        private const int HelloRest = 350;

        // Whoever is out of reach keeps its session; but there are servers that never answer a hello with an old one.
        private const int MostTimeouts = 2;

        private readonly SessionResumption _resumption;
        private int _timeouts;

        internal ClientSessions(SessionResumption resumption)
        {
            _resumption = resumption;
        }

        /// <summary>Puts the kept session into the hello, if all is as it was.</summary>
        internal void Offer(Handshake handshake, HandshakeSession session)
        {
            ResumableSession kept = _resumption.Kept;
            if (kept == null || !IsUsable(handshake, kept, session))
            {
                return;
            }

            byte[] id = kept.Id;
            if (kept.HasTicket)
            {
                id = new byte[MarkLength];
                if (!handshake.TryRandom(id, 0, id.Length))
                {
                    return;
                }

                session.Ticket = kept.Ticket;
            }

            session.ClientId = id;
            session.Session = kept.State.Copy();
        }

        internal void OnConnected(Handshake handshake, HandshakeSession session, SessionState made)
        {
            ResumableSession kept = _resumption.Kept;
            _timeouts = 0;
            if (made == null && kept != null && session.Session != null)
            {
                // Resumed: the session stays, and so does its ticket where there is no newer one.
                if (session.NewTicket != null)
                {
                    SessionState state = session.Session.Copy();
                    bool isBound = state.CertificateHash.Length > 0 && kept.IsAbsolute == _resumption.KnowsTime;
                    Keep(handshake, session, state, isBound ? state.Expires : CertificateEnd.Never, new byte[0], session.NewTicket);
                }
            }
            else if (made != null && session.NewTicket != null)
            {
                Keep(handshake, session, made.Copy(), CertificateEnd.Never, new byte[0], session.NewTicket);
            }
            else if (made != null && session.ServerId.Length > 0)
            {
                session.NewTicketSeconds = 0;
                Keep(handshake, session, made.Copy(), CertificateEnd.Never, session.ServerId, new byte[0]);
            }
            else
            {
                _resumption.Keep(null);
            }
        }

        internal void OnEnded(bool isFatal, bool wasSilent)
        {
            _timeouts += wasSilent ? 1 : 0;
            if (isFatal || _timeouts == MostTimeouts)
            {
                _timeouts = 0;
                _resumption.Keep(null);
            }
        }

        private void Keep(Handshake handshake, HandshakeSession session, SessionState state, long atMost, byte[] id, byte[] ticket)
        {
            long seconds = session.NewTicketSeconds;
            long lifetime = seconds == 0 || seconds > _resumption.Lifetime ? _resumption.Lifetime : seconds;
            state.Established = session.Seconds;
            state.Expires = session.Seconds + lifetime < atMost ? session.Seconds + lifetime : atMost;
            if (handshake.PeerCertificates != null && _resumption.KnowsTime)
            {
                long end = CertificateEnd.OfChain(handshake.PeerCertificates);
                state.Expires = end < state.Expires ? end : state.Expires;
            }

            _resumption.Keep(new ResumableSession(state, id, ticket, lifetime, _resumption.KnowsTime));
        }

        private bool IsUsable(Handshake handshake, ResumableSession kept, HandshakeSession session)
        {
            SessionState state = kept.State;
            if (!kept.IsAbsolute && state.Expires == 0)
            {
                state.Established = session.Now / 1000;
                state.Expires = state.Established + kept.Lifetime;
            }

            // Where the clock has lost its time, the server will know.
            bool isTold = !kept.IsAbsolute || _resumption.KnowsTime;
            if (isTold && !state.IsAlive(kept.IsAbsolute ? session.Seconds : session.Now / 1000))
            {
                _resumption.Keep(null);
                return false;
            }

            CipherSuite suite = handshake.Options.Suites.Find(state.Suite);
            return suite != null && handshake.MayUse(suite)
                && kept.Ticket.Length <= (_resumption.Tickets ? _resumption.MaxTicketLength : 0)
                && kept.Ticket.Length + HelloRest <= handshake.Options.MaxFlight
                && PeerBinding.Allows(handshake, state, _resumption.Peers);
        }
    }
}

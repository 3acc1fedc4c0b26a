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

        // A handshake that offered it came to nothing for a reason that anybody may have made up: the next one does without.
        private bool _isDoubted;

        internal ClientSessions(SessionResumption resumption)
        {
            _resumption = resumption;
        }

        /// <summary>Puts the kept session into the hello, if all is as it was.</summary>
        internal void Offer(Handshake handshake, HandshakeSession session)
        {
            ResumableSession kept = _resumption.Kept;
            if (kept == null || _isDoubted || kept.State.Is13 || !IsUsable(handshake, kept, session))
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

        /// <summary>The kept session of DTLS 1.3, if all is as it was and a hello with it is still one datagram; or null.</summary>
        internal ResumedKey Offer13(Handshake handshake, HandshakeSession session)
        {
            ResumableSession kept = _resumption.Kept;
            if (kept == null || _isDoubted || !kept.State.Is13 || kept.Ticket.Length + HelloRest > handshake.Options.Mtu || !IsUsable(handshake, kept, session))
            {
                return null;
            }

            // In whole seconds, and rather too young than too old: there are servers that believe no age beyond their own count.
            long seconds = (kept.IsAbsolute ? session.Seconds : session.Now / 1000) - kept.State.Established - 1;
            ResumedKey key = KeyOf(kept.State);
            key.Ticket = kept.Ticket;
            key.Age = seconds < 0 ? 0 : 1000 * seconds;
            session.Session = kept.State.Copy();
            return key;
        }

        /// <summary>What a handshake needs of a session of DTLS 1.3.</summary>
        internal static ResumedKey KeyOf(SessionState state)
        {
            ResumedKey key = new ResumedKey();
            key.Suite = state.Suite;
            key.Secret = Bytes.Copy(state.Master);
            key.Nonce = state.Nonce;
            key.AgeAdd = state.AgeAdd;
            key.PskIdentity = state.PskIdentity;
            return key;
        }

        /// <summary>
        /// A connection of DTLS 1.3: its own ticket comes later. Until then the one that it was resumed by stays, which would serve once more;
        /// one that was not taken goes.
        /// </summary>
        internal void OnConnected13(bool isResumed)
        {
            _timeouts = 0;
            if (!isResumed && !_isDoubted)
            {
                _resumption.Keep(null);
            }

            _isDoubted = false;
        }

        internal void TakeTicket(SessionState captured, byte[] ticket, long seconds, long ageAdd, byte[] nonce, long now)
        {
            long lifetime = seconds > _resumption.Lifetime ? _resumption.Lifetime : seconds;
            long end = captured.Expires;
            if (ticket.Length > _resumption.MaxTicketLength || lifetime == 0)
            {
                return;
            }

            SessionState state = captured.Copy();
            state.Established = _resumption.SecondsAt(now);
            state.Expires = state.Established + lifetime < end ? state.Established + lifetime : end;
            state.AgeAdd = ageAdd;
            state.Nonce = nonce;
            _resumption.Keep(new ResumableSession(state, new byte[0], ticket, lifetime, _resumption.KnowsTime));
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
            else if (!_isDoubted)
            {
                _resumption.Keep(null);
            }

            _isDoubted = false;
        }

        /// <summary>A connection has ended.</summary>
        /// <param name="isFatal">By an error: its session ends, too.</param>
        /// <param name="isDoubted">By an alert that may be anybody's, or the session's fault.</param>
        /// <param name="wasSilent">Because nobody has answered a hello with it.</param>
        internal void OnEnded(bool isFatal, bool isDoubted, bool wasSilent)
        {
            _isDoubted = isDoubted;
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

        /// <summary>Until when the peer's certificates let a session be resumed, as far as that can be told; those of the session that is resumed, if there is one.</summary>
        internal long EndOf(Handshake handshake, SessionState resumed)
        {
            if (resumed != null)
            {
                ResumableSession kept = _resumption.Kept;
                bool isBound = resumed.CertificateHash.Length > 0 && kept != null && kept.IsAbsolute == _resumption.KnowsTime;
                return isBound ? resumed.Expires : CertificateEnd.Never;
            }

            bool isKnown = handshake.PeerCertificates != null && _resumption.KnowsTime;
            return isKnown ? CertificateEnd.OfChain(handshake.PeerCertificates) : CertificateEnd.Never;
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

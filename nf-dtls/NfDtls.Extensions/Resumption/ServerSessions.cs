using System;

namespace NfDtls.Extensions
{
    /// <summary>A server's sessions: found again by ticket or id, kept, given tickets.</summary>
    internal sealed class ServerSessions
    {
        // Seconds that no ticket is good for, nor ever was (RFC 8446 section 4.6.1), with some for clocks that run fast.
        private const int LongestAge = 604800 + 3600;

        private readonly SessionResumption _resumption;
        private readonly WireReader _reader = new WireReader();
        private readonly WireWriter _writer = new WireWriter();

        internal ServerSessions(SessionResumption resumption)
        {
            _resumption = resumption;
        }

        /// <summary>Finds the session that a hello names; its suite, if it may go on, or null.</summary>
        internal CipherSuite Find(Handshake handshake, HandshakeSession session)
        {
            try
            {
                // Behind a ticket the id is the client's own mark (RFC 5077 section 3.4).
                SessionState found = session.Ticket.Length > 0 ? FromTicket(handshake, session) : FromStore(session);
                CipherSuite suite = found == null ? null : SuiteOf(handshake, session, found);
                if (suite != null)
                {
                    session.Session = found;
                }
                else if (found != null)
                {
                    found.Clear();
                }

                return suite;
            }
            catch (Exception e)
            {
                // A store or a key that cannot be had now costs the client no more than a full handshake.
                handshake.Endpoint.NoteFailure(e);
                return null;
            }
        }

        /// <summary>Whether there is a ticket among the extensions of a hello that was given to a host.</summary>
        internal bool ProvesHost(Endpoint endpoint, WireReader extensions, byte[] host, long now)
        {
            if (!_resumption.Tickets || _resumption.TicketKeys == null || extensions.Remaining == 0)
            {
                return false;
            }

            extensions.Enter(extensions.ReadUInt16());
            byte[] ticket = null;
            while (extensions.Remaining > 0 && ticket == null)
            {
                int type = extensions.ReadUInt16();
                int length = extensions.ReadUInt16();
                int at = extensions.Skip(length);
                bool isTicket = !extensions.Failed && type == SessionTicketExtension.ExtensionType && length <= _resumption.MaxTicketLength;
                ticket = isTicket ? Bytes.Copy(extensions.Buffer, at, length) : null;
            }

            SessionState state = ticket == null ? null : _resumption.Sealer.Open(_resumption.TicketKeys, endpoint.Crypto, ticket, now);
            if (state == null)
            {
                return false;
            }

            bool isProven = host.Length > 0 && !state.Is13 && Bytes.AreEqual(state.Address, host) && state.IsAlive(_resumption.SecondsAt(now));
            state.Clear();
            return isProven;
        }

        /// <summary>The number of the suite that the session of a ticket of DTLS 1.3 has, or 0.</summary>
        internal int SuiteOf(Endpoint endpoint, byte[] ticket, long now)
        {
            SessionState state = null;
            try
            {
                state = OpenTicket13(endpoint.Crypto, ticket, now);
            }
            catch (Exception e)
            {
                endpoint.NoteFailure(e);
            }

            if (state == null)
            {
                return 0;
            }

            state.Clear();
            return state.IsAlive(_resumption.SecondsAt(now)) ? state.Suite : 0;
        }

        /// <summary>
        /// The session of a ticket of DTLS 1.3, if it may go on; or null. The age that the client tells is no more than a hint where
        /// nothing is sent early: one beyond the ticket's time is a client's that should not have offered it.
        /// </summary>
        internal ResumedKey Open13(Handshake handshake, HandshakeSession session, byte[] ticket, long age)
        {
            SessionState found = null;
            bool isRight = false;
            try
            {
                found = OpenTicket13(handshake.Crypto, ticket, session.Now);
                isRight = found != null && found.IsAlive(session.Seconds)
                    && ((age - found.AgeAdd) & 0xFFFFFFFF) <= 1000L * LongestAge
                    && PeerBinding.Allows(handshake, found, _resumption.Peers);
            }
            catch (Exception e)
            {
                handshake.Endpoint.NoteFailure(e);
            }

            if (!isRight)
            {
                if (found != null)
                {
                    found.Clear();
                }

                return null;
            }

            session.Session = found;
            session.Ticket = ticket;
            return ClientSessions.KeyOf(found);
        }

        /// <summary>A ticket for what a handshake of DTLS 1.3 has left, and the seconds that it is good for; or null.</summary>
        internal byte[] GiveTicket(Handshake handshake, HandshakeSession session, out int seconds)
        {
            SessionState state = session.Session;
            seconds = 0;
            byte[] ticket = null;
            try
            {
                Prolong(handshake, session, state);
                seconds = (int)(state.Expires - session.Seconds);
                if (seconds > 0)
                {
                    ticket = _resumption.Sealer.Seal(_resumption.TicketKeys, handshake.Endpoint, state, _resumption.MaxTicketLength, session.Now);
                    session.TicketMark = ticket == null ? session.TicketMark : TicketSealer.MarkOf(ticket);
                }
            }
            catch (Exception e)
            {
                handshake.Endpoint.NoteFailure(e);
            }

            // The ticket has it.
            state.Clear();
            session.Session = null;
            return ticket;
        }

        /// <summary>The session id of the server's hello. Decides, too, whether a ticket will follow.</summary>
        internal byte[] ChooseId(Handshake handshake, HandshakeSession session)
        {
            bool mayTicket = session.KnowsTickets && _resumption.Tickets && _resumption.TicketKeys != null;
            if ((handshake.Flags & HandshakeFlags.Abbreviated) != 0)
            {
                session.SendsTicket = mayTicket && session.Ticket.Length > 0 && IsNearItsEnd(handshake, session);
                return session.ClientId;
            }

            if (session.Session != null)
            {
                session.Session.Clear();
                session.Session = null;
            }

            bool mayResume = PeerBinding.CanBeResumed(handshake, _resumption.Peers);
            session.SendsTicket = mayResume && mayTicket;
            if (mayResume && !mayTicket && _resumption.Store != null)
            {
                byte[] id = new byte[_resumption.IdLength];
                session.ServerId = handshake.TryRandom(id, 0, id.Length) ? id : session.ServerId;
            }

            return session.ServerId;
        }

        /// <summary>A ticket of the session that this handshake makes or resumes, and the seconds that it is good for; or null.</summary>
        internal byte[] MakeTicket(Handshake handshake, HandshakeSession session, out long seconds)
        {
            seconds = 0;
            bool isResumed = (handshake.Flags & HandshakeFlags.Abbreviated) != 0;
            SessionState state = isResumed ? session.Session : PeerBinding.Capture(handshake, _resumption.Peers);
            if (state == null)
            {
                return null;
            }

            byte[] ticket = null;
            try
            {
                if (!isResumed)
                {
                    state.Established = session.Seconds;
                    state.Expires = 0;
                }

                Prolong(handshake, session, state);
                state.Address = HostOf(handshake);
                ticket = _resumption.Sealer.Seal(_resumption.TicketKeys, handshake.Endpoint, state, _resumption.MaxTicketLength, session.Now);
                seconds = state.Expires - session.Seconds;
                session.TicketMark = ticket == null ? session.TicketMark : TicketSealer.MarkOf(ticket);
            }
            catch (Exception e)
            {
                handshake.Endpoint.NoteFailure(e);
            }
            finally
            {
                if (!isResumed)
                {
                    state.Clear();
                }
            }

            return seconds > 0 ? ticket : null;
        }

        internal void OnConnected(Handshake handshake, HandshakeSession session, SessionState made)
        {
            if (made == null || session.ServerId.Length == 0)
            {
                return;
            }

            byte[] buffer = new byte[SessionState.MaxLength];
            try
            {
                made.Established = session.Seconds;
                Prolong(handshake, session, made);
                int seconds = (int)(made.Expires - session.Seconds);
                _writer.Reset(buffer, 0, buffer.Length);
                made.Write(_writer);
                if (seconds > 0)
                {
                    _resumption.Store.Put(Bytes.Copy(session.ServerId), Bytes.Copy(buffer, 0, _writer.Length), seconds, session.Now);
                    session.StoredId = session.ServerId;
                }
            }
            catch (Exception e)
            {
                handshake.Endpoint.NoteFailure(e);
            }
            finally
            {
                Bytes.Clear(buffer);
            }
        }

        internal void OnEnded(Association association, HandshakeSession session, bool isFatal)
        {
            if (!isFatal)
            {
                return;
            }

            if (session.TicketMark != 0)
            {
                _resumption.Sealer.Refuse(session.TicketMark);
            }

            try
            {
                if (session.StoredId != null)
                {
                    _resumption.Store.Remove(session.StoredId);
                }
            }
            catch (Exception e)
            {
                association.Engine.NoteFailure(e);
            }
        }

        private SessionState FromTicket(Handshake handshake, HandshakeSession session)
        {
            return _resumption.Tickets && _resumption.TicketKeys != null
                ? _resumption.Sealer.Open(_resumption.TicketKeys, handshake.Crypto, session.Ticket, session.Now) : null;
        }

        private SessionState OpenTicket13(CryptoProvider crypto, byte[] ticket, long now)
        {
            if (!_resumption.Tickets || _resumption.TicketKeys == null || ticket.Length > _resumption.MaxTicketLength)
            {
                return null;
            }

            SessionState state = _resumption.Sealer.Open(_resumption.TicketKeys, crypto, ticket, now);
            if (state != null && !state.Is13)
            {
                state.Clear();
                return null;
            }

            return state;
        }

        private SessionState FromStore(HandshakeSession session)
        {
            byte[] kept = session.ClientId.Length == 0 || _resumption.Store == null ? null : _resumption.Store.Find(session.ClientId, session.Now);
            if (kept == null)
            {
                return null;
            }

            SessionState found = new SessionState();
            _reader.Reset(kept, 0, kept.Length);
            bool isRight = found.Read(_reader) && _reader.IsAtEnd;
            Bytes.Clear(kept);
            return isRight ? found : null;
        }

        /// <summary>The suite of a session, if that is still alive and all that it is bound to is as it was; or null.</summary>
        private CipherSuite SuiteOf(Handshake handshake, HandshakeSession session, SessionState found)
        {
            CipherSuite suite = handshake.Options.Suites.Find(found.Suite);
            bool isRight = suite != null && !found.Is13 && found.IsAlive(session.Seconds) && handshake.MayUse(suite)
                && (suite.IsCbc && (handshake.Flags & HandshakeFlags.EncryptThenMac) != 0) == found.EncryptThenMac
                && PeerBinding.Allows(handshake, found, _resumption.Peers);
            return isRight ? suite : null;
        }

        /// <summary>The host that a ticket names, if tickets do.</summary>
        private byte[] HostOf(Handshake handshake)
        {
            Association association = (Association)handshake.Host;
            return _resumption.TicketsProveAddress ? Resumption.HostOf(handshake.Options, association.PeerAddress, association.PeerAddressLength) : new byte[0];
        }

        /// <summary>Half of its time is over, or its key seals no more, or it names another host.</summary>
        private bool IsNearItsEnd(Handshake handshake, HandshakeSession session)
        {
            if (!Bytes.AreEqual(session.Session.Address, HostOf(handshake)))
            {
                return true;
            }

            if (session.Session.Established + _resumption.MaxAge <= session.Session.Expires)
            {
                return false;
            }

            // With a certificate no ticket holds longer than the first did.
            bool isHalfOver = session.Session.Expires - session.Seconds < _resumption.Lifetime / 2 && session.Session.CertificateHash.Length == 0;
            return isHalfOver
                || !TicketSealer.IsNew(_resumption.TicketKeys, handshake.Crypto, session.Ticket, session.Now);
        }

        /// <summary>
        /// The client of a resumed session has shown its keys: what may not be used again, should this connection fail. Not sooner,
        /// as whoever has seen an id or a ticket can begin with it, and fail in the clear.
        /// </summary>
        internal static void MarkUsed(HandshakeSession session)
        {
            if (session.Ticket.Length > 0)
            {
                session.TicketMark = session.TicketMark == 0 ? TicketSealer.MarkOf(session.Ticket) : session.TicketMark;
            }
            else
            {
                session.StoredId = session.ClientId;
            }
        }

        /// <summary>Until when it may be resumed: its lifetime from now on, but not beyond the age of all, nor the peer's certificates.</summary>
        private void Prolong(Handshake handshake, HandshakeSession session, SessionState state)
        {
            long end = session.Seconds + _resumption.Lifetime;
            long oldest = state.Established + _resumption.MaxAge;
            end = oldest < end ? oldest : end;
            if (handshake.PeerCertificates != null && _resumption.KnowsTime)
            {
                long certificates = CertificateEnd.OfChain(handshake.PeerCertificates);
                end = certificates < end ? certificates : end;
            }
            else if (state.CertificateHash.Length > 0 && state.Expires > 0)
            {
                // The certificate is not at hand to say how long it holds: no longer than was seen then.
                end = state.Expires < end ? state.Expires : end;
            }

            state.Expires = end;
        }
    }
}

using System;

namespace NfDtls.Extensions
{
    /// <summary>Sessions in the handshakes of an endpoint; what only one of the two ends does is <see cref="ClientSessions"/>' or <see cref="ServerSessions"/>'.</summary>
    internal sealed class SessionHandshakes : Resumption
    {
        private readonly SessionResumption _resumption;
        private readonly ClientSessions _client;
        private readonly ServerSessions _server;

        internal SessionHandshakes(SessionResumption resumption)
        {
            _resumption = resumption;
            _client = new ClientSessions(resumption);
            _server = new ServerSessions(resumption);
        }

        internal override void Begin(Handshake handshake, long now)
        {
            HandshakeSession session = Start(handshake, now);
            if (session != null)
            {
                _client.Offer(handshake, session);
            }
        }

        internal override bool ProvesHost(Endpoint endpoint, WireReader extensions, byte[] host, long now)
        {
            return _resumption.TicketsProveAddress && _server.ProvesHost(endpoint, extensions, host, now);
        }

        internal override byte[] SessionId(Handshake handshake)
        {
            HandshakeSession session = _resumption.Of(handshake);
            if (session == null)
            {
                return new byte[0];
            }

            return handshake.IsServer ? _server.ChooseId(handshake, session) : session.ClientId;
        }

        internal override bool IsOffered(byte[] buffer, int offset, int count, Handshake handshake)
        {
            HandshakeSession session = _resumption.Of(handshake);
            if (session == null)
            {
                return false;
            }

            session.ServerId = Bytes.Copy(buffer, offset, count);
            return session.Session != null && count > 0 && Bytes.AreEqual(session.ServerId, session.ClientId);
        }

        internal override CipherSuite Find(byte[] buffer, int offset, int count, Handshake handshake, long now)
        {
            HandshakeSession session = Start(handshake, now);
            if (session == null)
            {
                return null;
            }

            session.ClientId = Bytes.Copy(buffer, offset, count);
            return _server.Find(handshake, session);
        }

        /// <summary>SHA-256 of what the peer proved itself with, in a handshake or in the one that it resumes; empty without.</summary>
        internal static byte[] PeerHash(Handshake handshake)
        {
            SessionHandshakes sessions = (handshake.Flags & HandshakeFlags.Abbreviated) == 0 ? null : handshake.Endpoint.Resumption as SessionHandshakes;
            HandshakeSession session = sessions == null ? null : sessions._resumption.Of(handshake);
            if (session == null)
            {
                return PeerBinding.HashOf(handshake);
            }

            return session.Session == null ? session.CertificateHash : session.Session.CertificateHash;
        }

        /// <summary>RFC 7627 section 5.3, threats of resuming without a binding: any difference here is the peer's fault.</summary>
        internal override DtlsError Confirm(Handshake handshake, byte[] master)
        {
            HandshakeSession session = _resumption.Of(handshake);
            SessionState state = session == null ? null : session.Session;
            if (state == null)
            {
                return DtlsError.InternalError;
            }

            if (handshake.Suite.Id != state.Suite)
            {
                return DtlsError.IllegalParameter;
            }

            if ((handshake.Flags & HandshakeFlags.ExtendedMasterSecret) == 0)
            {
                return DtlsError.HandshakeFailure;
            }

            if (((handshake.Flags & HandshakeFlags.EncryptThenMac) != 0) != state.EncryptThenMac)
            {
                return DtlsError.IllegalParameter;
            }

            if (state.PskIdentity != null)
            {
                handshake.SetPskIdentity(state.PskIdentity, 0, state.PskIdentity.Length);
            }

            Array.Copy(state.Master, master, master.Length);
            return DtlsError.None;
        }

        /// <summary>NewSessionTicket (RFC 5077 section 3.3); an empty ticket where none could be made after all.</summary>
        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            HandshakeSession session = _resumption.Of(handshake);
            long seconds = 0;
            byte[] ticket = session == null ? null : _server.MakeTicket(handshake, session, out seconds);
            SessionState.WriteUInt32(writer, ticket == null ? 0 : seconds);
            writer.WriteUInt16(ticket == null ? 0 : ticket.Length);
            if (ticket != null)
            {
                writer.WriteBytes(ticket, 0, ticket.Length);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            long seconds = SessionState.ReadUInt32(reader);
            int length = reader.ReadUInt16();
            int at = reader.Skip(length);
            HandshakeSession session = _resumption.Of(handshake);
            if (session != null && !reader.Failed && length > 0 && length <= _resumption.MaxTicketLength)
            {
                session.NewTicket = Bytes.Copy(reader.Buffer, at, length);
                session.NewTicketSeconds = seconds;
            }

            return DtlsError.None;
        }

        internal override ResumedKey Offer(Handshake handshake, long now)
        {
            HandshakeSession session = Start(handshake, now);
            return session == null ? null : _client.Offer13(handshake, session);
        }

        internal override int SuiteOf(Endpoint endpoint, byte[] identity, long now)
        {
            return _server.SuiteOf(endpoint, identity, now);
        }

        internal override ResumedKey Open(Handshake handshake, byte[] identity, long age, long now)
        {
            HandshakeSession session = Start(handshake, now);
            return session == null ? null : _server.Open13(handshake, session, identity, age);
        }

        internal override void Capture(Handshake handshake, byte[] secret, byte[] externalKey, long now)
        {
            HandshakeSession session = _resumption.Of(handshake);
            session = session != null ? session : Start(handshake, now);
            if (session == null)
            {
                return;
            }

            bool isResumed = (handshake.Flags & HandshakeFlags.Abbreviated) != 0;
            SessionState before = session.Session;
            SessionState resumed = isResumed ? before : null;
            SessionState made = PeerBinding.Capture13(handshake, _resumption.Peers, resumed, secret, externalKey);
            session.CertificateHash = resumed != null ? resumed.CertificateHash : PeerBinding.HashOf(handshake);
            session.Session = made;
            if (made != null)
            {
                made.Established = resumed != null && handshake.IsServer ? resumed.Established : session.Seconds;
                made.Expires = handshake.IsServer ? (resumed != null ? resumed.Expires : 0) : _client.EndOf(handshake, resumed);
            }

            if (!handshake.IsServer)
            {
                _client.OnConnected13(isResumed);
            }

            if (before != null)
            {
                before.Clear();
            }
        }

        internal override byte[] GiveTicket(Handshake handshake, long ageAdd, byte[] nonce, out int seconds)
        {
            seconds = 0;
            HandshakeSession session = _resumption.Of(handshake);
            if (session == null || session.Session == null || !_resumption.Tickets || _resumption.TicketKeys == null)
            {
                return null;
            }

            session.Session.AgeAdd = ageAdd;
            session.Session.Nonce = nonce;
            return _server.GiveTicket(handshake, session, out seconds);
        }

        internal override void TakeTicket(HandshakeHost host, byte[] ticket, int seconds, long ageAdd, byte[] nonce, long now)
        {
            HandshakeSession session = (HandshakeSession)((Association)host).GetState(_resumption);
            if (session != null && session.Session != null && _resumption.Tickets)
            {
                _client.TakeTicket(session.Session, ticket, seconds, ageAdd, nonce, now);
            }
        }

        internal void OnConnected(Association association, Handshake handshake)
        {
            HandshakeSession session = (HandshakeSession)association.GetState(_resumption);
            bool is13 = (handshake.Suite.VersionMask & CipherSuite.Version13) != 0;
            if (session == null || is13 || association.State != AssociationState.Connecting)
            {
                return;
            }

            if (session.Session != null && session.Session.Is13)
            {
                // Offered beside this version, and not taken.
                session.Session.Clear();
                session.Session = null;
            }

            SessionState resumed = association.IsResumed ? session.Session : null;
            if (resumed != null)
            {
                session.CertificateHash = resumed.CertificateHash;
            }

            SessionState made = resumed == null ? PeerBinding.Capture(handshake, _resumption.Peers) : null;
            if (made != null)
            {
                session.CertificateHash = made.CertificateHash;
                if (session.Session != null)
                {
                    session.Session.Clear();
                }

                session.Session = made;
            }

            if (handshake.IsServer)
            {
                _server.OnConnected(handshake, session, made);
            }
            else
            {
                _client.OnConnected(handshake, session, made);
            }

            session.ClearSecrets();
        }

        /// <summary>A connection of a session that failed ends the session, too (RFC 5246 section 7.2.2).</summary>
        internal void OnEnded(Association association, HandshakeSession session)
        {
            DtlsError error = association.LastError;
            bool isFatal = (error == DtlsError.AlertReceived && association.AlertReceived != Alert.UserCanceled)
                || (AlertTable.IsFatal(error) && error != DtlsError.NoFreeSession && error != DtlsError.Refused);
            if (association.IsServer)
            {
                _server.OnEnded(association, session, isFatal);
            }
            else
            {
                // In the clear an alert may be anybody's.
                bool wasOffered = session.Session != null;
                bool isDoubted = error == DtlsError.AlertReceived && session.LastType != ContentType.Alert;
                _client.OnEnded(
                    (isFatal && !isDoubted) || error == DtlsError.KeyMismatchSuspected, isDoubted && wasOffered, wasOffered && error == DtlsError.Timeout);
            }
        }

        private HandshakeSession Start(Handshake handshake, long now)
        {
            HandshakeSession session = _resumption.Begin(handshake);
            if (session != null)
            {
                session.Now = now;
                session.Seconds = _resumption.SecondsAt(now);
            }

            return session;
        }
    }
}

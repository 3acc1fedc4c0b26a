using System;

namespace NfDtls.Server
{
    /// <summary>ClientHellos: whose they are, what their cookies say, and who may begin.</summary>
    internal sealed class Reception
    {
        // Far more records than a handshake has, so that numbers copied from a client cannot run out.
        private const long HighestCopiedSequence = 0xFFFFFFFF0000;

        private readonly DtlsServerEngine _engine;
        private readonly SessionTable _table;
        private readonly HandshakeSlots _slots;
        private readonly Admission _admission;
        private readonly BeginRate _rate;
        private readonly CookieSecret _cookies;
        private readonly PlainAnswers _answers;
        private readonly ClientHello _hello = new ClientHello();
        private ServerVersion _collector;
        private bool _hasJudged;

        internal Reception(DtlsServerEngine engine, SessionTable table, HandshakeSlots slots, BeginRate rate)
        {
            _engine = engine;
            _table = table;
            _slots = slots;
            _rate = rate;
            _admission = new Admission(engine, table, slots);
            _cookies = new CookieSecret(engine.Crypto, engine.Options.CookieLifetime, engine.Features);
            _answers = new PlainAnswers(engine);
        }

        /// <summary>A datagram begins.</summary>
        internal void Begin()
        {
            _hasJudged = false;
        }

        /// <summary>
        /// Whether the record at hand, of epoch 0, begins with a ClientHello's first fragment, or a later one of a hello whose first is kept. What the
        /// handshake that runs is putting together is that one's: a stranger may have begun another hello in the peer's name.
        /// </summary>
        internal bool IsHello(Association newest, byte[] buffer, long now)
        {
            RecordHeader header = _engine.Header;
            if (header.Type != ContentType.Handshake)
            {
                return false;
            }

            MessageHeader message = _engine.MessageHeader;
            _engine.Reader.Reset(buffer, header.FragmentOffset, header.FragmentLength);
            if (!message.Read(_engine.Reader) || message.Type != HandshakeType.ClientHello)
            {
                return false;
            }

            bool isFirst = message.FragmentOffset == 0;
            _collector = isFirst || (newest != null && newest.Handshake != null && ((ServerHandshake)newest.Handshake).PutsTogether(message)) ? null : _engine.FindCollector(now);
            return message.FragmentOffset == 0 || _collector != null;
        }

        /// <summary>
        /// A ClientHello, or its first fragment, or the one that completes it: of the handshake that runs, or a new one, which must show a
        /// cookie first. Returns the association that it belongs to, or null.
        /// </summary>
        internal Association Handle(Association newest, byte[] buffer, long now)
        {
            RecordHeader header = _engine.Header;
            if (!_engine.Codec.IsVersionRight(header))
            {
                _engine.Drop(DropReason.Version, header.Type);
                return null;
            }

            if (_collector != null)
            {
                buffer = _collector.Collect(_engine, buffer, now);
                if (buffer == null)
                {
                    return null;
                }
            }

            MessageHeader message = _engine.MessageHeader;
            _engine.Reader.Reset(buffer, header.FragmentOffset + MessageHeader.Length, message.FragmentLength);
            bool isEnough = _hello.ReadUpToCookie(_engine.Reader) || !_engine.Options.CookieExchange;
            if (!isEnough || header.Sequence > HighestCopiedSequence)
            {
                _engine.Drop(DropReason.Fragment, header.Type);
                return null;
            }

            // First whose it is, then whether it proves its address: a cookie may be outdated when the hello is repeated.
            // A session that renegotiates is none that runs: a stranger's hello in the clear must not end it.
            bool isRunning = newest != null && newest.State == AssociationState.Connecting;
            ServerHandshake running = isRunning ? (ServerHandshake)newest.Handshake : null;
            if (running != null && running.IsOf(buffer, _hello) && message.Sequence >= running.HelloSequence)
            {
                newest.HandleRecord(buffer, now);
                return newest;
            }

            if (IsPast(newest, running, buffer))
            {
                _engine.Drop(DropReason.Duplicate, header.Type);
                return null;
            }

            ServerVersion version = _engine.FindVersion(_hello, _engine.Reader);
            if (version == null)
            {
                _engine.Drop(DropReason.Version, header.Type);
                return null;
            }

            if ((_engine.Options.CookieExchange || version.AlwaysAsks) && !IsProven(version, buffer, now))
            {
                return null;
            }

            if (message.Sequence > ClientHello.MaxMessageSequence)
            {
                _engine.Drop(DropReason.MessageSequence, header.Type);
                return null;
            }

            return Begin(version, newest, running, buffer, now);
        }

        /// <summary>Whether a hello is a late copy: of the one that an association came from, or of one before it.</summary>
        private bool IsPast(Association newest, ServerHandshake running, byte[] buffer)
        {
            if (newest == null)
            {
                return false;
            }

            return (running != null && running.IsOf(buffer, _hello) && _engine.MessageHeader.Sequence < running.HelloSequence)
                || HelloDigest.IsOf(newest, buffer, _hello) || HelloDigest.IsOf(newest.Older, buffer, _hello);
        }

        /// <summary>
        /// Whether the hello's cookie proves its address; if not it is answered with a fresh one. One hello a datagram: no client
        /// sends two, and a spoofed datagram shall not cost more than it must.
        /// </summary>
        private bool IsProven(ServerVersion version, byte[] buffer, long now)
        {
            if (_hasJudged)
            {
                _engine.Drop(DropReason.Duplicate, ContentType.Handshake);
                return false;
            }

            _hasJudged = true;
            if (_hello.CookieLength == 0 && !version.AlwaysAsks && _engine.Resumption != null && IsProvenByTicket(buffer, now))
            {
                return true;
            }

            int verdict;
            try
            {
                verdict = version.Judge(_engine, _cookies, buffer, _hello, now);
                if (verdict == CookieSecret.Invalid)
                {
                    version.Challenge(_answers, _cookies);
                }
            }
            catch (Exception e)
            {
                _engine.NoteFailure(e);
                _engine.Drop(DropReason.NoBuffer, ContentType.Handshake);
                return false;
            }

            if (verdict == CookieSecret.Unknown)
            {
                _engine.NoteFailure(_cookies.Failure);
                _engine.Drop(DropReason.NoBuffer, ContentType.Handshake);
            }

            // The rest of a hello may be in the same datagram.
            _hasJudged = verdict != CookieSecret.Kept;
            return verdict == CookieSecret.Valid;
        }

        /// <summary>
        /// Whether the hello has a ticket that was given to its host, and stands for a cookie. Such a hello can be replayed, with any
        /// port: only so often a host (<see cref="BeginRate"/>), and beyond that a cookie is asked for.
        /// </summary>
        private bool IsProvenByTicket(byte[] buffer, long now)
        {
            byte[] host = Resumption.HostOf(_engine.Options, _engine.PeerAddress, _engine.PeerAddressLength);
            MessageHeader message = _engine.MessageHeader;
            bool isWhole = message.FragmentLength == message.MessageLength;
            uint who = _rate.Who(host, host.Length);
            if (!isWhole || !_rate.MayBegin(who, now))
            {
                return false;
            }

            try
            {
                _engine.Reader.Reset(buffer, _engine.Header.FragmentOffset + MessageHeader.Length, message.FragmentLength);
                bool isProven = _hello.Read(_engine.Reader) == DtlsError.None && _engine.Resumption.ProvesHost(_engine, _engine.Reader, host, now);
                if (isProven)
                {
                    _rate.Began(who, now);
                }

                return isProven;
            }
            catch (Exception e)
            {
                _engine.NoteFailure(e);
                return false;
            }
        }

        private Association Begin(ServerVersion version, Association newest, ServerHandshake running, byte[] buffer, long now)
        {
            byte[] address = _engine.PeerAddress;
            int length = _engine.PeerAddressLength;
            uint who = _table.Addresses.HashOf(address, length);
            if (!_rate.MayBegin(who, now))
            {
                _engine.Drop(DropReason.Rate, ContentType.Handshake);
                return null;
            }

            Association older = newest;
            if (running != null)
            {
                // The peer has begun again. What it had begun before ends without a word.
                older = newest.Older;
                newest.End(DtlsError.Superseded);
            }

            uint hostHash = _table.Hosts.HashOf(address, length);
            int answer = _admission.Ask(older, hostHash, now);
            if (answer != Admission.Granted)
            {
                Refuse(answer, now);
                return null;
            }

            // Giving way may have been the end of the older one, too.
            _rate.Began(who, now);
            ServerHandshake handshake = _slots.Take();
            handshake.Take(version.Version);
            handshake.Who = who;
            Association begun = _table.Begin(handshake, address, length, hostHash, older, now);
            try
            {
                handshake.Start(begun, buffer, _hello, _engine.MessageHeader.Sequence, _engine.Header.Sequence, now);
            }
            catch (Exception e)
            {
                begun.Break(e);
                return null;
            }

            begun.HandleRecord(buffer, now);
            return begun;
        }

        private void Refuse(int answer, long now)
        {
            _engine.Statistics.NoFreeSession++;
            _engine.Drop(DropReason.NoSession, ContentType.Handshake);
            if (answer == Admission.Full && _engine.Options.CookieExchange)
            {
                _answers.SendRefusal(now);
            }
        }
    }
}

using System;

namespace NfDtls
{
    /// <summary>
    /// One run of the protocol, hosted by an association. Holds what is negotiated and the buffers for it; which message may
    /// come next is the rule table's, what it means the role's. While an operation is pending nothing advances.
    /// </summary>
    public abstract class Handshake
    {
        private const int NoTimerDeadline = 60000;
        private const int MaxFlightMessages = 10;
        private const int SendingsKept = 32;

        internal readonly DtlsEngine Engine;
        internal readonly Transcript Transcript;
        internal readonly MessageAssembler Assembler;
        internal readonly Flight Flight;
        internal readonly KeySchedule KeySchedule = new Tls12KeySchedule();
        internal readonly byte[] ClientRandom = new byte[ClientHello.RandomLength];
        internal readonly byte[] ServerRandom = new byte[ClientHello.RandomLength];
        internal readonly HelloExtension[] Extensions;
        internal Association Association;
        internal int PeerExtensions;
        internal int OwnExtensions;
        internal int RecordVersion;

        private readonly object[] _states;
        private readonly HandshakeRules _rules;
        private readonly byte[] _verifyData = new byte[Finished.VerifyDataLength];
        private KeyExchange _keyExchange;
        private Authenticator _authenticator;
        private CryptoOperation _pending;
        private int _readingType = -1;
        private int[] _script;
        private int _scriptAt;
        private bool _isPrepared;
        private int _row;
        private int _sendSequence;
        private byte[] _pskIdentity;
        private int _flags;
        private CipherSuite _suite;

        private bool _awaitsReply;
        private long _timerAt = long.MaxValue;
        private long _deadline;
        private long _lastSent;
        private int _timeout;
        private int _sendings;
        private bool _isBackedOff;
        private int _rememberedAlert = Alert.None;
        private bool _sawUndecryptable;

        internal Handshake(DtlsEngine engine)
        {
            Engine = engine;
            Extensions = engine.Extensions;
            _states = new object[Extensions.Length];
            DtlsOptions options = engine.Options;
            Transcript = new Transcript(engine.Crypto, options.Suites);
            Assembler = new MessageAssembler(options.MaxHandshakeMessage, options.OutOfOrderSlots, options.OutOfOrderBytes);
            Flight = new Flight(options.MaxFlight, MaxFlightMessages, SendingsKept);
            _rules = HandshakeRules.For(DtlsVersion.Dtls12, IsServer);
        }

        /// <summary>Whether this end is the server.</summary>
        public abstract bool IsServer { get; }

        /// <summary>The endpoint's options.</summary>
        public DtlsOptions Options
        {
            get { return Engine.Options; }
        }

        /// <summary>The endpoint's cryptography.</summary>
        public CryptoProvider Crypto
        {
            get { return Engine.Crypto; }
        }

        /// <summary>What was agreed on so far: <see cref="HandshakeFlags"/>.</summary>
        public int Flags
        {
            get { return _flags; }
            set { _flags = value; }
        }

        /// <summary>The suite agreed on, or null.</summary>
        public CipherSuite Suite
        {
            get { return _suite; }
        }

        /// <summary>The identity that the client sent or will send, or null.</summary>
        public byte[] PskIdentity
        {
            get { return _pskIdentity; }
        }

        /// <summary>What an extension keeps for this handshake.</summary>
        public object GetState(HelloExtension extension)
        {
            return _states[IndexOf(extension)];
        }

        /// <summary>Keeps something of an extension's for this handshake.</summary>
        public void SetState(HelloExtension extension, object state)
        {
            _states[IndexOf(extension)] = state;
        }

        /// <summary>Extensions, by index, that the peer may answer.</summary>
        internal abstract int AskedExtensions { get; }

        internal bool OffersCbc
        {
            get
            {
                for (int i = 0; i < Options.Suites.Count; i++)
                {
                    if (Options.Suites.At(i).IsCbc && MayUse(Options.Suites.At(i)))
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        internal bool IsPending
        {
            get { return _pending != null; }
        }

        internal CryptoOperation Pending
        {
            get { return _pending; }
        }

        /// <summary>Path MTU for fragments: half of it after two sendings without an answer.</summary>
        internal int Mtu
        {
            get
            {
                int mtu = Options.Mtu;
                if (!_isBackedOff || mtu <= DtlsOptions.BackOffMtu)
                {
                    return mtu;
                }

                return mtu / 2 < DtlsOptions.BackOffMtu ? DtlsOptions.BackOffMtu : mtu / 2;
            }
        }

        internal long NextDeadline
        {
            get
            {
                if (_pending != null)
                {
                    return _pending.IsWaiting ? _deadline : 0;
                }

                return _timerAt < _deadline ? _timerAt : _deadline;
            }
        }

        internal bool MayUse(CipherSuite suite)
        {
            return (suite.VersionMask & CipherSuite.Version12) != 0 && suite.IsSupportedBy(Crypto) && suite.KeyExchange.IsConfigured(Options, IsServer);
        }

        internal void SetPskIdentity(byte[] identity, int offset, int count)
        {
            _pskIdentity = new byte[count];
            Array.Copy(identity, offset, _pskIdentity, 0, count);
        }

        /// <summary>Takes up work for an association.</summary>
        internal void Begin(Association association, int receiveSequence, int sendSequence, long now)
        {
            Association = association;
            Transcript.Reset();
            Assembler.Reset(receiveSequence);
            _sendSequence = sendSequence;
            _row = 0;
            _isBackedOff = false;
            _sendings = 0;
            _rememberedAlert = Alert.None;
            _sawUndecryptable = false;
            _timerAt = long.MaxValue;
            int timeout = Options.HandshakeTimeout;
            _deadline = timeout > 0 ? now + timeout : IsServer ? now + NoTimerDeadline : long.MaxValue;
        }

        /// <summary>Wipes everything: the handshake has ended, and its slot is free.</summary>
        internal void Clear()
        {
            if (_pending != null)
            {
                _pending.Cancel();
                _pending = null;
            }

            if (_keyExchange != null)
            {
                _keyExchange.Clear();
                _keyExchange = null;
            }

            if (_authenticator != null)
            {
                _authenticator.Clear();
                _authenticator = null;
            }

            KeySchedule.Clear();
            Flight.Clear();
            Assembler.Reset(0);
            Transcript.Reset();
            Array.Clear(_states, 0, _states.Length);
            Association = null;
            _script = null;
            _isPrepared = false;
            _readingType = -1;
            _flags = 0;
            _suite = null;
            _pskIdentity = null;
            PeerExtensions = 0;
            OwnExtensions = 0;
            _awaitsReply = false;
            _timerAt = long.MaxValue;
        }

        // What comes in.

        /// <summary>Handles the fragments of a handshake record.</summary>
        internal void HandleFragments(RecordHeader record, byte[] buffer, long now)
        {
            bool inReadEpoch = record.Epoch == Association.ReadEpoch.Number;
            bool isResent = false;
            WireReader reader = Engine.Reader;
            MessageHeader header = Engine.MessageHeader;
            reader.Reset(buffer, record.FragmentOffset, record.FragmentLength);
            do
            {
                if (!header.Read(reader))
                {
                    Engine.Drop(DropReason.Fragment, ContentType.Handshake);
                    break;
                }

                int at = reader.Skip(header.FragmentLength);
                int reason = DropReason.MessageSequence;
                if (header.Type != HandshakeType.HelloRequest)
                {
                    reason = inReadEpoch || header.Sequence < Assembler.NextSequence ? Assembler.Add(header, buffer, at) : DropReason.Epoch;
                    isResent |= header.Sequence < Assembler.NextSequence;
                }

                if (reason >= 0)
                {
                    Engine.Drop(reason, ContentType.Handshake);
                }
            }
            while (reader.Remaining > 0);

            ProcessReady(now);
            if (isResent && Association != null)
            {
                ResendToRetransmission(now);
            }
        }

        /// <summary>Whether a ChangeCipherSpec is expected now; if so the handshake moves on.</summary>
        internal bool AcceptChangeCipherSpec()
        {
            int row = _rules.Next(_row, HandshakeType.ChangeCipherSpec, _flags);
            if (row < 0 || _pending != null)
            {
                return false;
            }

            _row = row;
            return true;
        }

        /// <summary>A plaintext alert: counts only if nothing better comes before the timer fires.</summary>
        internal void RememberAlert(int alert)
        {
            if (_rememberedAlert == Alert.None)
            {
                _rememberedAlert = alert;
            }
        }

        internal void SawUndecryptable()
        {
            _sawUndecryptable = true;
        }

        // What the time brings.

        internal void OnFlightSent(long now)
        {
            _lastSent = now;
            _timerAt = _awaitsReply ? now + _timeout : long.MaxValue;
        }

        internal void HandleTimeout(long now)
        {
            if (_pending != null)
            {
                if (!_pending.IsWaiting && _pending.Step(Options.StepBudget))
                {
                    EndPending(now);
                }
                else if (now >= _deadline)
                {
                    Fail(DtlsError.Timeout, now);
                }

                return;
            }

            if (now >= _deadline)
            {
                FailSilent(now);
            }
            else if (now >= _timerAt)
            {
                OnTimer(now);
            }
        }

        private void OnTimer(long now)
        {
            if (_rememberedAlert != Alert.None || _sendings > Options.MaxRetransmits)
            {
                FailSilent(now);
                return;
            }

            _timeout = _timeout * 2 > Options.MaxRetransmitTimeout ? Options.MaxRetransmitTimeout : _timeout * 2;
            Resend();
        }

        /// <summary>The peer sent its last flight again, so ours was lost: send it, but not at the peer's pace.</summary>
        private void ResendToRetransmission(long now)
        {
            if (_awaitsReply && _pending == null && !Flight.IsSending && now - _lastSent >= Options.RetransmitTimeout / 2)
            {
                Resend();
            }
        }

        private void Resend()
        {
            _sendings++;
            if (_sendings > 2)
            {
                _isBackedOff = true;
            }

            _timerAt = long.MaxValue;
            Engine.Statistics.Retransmissions++;
            Flight.Restart();
            Engine.MakeReady(Association);
        }

        /// <summary>Nobody answered: fails with what is most likely the reason.</summary>
        private void FailSilent(long now)
        {
            if (_rememberedAlert != Alert.None)
            {
                Association.FailWithAlert(_rememberedAlert);
                return;
            }

            Fail(_sawUndecryptable ? DtlsError.KeyMismatchSuspected : DtlsError.Timeout, now);
        }

        // Messages, whole and in order.

        private void ProcessReady(long now)
        {
            while (Association != null && _pending == null && Assembler.Ready != null)
            {
                ProcessMessage(Assembler.Ready, now);
            }
        }

        private void ProcessMessage(MessageSlot message, long now)
        {
            int row = _rules.Next(_row, message.Type, _flags);
            if (row < 0)
            {
                Fail(DtlsError.UnexpectedMessage, now);
                return;
            }

            // Finished and CertificateVerify speak of the transcript before themselves.
            int type = message.Type;
            bool speaksOfTranscript = type == HandshakeType.Finished || type == HandshakeType.CertificateVerify;
            if (!speaksOfTranscript)
            {
                Transcript.Add(type, message.Sequence, message.Length, message.Buffer, 0, message.Length);
            }

            WireReader reader = Engine.Reader;
            reader.Reset(message.Buffer, 0, message.Length);
            HandshakePart part = PartFor(type);
            DtlsError error = part != null ? part.Read(this, type, reader) : type == HandshakeType.Finished ? ReadFinished(reader) : Read(type, reader, now);
            if (error == DtlsError.None && !reader.IsAtEnd)
            {
                error = DtlsError.DecodeError;
            }

            if (error != DtlsError.None)
            {
                Fail(error, now);
                return;
            }

            if (speaksOfTranscript)
            {
                Transcript.Add(type, message.Sequence, message.Length, message.Buffer, 0, message.Length);
            }

            Engine.Trace("message accepted", type, message.Length);
            _row = row;
            _rememberedAlert = Alert.None;
            _readingType = type;
            if (part == null || !Pend(part.AfterReading(this, type), now))
            {
                EndMessage(now);
            }
        }

        private DtlsError ReadFinished(WireReader reader)
        {
            KeySchedule.WriteVerifyData(this, !IsServer, _verifyData);
            return Finished.Read(reader, _verifyData);
        }

        private void EndMessage(long now)
        {
            int type = _readingType;
            _readingType = -1;
            if (type == HandshakeType.HelloVerifyRequest)
            {
                // What came behind it is of an earlier handshake, or made up: the server has kept nothing of this one.
                Assembler.Reset(Assembler.NextSequence + 1);
            }
            else
            {
                Assembler.Advance();
            }

            if (type == HandshakeType.ClientKeyExchange)
            {
                DtlsError error = DeriveKeys();
                if (error != DtlsError.None)
                {
                    Fail(error, now);
                    return;
                }
            }

            OnMessage(type, now);
        }

        /// <summary>Waits for an operation, if there is one and it needs more than a step. Returns whether it waits, or has failed.</summary>
        internal bool Pend(CryptoOperation operation, long now)
        {
            if (operation == null)
            {
                return false;
            }

            _pending = operation;
            if (operation.IsWaiting || !operation.Step(Options.StepBudget))
            {
                Association.OnPending(operation);
                return true;
            }

            _pending = null;
            if (operation.Error == DtlsError.None)
            {
                return false;
            }

            Fail(operation.Error, now);
            return true;
        }

        private void EndPending(long now)
        {
            DtlsError error = _pending.Error;
            _pending = null;
            Association.OnPendingEnded();
            if (error != DtlsError.None)
            {
                Fail(error, now);
                return;
            }

            if (_readingType >= 0)
            {
                EndMessage(now);
            }
            else
            {
                Continue(now);
            }

            ProcessReady(now);
        }

        // What each role adds.

        /// <summary>Reads a message that is neither a part's nor Finished.</summary>
        internal abstract DtlsError Read(int type, WireReader reader, long now);

        /// <summary>Acts on a message that was read, with all its work done.</summary>
        internal abstract void OnMessage(int type, long now);

        /// <summary>Writes a message that is neither a part's nor Finished.</summary>
        internal abstract void Write(int type, WireWriter writer);

        /// <summary>Whether a message of a script is left out.</summary>
        internal abstract bool Skips(int type);

        /// <summary>Goes on with what waited for an operation and is no script.</summary>
        internal virtual void ContinueWithoutScript(long now)
        {
        }

        internal HandshakePart PartFor(int type)
        {
            switch (type)
            {
                case HandshakeType.ServerKeyExchange:
                case HandshakeType.ClientKeyExchange: return _keyExchange;
                case HandshakeType.Certificate:
                case HandshakeType.CertificateRequest:
                case HandshakeType.CertificateVerify: return _authenticator;
                default: return null;
            }
        }

        internal void SelectSuite(CipherSuite suite)
        {
            _suite = suite;
            _keyExchange = suite.KeyExchange.Create();
            _flags |= _keyExchange.Flags;
            if (Options.Authenticator != null && (_flags & HandshakeFlags.ServerCertificate) != 0)
            {
                _authenticator = Options.Authenticator.Create();
            }

            Transcript.Select(suite.Hash);
        }

        // What goes out.

        /// <summary>Begins a flight of the messages of a script: those that are skipped or not wanted fall out.</summary>
        internal void BeginFlight(int[] script, bool awaitsReply, long now)
        {
            _script = script;
            _scriptAt = 0;
            _isPrepared = false;
            _awaitsReply = awaitsReply;
            Flight.Clear();
            Continue(now);
        }

        private void Continue(long now)
        {
            if (_script == null)
            {
                ContinueWithoutScript(now);
                return;
            }

            while (_scriptAt < _script.Length)
            {
                int type = _script[_scriptAt];
                HandshakePart part = PartFor(type);
                if (!Skips(type))
                {
                    if (part != null && !_isPrepared)
                    {
                        _isPrepared = true;
                        if (Pend(part.BeforeWriting(this, type), now))
                        {
                            return;
                        }
                    }

                    DtlsError error = part == null || part.Writes(this, type) ? WriteMessage(part, type) : DtlsError.None;
                    if (error != DtlsError.None)
                    {
                        Fail(error, now);
                        return;
                    }
                }

                _isPrepared = false;
                _scriptAt++;
            }

            _script = null;
            SendFlight(now);
        }

        private DtlsError WriteMessage(HandshakePart part, int type)
        {
            WireWriter writer = Engine.Writer;
            Flight.Begin(writer);
            Epoch epoch = Association.WriteEpoch;
            if (type == HandshakeType.ChangeCipherSpec)
            {
                writer.WriteUInt8(1);
                Association.ChangeWriteEpoch();
                return Flight.End(writer, type, 0, RecordVersion, epoch) ? DtlsError.None : DtlsError.InternalError;
            }

            if (part != null)
            {
                part.Write(this, type, writer);
            }
            else if (type == HandshakeType.Finished)
            {
                KeySchedule.WriteVerifyData(this, IsServer, _verifyData);
                Finished.Write(writer, _verifyData);
            }
            else
            {
                Write(type, writer);
            }

            if (!Flight.End(writer, type, _sendSequence, RecordVersion, epoch))
            {
                return DtlsError.InternalError;
            }

            FlightMessage message = Flight.Last;
            Transcript.Add(type, _sendSequence, message.Length, Flight.Bytes, message.Offset, message.Length);
            Engine.Trace("message sent", type, message.Length);
            _sendSequence++;
            return type == HandshakeType.ClientKeyExchange ? DeriveKeys() : DtlsError.None;
        }

        private void SendFlight(long now)
        {
            _sendings = 1;
            _timeout = Options.RetransmitTimeout;
            _timerAt = long.MaxValue;
            if (_awaitsReply && Options.HandshakeTimeout == 0)
            {
                // From here on the retries are the limit.
                _deadline = long.MaxValue;
            }

            Flight.Restart();
            Engine.MakeReady(Association);
            OnFlightWritten(now);
        }

        /// <summary>The flight is complete; sending it has begun.</summary>
        internal virtual void OnFlightWritten(long now)
        {
        }

        private DtlsError DeriveKeys()
        {
            byte[] premaster = new byte[4 + (2 * Options.MaxPskLength) + 32];
            int length = _keyExchange.WritePremasterSecret(premaster, 0, premaster.Length);
            if (length < 0)
            {
                return DtlsError.InternalError;
            }

            KeySchedule.DeriveMaster(this, premaster, length);
            Array.Clear(premaster, 0, premaster.Length);
            KeySchedule.ProtectEpoch(this, Association.AddEpoch(_suite));
            return DtlsError.None;
        }

        internal void Fail(DtlsError error, long now)
        {
            Association.Fail(error);
        }

        private int IndexOf(HelloExtension extension)
        {
            for (int i = 0; i < Extensions.Length; i++)
            {
                if (Extensions[i] == extension)
                {
                    return i;
                }
            }

            throw new ArgumentException("This extension is not registered with the endpoint.");
        }
    }
}

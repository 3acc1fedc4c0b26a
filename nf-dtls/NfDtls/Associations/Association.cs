using System;

namespace NfDtls
{
    /// <summary>
    /// What this end shares with one peer: keys, epochs, the peer's address, what was received. Hosts a
    /// <see cref="Handshake"/> while one runs. Made by an engine, used from the engine's thread.
    /// </summary>
    public sealed partial class Association : HandshakeHost
    {
        private const int MaxEpochs = 4;

        internal readonly AssociationHost Engine;

        /// <summary>Where a server keeps it.</summary>
        internal int Index;

        internal readonly byte[] Address = new byte[Packet.MaxAddressLength];
        internal int AddressLength;
        internal int FlightBytes;
        internal long LastHeard;

        // Links of the engine's lists.
        internal bool IsReady;
        internal Association NextReady;
        internal int Events;
        internal bool HasEvents;
        internal Association NextEvent;

        /// <summary>The association from the same address that lives until this one is connected.</summary>
        internal Association Older;

        private readonly bool _isServer;
        private readonly Epoch[] _epochs = new Epoch[MaxEpochs];
        private readonly Inbox _inbox;
        private readonly ReplayWindow[] _windows = new ReplayWindow[MaxEpochs];
        private readonly LastFlight _lastFlight = new LastFlight();
        private long _lastFlightSent;
        private bool _heldMayGo;
        private long _closeDeadline = Deadline.Never;
        private AssociationState _state;
        private DtlsError _lastError;
        private int _pathMtu;
        private int _alertSent = Alert.None;
        private int _alertReceived = Alert.None;
        private CipherSuite _suite;
        private int _version;
        private int _flags;
        private byte[] _pskIdentity;
        private byte[][] _peerCertificates;
        private byte[] _helloRandom;
        private PskRequest _pskRequest;
        private ConnectRequest _connectRequest;

        internal Association(AssociationHost engine, bool isServer)
        {
            Engine = engine;
            _isServer = isServer;
            _pathMtu = engine.Options.Mtu;
            _inbox = new Inbox(engine);
        }

        /// <summary>Where it stands.</summary>
        public AssociationState State
        {
            get { return _state; }
        }

        /// <summary>Whether this end is the server.</summary>
        public bool IsServer
        {
            get { return _isServer; }
        }

        /// <summary>Why it ended, or <see cref="DtlsError.None"/>.</summary>
        public DtlsError LastError
        {
            get { return _lastError; }
        }

        /// <summary>
        /// Why it ended; while it connects, what it would fail with if its time were over now: <see cref="DtlsError.Timeout"/>,
        /// <see cref="DtlsError.KeyMismatchSuspected"/>, or <see cref="DtlsError.AlertReceived"/> where a plaintext alert came
        /// that nobody has borne out yet. For a caller that gives up first.
        /// </summary>
        public DtlsError LikelyError
        {
            get { return Handshake == null ? _lastError : Handshake.Patience.LikelyError; }
        }

        /// <summary>The last alert sent, or <see cref="Alert.None"/>.</summary>
        public int AlertSent
        {
            get { return _alertSent; }
        }

        /// <summary>The alert received that ended it, or <see cref="Alert.None"/>.</summary>
        public int AlertReceived
        {
            get { return _alertReceived; }
        }

        /// <summary>The suite agreed on, or null.</summary>
        public CipherSuite Suite
        {
            get { return _suite; }
        }

        /// <summary>The version agreed on, or 0.</summary>
        public int Version
        {
            get { return _version; }
        }

        /// <summary>What the handshake agreed on: <see cref="HandshakeFlags"/>.</summary>
        public int Flags
        {
            get { return _flags; }
        }

        /// <summary>The client's PSK identity, or null.</summary>
        public byte[] PskIdentity
        {
            get { return _pskIdentity; }
        }

        /// <summary>
        /// What the peer proved itself with, verified: its certificate chain as DER, the peer's own first and the trusted one
        /// last, or its SubjectPublicKeyInfo alone where it has a raw public key (RFC 7250). Null where it sent none, or
        /// <see cref="DtlsOptions.KeepPeerCertificates"/> is off.
        /// </summary>
        public byte[][] PeerCertificates
        {
            get { return _peerCertificates; }
        }

        /// <summary>The peer's address, opaque: the first <see cref="PeerAddressLength"/> bytes count.</summary>
        public byte[] PeerAddress
        {
            get { return Address; }
        }

        /// <summary>Bytes of <see cref="PeerAddress"/>.</summary>
        public int PeerAddressLength
        {
            get { return AddressLength; }
        }

        /// <summary>The key that the application is asked for, or null.</summary>
        public PskRequest PskRequest
        {
            get { return _pskRequest; }
        }

        /// <summary>The application's decision that a server's session waits for, or null.</summary>
        public ConnectRequest ConnectRequest
        {
            get { return _connectRequest; }
        }

        /// <summary>The caller's own.</summary>
        public object Tag { get; set; }

        /// <summary>
        /// Bytes of UDP payload of the longest datagram that goes to the peer. Begins as <see cref="DtlsOptions.Mtu"/>; a handshake
        /// whose flights of long datagrams stay unanswered lowers it (1,472, 1,232, 900, 548, 228 bytes), and the session's data
        /// keep to what got through. An application that knows more of the path may set it, 150 to <see cref="DtlsOptions.Mtu"/>
        /// bytes, until the next handshake begins.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more; the message names both bounds.</exception>
        public override int PathMtu
        {
            get
            {
                return _pathMtu;
            }

            set
            {
                if (value < DtlsOptions.MinMtu || value > Engine.Options.Mtu)
                {
                    throw new ArgumentOutOfRangeException("value", "A path MTU is " + DtlsOptions.MinMtu.ToString() + " to " + Engine.Options.Mtu.ToString() + " bytes here, not " + value.ToString() + ".");
                }

                Engine.Trace("path mtu", value, _pathMtu);
                _pathMtu = value;
            }
        }

        /// <summary>Bytes of application data that fit into one record within the <see cref="PathMtu"/>, 0 unless connected.</summary>
        public int MaxPayload
        {
            get { return _state == AssociationState.Connected ? _pathMtu - WriteEpoch.Overhead : 0; }
        }

        /// <summary>Records that wait to be received.</summary>
        public int Pending
        {
            get { return _state == AssociationState.Connecting ? 0 : _inbox.Count; }
        }

        /// <summary>Length of the record that <see cref="Receive"/> returns next, or -1.</summary>
        public int NextLength
        {
            get { return FirstReceived == null ? -1 : FirstReceived.Length; }
        }

        /// <summary>Protects a record of application data and queues it.</summary>
        /// <param name="data">Holds the data.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes, 0 to <see cref="MaxPayload"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentException">Too long; the message names both numbers.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected, SessionClosed (or why it ended), or PoolExhausted. NoEntropy or InternalError: the crypto provider failed;
        /// nothing was sent, and the connection is as it was.
        /// </exception>
        public void Send(byte[] data, int offset, int count, long now)
        {
            Engine.CheckRange(data, offset, count);
            Engine.Enter();
            try
            {
                CheckMaySend(count);
                Packet packet = Engine.HeldShare.Rent();
                if (packet == null)
                {
                    Engine.Drop(DropReason.NoBuffer, ContentType.ApplicationData);
                    throw new DtlsException(DtlsError.PoolExhausted, "The pool has no free packet.");
                }

                packet.Append(data, offset, count);
                try
                {
                    QueueRecord(packet, ContentType.ApplicationData);
                }
                catch (Exception e)
                {
                    packet.Return();
                    throw Unprotected(e);
                }
            }
            finally
            {
                Engine.Leave();
            }
        }

        /// <summary>
        /// Protects a packet's content as a record and queues it, without a copy. The packet belongs to the engine once this
        /// returns; when it throws, it still belongs to the caller.
        /// </summary>
        /// <param name="packet">A packet of the engine's pool, filled by <see cref="Packet.Append"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentException">Longer than <see cref="MaxPayload"/>; or of another pool, or not rented.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected, SessionClosed (or why it ended). NoEntropy or InternalError: the crypto provider failed; nothing was sent,
        /// and the connection is as it was, but the packet's bytes may be half encrypted.
        /// </exception>
        public void Send(Packet packet, long now)
        {
            if (packet == null)
            {
                throw new ArgumentNullException("packet");
            }

            if (!packet.IsOf(Engine.Pool))
            {
                throw new ArgumentException("The packet is of another pool than this end's own.", "packet");
            }

            if (!packet.IsRented || packet.Offset != PacketPool.Headroom)
            {
                throw new ArgumentException("The packet is not one that was rented and filled by Append.", "packet");
            }

            Engine.Enter();
            try
            {
                CheckMaySend(packet.Length);
                try
                {
                    QueueRecord(packet, ContentType.ApplicationData);
                }
                catch (Exception e)
                {
                    throw Unprotected(e);
                }
            }
            finally
            {
                Engine.Leave();
            }
        }

        /// <summary>
        /// Lends the next record of application data without a copy, or returns null if there is none. The caller gives the
        /// packet back by <see cref="Packet.Return"/>.
        /// </summary>
        /// <exception cref="DtlsException">SessionClosed, or why it ended: nothing is left.</exception>
        public Packet TakePacket()
        {
            if (FirstReceived == null)
            {
                if (_state == AssociationState.Closed)
                {
                    throw Ended();
                }

                return null;
            }

            return _inbox.Take();
        }

        /// <summary>Takes the next record of application data.</summary>
        /// <param name="buffer">Where it goes.</param>
        /// <param name="offset">Where there.</param>
        /// <returns>Its length, 0 for an empty record, or -1 if there is none.</returns>
        /// <exception cref="DtlsException">MessageTooLarge: it does not fit and is kept. SessionClosed, or why it ended: nothing is left.</exception>
        public int Receive(byte[] buffer, int offset)
        {
            Engine.CheckRange(buffer, offset, 0);
            Packet packet = FirstReceived;
            if (packet == null)
            {
                if (_state == AssociationState.Closed)
                {
                    throw Ended();
                }

                return -1;
            }

            if (packet.Length > buffer.Length - offset)
            {
                throw new DtlsException(DtlsError.MessageTooLarge, "The record has " + packet.Length.ToString() + " bytes, the buffer has room for " + (buffer.Length - offset).ToString() + ".");
            }

            int length = packet.CopyTo(buffer, offset);
            _inbox.Take().Return();
            return length;
        }

        /// <summary>
        /// Sends close_notify and waits for the peer's. When it comes, or the time is over (then with
        /// <see cref="DtlsError.CloseFail"/>), the association is closed and its keys are wiped. Without a connection it ends at once,
        /// and so it does where the crypto provider fails to protect the alert.
        /// </summary>
        /// <param name="timeout">Milliseconds to wait, 0 not at all, -1 for ever.</param>
        /// <param name="now">The time in milliseconds.</param>
        public void Close(long timeout, long now)
        {
            Engine.Enter();
            try
            {
                if (_state == AssociationState.Connected)
                {
                    DtlsError error = SendAlert(Alert.LevelWarning, Alert.CloseNotify);
                    if (error != DtlsError.None)
                    {
                        End(error);
                        return;
                    }

                    _state = AssociationState.Closing;
                    Engine.Trace("state", (int)_state, 0);
                    _closeDeadline = timeout < 0 ? Deadline.Never : Deadline.After(now, timeout);
                    if (timeout == 0)
                    {
                        End(DtlsError.CloseFail);
                    }
                }
                else if (_state == AssociationState.Connecting)
                {
                    End(DtlsError.SessionClosed);
                }
                else if (_state == AssociationState.Closing)
                {
                    ShortenClose(timeout, now);
                }

                Engine.DeadlineChanged(this);
            }
            finally
            {
                Engine.Leave();
            }
        }

        /// <summary>What came before the handshake's end is nobody's before it.</summary>
        private Packet FirstReceived
        {
            get { return _state == AssociationState.Connecting ? null : _inbox.First; }
        }

        /// <summary>A second close may be less patient than the first, never more.</summary>
        private void ShortenClose(long timeout, long now)
        {
            if (timeout == 0)
            {
                End(DtlsError.CloseFail);
            }
            else if (timeout > 0 && Deadline.After(now, timeout) < _closeDeadline)
            {
                _closeDeadline = Deadline.After(now, timeout);
            }
        }

        private void CheckMaySend(int count)
        {
            CheckConnected();
            if (count > MaxPayload)
            {
                throw new ArgumentException("A record carries at most " + MaxPayload.ToString() + " bytes here, not " + count.ToString() + ".", "count");
            }

            if (!WriteEpoch.MaySeal)
            {
                DtlsError limit = WriteEpoch.NextSequence >= Epoch.LastSequence ? DtlsError.SequenceExhausted : DtlsError.SealLimitReached;
                Fail(limit);
                throw new DtlsException(limit, _alertSent, _alertReceived, "As many records were sent under this key as are allowed.");
            }
        }

        private void CheckConnected()
        {
            if (_state == AssociationState.Closed || _state == AssociationState.Closing)
            {
                throw Ended();
            }

            if (_state != AssociationState.Connected)
            {
                throw new DtlsException(DtlsError.NotConnected, "There is no connection yet.");
            }
        }

        private static DtlsException Unprotected(Exception inner)
        {
            return new DtlsException(Endpoint.ErrorOf(inner), "The crypto provider failed to protect the record. It was not sent; the connection is as it was.", inner);
        }

        private DtlsException Ended()
        {
            bool closed = _lastError == DtlsError.None || _lastError == DtlsError.CloseFail;
            return DtlsException.Because("The association has ended", closed ? DtlsError.SessionClosed : _lastError, _alertSent, _alertReceived);
        }
    }
}

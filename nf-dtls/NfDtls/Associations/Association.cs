using System;

namespace NfDtls
{
    /// <summary>
    /// What this end shares with one peer: keys, epochs, the peer's address, what was received. Hosts a
    /// <see cref="Handshake"/> while one runs. Made by an engine, used from the engine's thread.
    /// </summary>
    public sealed class Association : Agreement
    {
        internal readonly AssociationHost Engine;

        /// <summary>Where a server keeps it.</summary>
        internal int Index;

        internal readonly byte[] Address = new byte[Packet.MaxAddressLength];
        internal int AddressLength;
        internal int FlightBytes;
        internal long LastHeard;

        // Public by the names of State and PathMtu; every record asks for them.
        internal AssociationState Standing;
        internal int Mtu;

        // Links of the engine's lists.
        internal bool IsReady;
        internal Association NextReady;
        internal int Events;
        internal bool HasEvents;
        internal Association NextEvent;

        /// <summary>When the wait for the peer's close_notify is over.</summary>
        internal long CloseDeadline = Deadline.Never;

        /// <summary>The association from the same address that lives until this one is connected.</summary>
        internal Association Older;

        internal readonly EpochTable Epochs;
        internal readonly Inbox Inbox = new Inbox();
        internal readonly LastFlight LastFlight;

        private readonly object[] _states;

        internal Association(AssociationHost engine)
        {
            Engine = engine;
            AlertSent = Alert.None;
            AlertReceived = Alert.None;
            ResetPathMtu();
            Epochs = new EpochTable(engine.Options.ReplayWindow);
            LastFlight = engine.NoLastFlight == null ? new LastFlight() : engine.NoLastFlight;
            _states = engine.Features.Length == 0 ? null : new object[engine.Features.Length];
        }

        /// <summary>Where it stands.</summary>
        public AssociationState State
        {
            get { return Standing; }
            internal set { Standing = value; }
        }

        /// <summary>Whether this end is the server.</summary>
        public bool IsServer
        {
            get { return Engine.IsServer; }
        }

        /// <summary>Why it ended, or <see cref="DtlsError.None"/>.</summary>
        public DtlsError LastError { get; internal set; }

        /// <summary>
        /// Why it ended; while it connects, what it would fail with if its time were over now: <see cref="DtlsError.Timeout"/>,
        /// <see cref="DtlsError.KeyMismatchSuspected"/>, or <see cref="DtlsError.AlertReceived"/> where a plaintext alert came
        /// that nobody has borne out yet. For a caller that gives up first.
        /// </summary>
        public DtlsError LikelyError
        {
            get { return State == AssociationState.Connecting ? Handshake.Patience.LikelyError : LastError; }
        }

        /// <summary>The last alert sent, or <see cref="Alert.None"/>.</summary>
        public int AlertSent { get; internal set; }

        /// <summary>The alert received that ended it, or <see cref="Alert.None"/>.</summary>
        public int AlertReceived { get; internal set; }

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
        public PskRequest? PskRequest
        {
            get { return Handshake == null ? null : Handshake.Pending.Current as PskRequest; }
        }

        /// <summary>The application's decision that a server's session waits for, or null.</summary>
        public ConnectRequest? ConnectRequest
        {
            get { return Handshake == null ? null : Handshake.Pending.Current as ConnectRequest; }
        }

        /// <summary>The caller's own.</summary>
        public object? Tag { get; set; }

        /// <summary>
        /// Bytes of UDP payload of the longest datagram that goes to the peer. Begins as <see cref="EndpointOptions.Mtu"/>; a handshake
        /// whose flights of long datagrams stay unanswered lowers it (1,472, 1,232, 900, 548, 228 bytes), and the session's data
        /// keep to what got through. An application that knows more of the path may set it, 150 to <see cref="EndpointOptions.Mtu"/>
        /// bytes, until the next handshake begins.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more; the message names both bounds.</exception>
        public override int PathMtu
        {
            get { return Mtu; }
            set
            {
                if (value < EndpointOptions.MinMtu || value > Engine.Options.Mtu)
                {
                    throw new ArgumentOutOfRangeException("value", "A path MTU is " + EndpointOptions.MinMtu.ToString() + " to " + Engine.Options.Mtu.ToString() + " bytes here, not " + value.ToString() + ".");
                }

                Engine.Trace("path mtu", value, Mtu);
                Mtu = value;
            }
        }

        /// <summary>Bytes of application data that one record takes within the <see cref="PathMtu"/> and the agreed limit; 0 unless connected.</summary>
        public int MaxPayload
        {
            get { return State == AssociationState.Connected ? WriteEpoch.RoomIn(Mtu) : 0; }
        }

        /// <summary>Records that wait to be received.</summary>
        public int Pending
        {
            get { return Inbox.Visible; }
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
                Engine.Sender.Send(this, data, offset, count);
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

            Engine.Enter();
            try
            {
                Engine.Sender.Send(this, packet);
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
        public Packet? TakePacket()
        {
            if (FirstReceived == null)
            {
                if (State == AssociationState.Closed)
                {
                    throw Ended();
                }

                return null;
            }

            return Inbox.Take();
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
                if (State == AssociationState.Closed)
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
            Inbox.Take().Return();
            return length;
        }

        /// <summary>
        /// Derives a key for another protocol (RFC 5705, RFC 8446 section 7.5). <see cref="DtlsOptions.Features"/> must have a KeyExporter
        /// (NfDtls.Extensions), and with DTLS 1.2 the peer must know the extended master secret.
        /// </summary>
        /// <param name="label">What for: ASCII, of that protocol's standard or beginning with EXPERIMENTAL.</param>
        /// <param name="context">What else both ends know, 0 to 65,535 bytes, or null: in DTLS 1.2 another key than with 0 bytes.</param>
        /// <param name="destination">Where the key goes.</param>
        /// <param name="offset">Where there.</param>
        /// <param name="count">Bytes of it.</param>
        /// <exception cref="ArgumentException">The label is reserved or none, the context too long, the range not in the array.</exception>
        /// <exception cref="InvalidOperationException">There is no KeyExporter.</exception>
        /// <exception cref="DtlsException">InsufficientSecurity: no extended master secret. NotConnected, SessionClosed (or why it ended).</exception>
        public void ExportKey(string label, byte[]? context, byte[] destination, int offset, int count)
        {
            Engine.CheckRange(destination, offset, count);
            Engine.Enter();
            try
            {
                Engine.ExportKey(this, label, context, destination, offset, count);
            }
            finally
            {
                Engine.Leave();
            }
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
                Engine.Life.Close(this, timeout, now);
                Engine.DeadlineChanged(this);
            }
            finally
            {
                Engine.Leave();
            }
        }

        /// <summary>What came before its handshake's end is nobody's before it.</summary>
        private Packet FirstReceived
        {
            get { return Inbox.Visible > 0 ? Inbox.First : null; }
        }

        /// <summary>What a feature keeps for this association.</summary>
        internal object GetState(Feature feature)
        {
            return _states[Engine.IndexOf(feature)];
        }

        /// <summary>Keeps something of a feature's for this association.</summary>
        internal void SetState(Feature feature, object state)
        {
            _states[Engine.IndexOf(feature)] = state;
        }

        internal DtlsException Ended()
        {
            bool closed = LastError == DtlsError.None || LastError == DtlsError.CloseFail;
            return DtlsException.Because("The association has ended", closed ? DtlsError.SessionClosed : LastError, AlertSent, AlertReceived);
        }

        internal OutgoingFlight CurrentFlight
        {
            get
            {
                if (Handshake != null)
                {
                    return Handshake.Flight;
                }

                return LastFlight.IsKept ? LastFlight : null;
            }
        }

        internal override Epoch AddEpoch(CipherSuite suite)
        {
            return Epochs.Add(WriteEpoch.Number + 1, Handshake, suite);
        }

        internal override void ChangeWriteEpoch()
        {
            WriteEpoch = Epochs.Find(WriteEpoch.Number + 1);
        }

        internal override void HandleRecord(byte[] buffer, long now)
        {
            Engine.Receiver.HandleRecord(this, buffer, now);
        }

        internal override DtlsError OnMessage(int type)
        {
            return Engine.OnMessage(this, type);
        }

        internal override void Complete(long now)
        {
            Engine.Life.Complete(this, now);
        }

        internal override void OnPending()
        {
            Engine.Life.OnPending(this);
        }

        internal override void Fail(DtlsError error)
        {
            Engine.Life.Fail(this, error);
        }

        internal override void SendFlight()
        {
            Engine.MakeReady(this);
        }

        /// <summary>
        /// Ours was the last flight, and nobody will confirm it: it is kept, apart from the handshake's slot, until the peer
        /// shows that it came.
        /// </summary>
        internal override void KeepLastFlight(Flight flight, long now)
        {
            LastFlight.Keep(flight, Engine.WriteHeader, now);
        }

        internal override void RememberFinished(int sequence, byte[] verifyData)
        {
            LastFlight.RememberPeers(sequence, verifyData, 0);
        }

        /// <summary>Nothing is known of the path yet.</summary>
        internal void ResetPathMtu()
        {
            Mtu = Engine.Options.Mtu;
        }

        /// <summary>Flights went unanswered: perhaps their datagrams are too long for the path.</summary>
        internal override void LowerPathMtu(int size)
        {
            int least = Handshake == null ? 0 : MtuBackOff.LeastFor(Handshake.WriteCodec);
            size = size < least ? least : size;
            if (size < Mtu)
            {
                Engine.Trace("path mtu", size, Mtu);
                Mtu = size;
            }
        }

        /// <summary>
        /// The provider, or something else that was plugged in, threw. There is no going on: half of a message or record may be
        /// accounted for, and keys may be made of half of what they need.
        /// </summary>
        internal void Break(Exception exception)
        {
            Fail(Engine.NoteFailure(exception));
        }

        /// <summary>Ends with an alert of the peer's.</summary>
        internal override void FailWithAlert(int alert)
        {
            AlertReceived = alert;
            End(AlertTable.ErrorOf(alert, !IsServer && State == AssociationState.Connecting));
        }

        internal void End(DtlsError error)
        {
            Engine.Life.End(this, error);
        }

        internal void Raise(int which)
        {
            Events |= which;
            Engine.EventsChanged(this);
        }
    }
}

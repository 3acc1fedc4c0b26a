using System;

namespace NfDtls.Server
{
    /// <summary>
    /// A server of many peers, without a socket. A fixed number of sessions, and fewer slots for handshakes: a flood of
    /// handshakes takes those alone. Nothing is kept of a peer before its address is proven by a cookie, and what one costs
    /// does not depend on how many others there are.
    /// </summary>
    public sealed class DtlsServerEngine : DtlsEngine
    {
        /// <summary>Whether the application is asked about every peer: as the options say, until the sockets above know better.</summary>
        internal bool AsksToConnect;

        internal readonly SessionTable Table;
        internal readonly HandshakeSlots Slots;

        private readonly ServerVersion[] _versions;
        private readonly UnreadRecords _unread = new UnreadRecords();
        private readonly BeginRate _rate;
        private readonly Reception _reception;
        private readonly RecordPairs _pairs;
        private readonly DatagramOwner _owner = new DatagramOwner();
        private readonly bool _sharesPackets;
        private Association _firstEvent;
        private Association _lastEvent;

        /// <summary>Checks the options and allocates all that it will need.</summary>
        /// <exception cref="ArgumentException">An option is not allowed; the message names it.</exception>
        /// <exception cref="InvalidOperationException">The random source has no entropy.</exception>
        public DtlsServerEngine(DtlsOptions options)
            : base(options, VersionsOf(options))
        {
            _versions = new ServerVersion[Versions.Count];
            for (int i = 0; i < _versions.Length; i++)
            {
                _versions[i] = ServerVersion.Of(Versions.At(i));
            }

            AsksToConnect = options.AskToConnect;
            _sharesPackets = options.MaxSessions > 1 || options.Pool != null;
            options.CheckShares(true);
            CheckSuites(true);
            ContextNeed.Reserve(options, _versions);
            byte[] random = new byte[4];
            Crypto.Random(random, 0, 4);
            uint seed = (uint)((random[0] << 24) | (random[1] << 16) | (random[2] << 8) | random[3]);
            Table = new SessionTable(this, seed);
            Slots = new HandshakeSlots(this);
            _rate = new BeginRate(BeginRate.SizeFor(options.MaxHandshakes), seed);
            _reception = new Reception(this, Table, Slots, _rate);
            _pairs = new RecordPairs(this);
        }

        /// <summary>
        /// Checks that a handshake can succeed at all with the options, and with the keys that stores have at this moment. A server
        /// that is given those only later may be made before.
        /// </summary>
        /// <exception cref="ArgumentException">It cannot; the message names the option.</exception>
        public void CheckUsable()
        {
            if (CheckSuites(true) == 0)
            {
                throw new ArgumentException(SuiteCheck.Describe(Options, true));
            }

            if (Options.ClientCertificates != ClientCertificates.None && Options.Authenticator == null)
            {
                throw new ArgumentException("DtlsOptions.ClientCertificates asks for certificates, but DtlsOptions.Authenticator is not set.");
            }
        }

        /// <summary>Sessions that are not free: handshakes count, and so do those that have ended and were not released.</summary>
        public int SessionCount
        {
            get { return Table.Count - Table.FreeCount; }
        }

        /// <summary>Handshakes that run.</summary>
        public int HandshakeCount
        {
            get { return Slots.Running; }
        }

        /// <summary>
        /// How many sessions and handshakes <see cref="At"/> goes through: <see cref="EndpointOptions.MaxSessions"/> and
        /// <see cref="EndpointOptions.MaxHandshakes"/>, but two at least of these, so that handshakes can run while every session is taken.
        /// </summary>
        public int Places
        {
            get { return Table.Count; }
        }

        /// <inheritdoc/>
        public override long NextDeadline
        {
            get
            {
                long pending = Slots.NextDeadline;
                return pending < Table.NextDeadline ? pending : Table.NextDeadline;
            }
        }

        /// <summary>The session or handshake in a place of the table, or null if that is free.</summary>
        /// <param name="index">0 to <see cref="Places"/> - 1.</param>
        public Association? At(int index)
        {
            return Table.At(index);
        }

        /// <summary>The session of an address that is connected or connecting, or null. The older one, where two are.</summary>
        public Association? Find(byte[] address, int addressLength)
        {
            AddressMap.Check(address, addressLength);
            Association association = Table.Addresses.Find(address, addressLength);
            return association != null && association.Older != null ? association.Older : association;
        }

        /// <summary>Takes a datagram. It is opened in place: the buffer's bytes are overwritten.</summary>
        /// <param name="buffer">Holds the datagram.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Its bytes.</param>
        /// <param name="address">Where it came from, in a form of the caller's own that is the same for the same peer.</param>
        /// <param name="addressLength">Bytes of that, 1 to <see cref="Packet.MaxAddressLength"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentException">A range is wrong. Nothing in a datagram throws.</exception>
        public void HandleDatagram(byte[] buffer, int offset, int count, byte[] address, int addressLength, long now)
        {
            CheckRange(buffer, offset, count);
            AddressMap.Check(address, addressLength);
            Enter();
            try
            {
                PeerAddress = address;
                PeerAddressLength = addressLength;
                _reception.Begin();
                if (HasFeatures)
                {
                    _owner.Begin();
                }

                HandleRecords(buffer, offset, count, now);
            }
            finally
            {
                PeerAddressLength = NotKnown;
                Leave();
            }
        }

        /// <summary>
        /// Tells that a datagram was longer than the network takes, and is lost: those that follow to this address are smaller
        /// (<see cref="Association.PathMtu"/>), and a flight is sent again so. Fetch it by PollDatagram.
        /// </summary>
        /// <param name="address">Where it was to go.</param>
        /// <param name="addressLength">Bytes of that address.</param>
        /// <param name="length">Bytes of the datagram.</param>
        /// <exception cref="ArgumentException">The address is none.</exception>
        public void NoteTooLong(byte[] address, int addressLength, int length)
        {
            AddressMap.Check(address, addressLength);
            Association association = Table.Addresses.Find(address, addressLength);
            if (association != null)
            {
                OnDatagramTooLong(association, length);
                if (association.Older != null)
                {
                    OnDatagramTooLong(association.Older, length);
                }
            }
        }

        /// <summary>
        /// Tells of a datagram that was longer than the caller's buffer, and so not passed in: it is counted
        /// (<see cref="DropReason.Truncated"/>), and a handshake with its sender that then runs out of time says so by
        /// <see cref="DtlsError.DatagramTooLarge"/>.
        /// </summary>
        /// <exception cref="ArgumentException">The address is none.</exception>
        public void NoteTruncated(byte[] address, int addressLength)
        {
            AddressMap.Check(address, addressLength);
            CountTruncated(Table.Addresses.Find(address, addressLength));
        }

        /// <inheritdoc/>
        public override void HandleTimeout(long now)
        {
            Enter();
            try
            {
                StepPending(now);

                // Each has its turn once, so that one that will not be done cannot hold the rest up.
                for (int left = Table.Deadlines.Count; left > 0 && Table.Deadlines.NextTime <= now; left--)
                {
                    HandleTimeout(Table.FirstDue, now);
                }

                Table.EndIdle(now);
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>The next session to which something happened, or null.</summary>
        /// <param name="events">What happened since it was last returned: <see cref="AssociationEvents"/>.</param>
        public Association? PollEvent(out int events)
        {
            Association association = _firstEvent;
            events = 0;
            if (association != null)
            {
                _firstEvent = association.NextEvent;
                if (_firstEvent == null)
                {
                    _lastEvent = null;
                }

                association.NextEvent = null;
                association.HasEvents = false;
                events = association.Events;
                association.Events = 0;
            }

            return association;
        }

        /// <summary>Frees the place of a session that is closed; what it has not received is dropped.</summary>
        /// <exception cref="InvalidOperationException">The session is not closed.</exception>
        public void Release(Association association)
        {
            if (association == null)
            {
                throw new ArgumentNullException("association");
            }

            if (association.State == AssociationState.Idle)
            {
                return;
            }

            if (association.State != AssociationState.Closed)
            {
                throw new InvalidOperationException("Only a closed session can be released.");
            }

            Table.Release(association);
        }

        /// <summary>Ends every session at once (Stopped) without a datagram or an event, frees every place, and drops what was to be sent.</summary>
        public void Reset()
        {
            Enter();
            try
            {
                Table.Reset();
                _rate.Clear();
                _firstEvent = null;
                _lastEvent = null;
                DropTransmit();
            }
            finally
            {
                Leave();
            }
        }

        internal override Association Adopt(byte[] address, int addressLength, bool isNamed, long now)
        {
            AddressMap.Check(address, addressLength);
            return Table.Adopt(address, addressLength, isNamed, now);
        }

        internal override Association AtPlace(int place)
        {
            return Table.AtPlace(place);
        }

        internal override HeldShare CreateHeldShare()
        {
            return new SharedHeld(this);
        }

        internal override void NoteUnread(Inbox inbox)
        {
            _unread.Add(inbox);
        }

        internal override bool GiveUpUnread()
        {
            return _unread.GiveUpOne(this);
        }

        internal override Packet RentToKeep(int kept)
        {
            return Packets.RentToKeep(_sharesPackets ? kept : 0);
        }

        internal override bool IsServer
        {
            get { return true; }
        }

        internal override HandshakeRole CreateRole(ProtocolVersion version, Handshake handshake)
        {
            int index = 0;
            while (_versions[index].Version != version)
            {
                index++;
            }

            return _versions[index].CreateRole((ServerHandshake)handshake, this);
        }

        /// <inheritdoc/>
        internal override Handshake TakeSlot(Association association)
        {
            return Slots.HasFreeForSession ? Slots.TakeForSession() : null;
        }

        /// <summary>The version that answers a hello, or null.</summary>
        internal ServerVersion FindVersion(ClientHello hello, WireReader rest)
        {
            for (int i = 0; i < _versions.Length; i++)
            {
                _versions[i].Part = MessageHeader.FragmentLength < MessageHeader.MessageLength ? MessageHeader : null;
                if (_versions[i].Claims(hello, rest))
                {
                    return _versions[i];
                }
            }

            return null;
        }

        /// <summary>The version that has kept the beginning of the hello whose later fragment is in the headers, or null.</summary>
        internal ServerVersion FindCollector(long now)
        {
            ServerVersion found = null;
            for (int i = 0; i < _versions.Length && found == null; i++)
            {
                found = _versions[i].Collects(this, now) ? _versions[i] : null;
            }

            return found;
        }

        internal override void HandleRecord(byte[] buffer, long now)
        {
            Association association = Table.Addresses.Find(PeerAddress, PeerAddressLength);
            Feature router = null;
            if (HasFeatures)
            {
                // Nobody else brings records that say whose they are.
                router = FindRouter();
                association = router == null ? association : Table.Route(router, association, buffer);
                IsMixed = _owner.IsOther(Codec, router != null, association);
                if (IsMixed)
                {
                    Drop(DropReason.NoSession, Header.Type);
                    return;
                }
            }

            Association older = association == null || router != null ? null : association.Older;
            try
            {
                if (Header.Epoch == 0 && _reception.IsHello(association, buffer, now))
                {
                    association = _reception.Handle(association, buffer, now);
                }
                else if (association == null)
                {
                    Drop(DropReason.NoSession, Header.Type);
                }
                else if (older != null && Header.Epoch > 0)
                {
                    _pairs.Handle(association, older, buffer, now);
                }
                else
                {
                    Receiver.HandleRecord(association, buffer, now);
                }

                if (HasFeatures)
                {
                    _owner.Note(association);
                }

                if (association != null && association.Handshake != null)
                {
                    Receiver.ReleaseHeld(association, now);
                }

                if (older != null)
                {
                    Receiver.ReleaseHeld(older, now);
                }
            }
            finally
            {
                AfterRecord(association, now);
                if (older != null)
                {
                    AfterRecord(older, now);
                }
            }
        }

        internal override void EventsChanged(Association association)
        {
            if (!association.HasEvents)
            {
                association.HasEvents = true;
                if (_lastEvent == null)
                {
                    _firstEvent = association;
                }
                else
                {
                    _lastEvent.NextEvent = association;
                }

                _lastEvent = association;
            }

            if (association.Events != AssociationEvents.Data)
            {
                Table.StateChanged(association);
            }
        }

        internal override void DeadlineChanged(Association association)
        {
            bool isPending = false;
            if (association.Handshake != null)
            {
                isPending = association.Handshake.IsPending;
                Slots.SetPending((ServerHandshake)association.Handshake, isPending);
            }

            Table.Schedule(association, isPending);
        }

        internal override void Move(Association association, byte[] address, int addressLength)
        {
            Table.Move(association, address, addressLength);
        }

        /// <summary>Whether a handshake whose peer has proven itself becomes a session; another may have to give way to it.</summary>
        internal bool TakePlace(Association association, long now)
        {
            if (!Table.TakePlace(association, now))
            {
                Statistics.NoFreeSession++;
                return false;
            }

            _rate.Completed(((ServerHandshake)association.Handshake).Who);
            return true;
        }

        /// <summary>The feature whose form the record in the header has, or null where it is a version's.</summary>
        private Feature FindRouter()
        {
            for (int i = 0; i < Features.Length; i++)
            {
                if (Features[i].Codec == Codec)
                {
                    return Features[i];
                }
            }

            return null;
        }

        private void AfterRecord(Association association, long now)
        {
            if (association != null)
            {
                Table.Touch(association, now);

                // Data by themselves change nobody's time but a feature's.
                if (Header.Type != ContentType.ApplicationData || association.Handshake != null || HasFeatures)
                {
                    DeadlineChanged(association);
                }
            }
        }

        /// <summary>One step of pending work a call, the handshakes in turn; and the end of those that have waited too long.</summary>
        private void StepPending(long now)
        {
            bool hasStepped = false;
            ServerHandshake handshake = Slots.FirstPending;
            for (int left = Slots.PendingCount; left > 0 && handshake != null; left--)
            {
                ServerHandshake next = handshake.NextPending;
                bool steps = handshake.NextDeadline == 0;
                if (handshake.NextDeadline <= now && !(steps && hasStepped))
                {
                    hasStepped |= steps;
                    Association association = handshake.Association;
                    Slots.SetPending(handshake, false);
                    HandleTimeout(association, now);
                }

                handshake = next;
            }
        }

        private void HandleTimeout(Association association, long now)
        {
            try
            {
                Life.HandleTimeout(association, now);
                Receiver.ReleaseHeld(association, now);
            }
            finally
            {
                DeadlineChanged(association);
            }
        }
    }
}

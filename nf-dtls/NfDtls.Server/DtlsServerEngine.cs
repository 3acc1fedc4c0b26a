using System;

namespace NfDtls.Server
{
    /// <summary>
    /// A server of many peers, without a socket. A fixed number of sessions, and fewer slots for handshakes: a flood of
    /// handshakes takes those alone. Nothing is kept of a peer before its address is proven by a cookie.
    /// </summary>
    public sealed partial class DtlsServerEngine : DtlsEngine
    {
        // Far more records than a handshake has, so that numbers copied from a client cannot run out.
        private const long HighestCopiedSequence = 0xFFFFFFFF0000;

        /// <summary>Whether the application is asked about every peer: as the options say, until the sockets above know better.</summary>
        internal bool AsksToConnect;

        private readonly Association[] _associations;
        private readonly ServerHandshake[] _handshakes;
        private readonly AddressMap _map;
        private readonly CookieSecret _cookies;
        private readonly ClientHello _hello = new ClientHello();
        private byte[] _address;
        private int _addressLength;
        private bool _hasJudged;
        private Association _firstEvent;
        private Association _lastEvent;
        private int _nextStep;

        /// <summary>Checks the options and allocates all that it will need.</summary>
        /// <exception cref="ArgumentException">An option is not allowed; the message names it.</exception>
        /// <exception cref="InvalidOperationException">The random source has no entropy.</exception>
        public DtlsServerEngine(DtlsOptions options)
            : base(options)
        {
            AsksToConnect = options.AskToConnect;
            CheckSuites(true);
            ContextNeed.Reserve(options);
            byte[] seed = new byte[4];
            Crypto.Random(seed, 0, 4);
            _map = new AddressMap(options.MaxSessions, (uint)((seed[0] << 24) | (seed[1] << 16) | (seed[2] << 8) | seed[3]));
            _cookies = new CookieSecret(Crypto, options.CookieLifetime);
            _associations = new Association[options.MaxSessions];
            for (int i = 0; i < _associations.Length; i++)
            {
                _associations[i] = new Association(this, true);
            }

            _handshakes = new ServerHandshake[options.MaxHandshakes];
            for (int i = 0; i < _handshakes.Length; i++)
            {
                _handshakes[i] = new ServerHandshake(this);
            }
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

        /// <summary>Sessions that are not free.</summary>
        public int SessionCount
        {
            get
            {
                int count = 0;
                for (int i = 0; i < _associations.Length; i++)
                {
                    count += _associations[i].State == AssociationState.Idle ? 0 : 1;
                }

                return count;
            }
        }

        /// <summary>Handshakes that run.</summary>
        public int HandshakeCount
        {
            get
            {
                int count = 0;
                for (int i = 0; i < _handshakes.Length; i++)
                {
                    count += _handshakes[i].Host == null ? 0 : 1;
                }

                return count;
            }
        }

        /// <inheritdoc/>
        public override long NextDeadline
        {
            get
            {
                long deadline = long.MaxValue;
                for (int i = 0; i < _associations.Length; i++)
                {
                    if (_associations[i].State != AssociationState.Idle && _associations[i].NextDeadline < deadline)
                    {
                        deadline = _associations[i].NextDeadline;
                    }
                }

                return deadline;
            }
        }

        /// <summary>The session in a place of the table, or null if that is free.</summary>
        /// <param name="index">0 to DtlsOptions.MaxSessions - 1.</param>
        public Association At(int index)
        {
            return _associations[index].State == AssociationState.Idle ? null : _associations[index];
        }

        /// <summary>The session of an address that is connected or connecting, or null. The older one, where two are.</summary>
        public Association Find(byte[] address, int addressLength)
        {
            CheckAddress(address, addressLength);
            Association association = _map.Find(address, addressLength);
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
            CheckAddress(address, addressLength);
            Enter();
            try
            {
                _address = address;
                _addressLength = addressLength;
                _hasJudged = false;
                HandleRecords(buffer, offset, count, now);
            }
            finally
            {
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
            CheckAddress(address, addressLength);
            Association association = _map.Find(address, addressLength);
            if (association != null)
            {
                association.OnDatagramTooLong(length);
                if (association.Older != null)
                {
                    association.Older.OnDatagramTooLong(length);
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
            CheckAddress(address, addressLength);
            CountTruncated(_map.Find(address, addressLength));
        }

        /// <inheritdoc/>
        public override void HandleTimeout(long now)
        {
            Enter();
            try
            {
                bool stepped = false;
                int first = _nextStep;
                for (int i = 0; i < _associations.Length; i++)
                {
                    int index = (first + i) % _associations.Length;
                    Association association = _associations[index];
                    if (association.State == AssociationState.Idle || association.NextDeadline > now)
                    {
                        continue;
                    }

                    // One step of pending work a call, the sessions in turn.
                    if (association.Handshake != null && association.Handshake.IsPending)
                    {
                        if (stepped)
                        {
                            continue;
                        }

                        stepped = true;
                        _nextStep = (index + 1) % _associations.Length;
                    }

                    association.HandleTimeout(now);
                    association.ReleaseHeld(now);
                }
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>The next session to which something happened, or null.</summary>
        /// <param name="events">What happened since it was last returned: <see cref="AssociationEvents"/>.</param>
        public Association PollEvent(out int events)
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

            association.Wipe();
        }

        /// <summary>Ends every session at once (Stopped) without a datagram or an event, frees every place, and drops what was to be sent.</summary>
        public void Reset()
        {
            Enter();
            try
            {
                for (int i = 0; i < _associations.Length; i++)
                {
                    _associations[i].End(DtlsError.Stopped);
                    _associations[i].Wipe();
                    _associations[i].HasEvents = false;
                    _associations[i].NextEvent = null;
                }

                _firstEvent = null;
                _lastEvent = null;
                _map.Clear();
                DropTransmit();
            }
            finally
            {
                Leave();
            }
        }

        internal override Packet RentToKeep(int kept)
        {
            return Pool.RentToKeep(Options.MaxSessions > 1 || Options.Pool != null ? kept : 0);
        }

        internal override void HandleRecord(byte[] buffer, long now)
        {
            Association association = _map.Find(_address, _addressLength);
            if (Header.Epoch == 0 && Header.Type == ContentType.Handshake && IsFirstOfHello(buffer))
            {
                association = HandleHello(association, buffer, now);
            }
            else if (association == null)
            {
                Drop(DropReason.NoSession, Header.Type);
            }
            else if (association.Older != null && Header.Epoch > 0)
            {
                HandleForBoth(association, association.Older, buffer, now);
            }
            else
            {
                association.HandleRecord(buffer, now);
            }

            if (association != null)
            {
                association.ReleaseHeld(now);
            }
        }

        internal override void EventsChanged(Association association)
        {
            if (!association.HasEvents)
            {
                association.HasEvents = true;
                association.NextEvent = null;
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

            if (association.State == AssociationState.Connected && association.Older != null)
            {
                Association older = association.Older;
                association.Older = null;
                older.End(DtlsError.Superseded);
            }
            else if (association.State == AssociationState.Closed)
            {
                OnClosed(association);
            }
        }

        /// <summary>The address of a session that ended is free, or leads to the older session again.</summary>
        private void OnClosed(Association association)
        {
            Association older = association.Older;
            association.Older = null;
            Association current = _map.Find(association.Address, association.AddressLength);
            if (current == association)
            {
                if (older != null)
                {
                    _map.Set(older);
                }
                else
                {
                    _map.Remove(association);
                }
            }
            else if (current != null && current.Older == association)
            {
                current.Older = null;
            }
        }

        private static void CheckAddress(byte[] address, int addressLength)
        {
            if (address == null)
            {
                throw new ArgumentNullException("address");
            }

            if (addressLength < 1 || addressLength > Packet.MaxAddressLength || addressLength > address.Length)
            {
                throw new ArgumentException("An address has 1 to " + Packet.MaxAddressLength.ToString() + " bytes, not " + addressLength.ToString() + ".", "addressLength");
            }
        }
    }
}

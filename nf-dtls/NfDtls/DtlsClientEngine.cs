using System;

namespace NfDtls
{
    /// <summary>A client of one peer, without a socket: for a modem, a simulator, or the sockets of <c>NfDtls.Sockets</c>.</summary>
    public sealed class DtlsClientEngine : DtlsEngine
    {
        private readonly Association _association;
        private readonly Handshake _handshake;

        /// <summary>Checks the options and allocates all that it will need.</summary>
        /// <exception cref="ArgumentException">An option is not allowed; the message names it.</exception>
        public DtlsClientEngine(DtlsOptions options)
            : base(options, VersionsOf(options))
        {
            _association = new Association(this);
            _handshake = new Handshake(this);
        }

        /// <summary>What it shares with its peer.</summary>
        public Association Association
        {
            get { return _association; }
        }

        /// <inheritdoc/>
        public override long NextDeadline
        {
            get { return Life.NextDeadline(_association); }
        }

        /// <summary>Begins a handshake.</summary>
        /// <exception cref="DtlsException">AlreadyConnected; HandshakeFailure when no registered suite can be used.</exception>
        /// <exception cref="InvalidOperationException">The random source has no entropy; or another endpoint has been made with the same features since.</exception>
        public void Connect(long now)
        {
            Enter();
            try
            {
                CheckFree();
                CheckOwnFeatures();
                if (CheckSuites(false) == 0)
                {
                    throw new DtlsException(DtlsError.HandshakeFailure, SuiteCheck.Describe(Options, false));
                }

                Life.Begin(_association, _handshake, null, 0, now);
                bool began = false;
                try
                {
                    _handshake.Role.Start(_association, now);
                    began = true;
                }
                finally
                {
                    if (!began)
                    {
                        Life.Wipe(_association);
                    }
                }
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>
        /// Takes a datagram that came by one of several paths, where there are some (<see cref="Move"/>). It is opened in place: the
        /// buffer's bytes are overwritten.
        /// </summary>
        /// <param name="buffer">Holds the datagram.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Its bytes.</param>
        /// <param name="path">The path, in a form of the caller's own.</param>
        /// <param name="pathLength">Bytes of that, 0 to <see cref="Packet.MaxAddressLength"/>; 0 is the path that a handshake begins with.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentException">A range is wrong. Nothing in a datagram throws.</exception>
        public void HandleDatagram(byte[] buffer, int offset, int count, byte[] path, int pathLength, long now)
        {
            CheckPath(path, pathLength);
            PeerAddress = path;
            PeerAddressLength = pathLength;
            try
            {
                HandleDatagram(buffer, offset, count, now);
            }
            finally
            {
                PeerAddressLength = NotKnown;
            }
        }

        /// <summary>
        /// Goes on by another path to the peer, a new local port for example: from here on datagrams name it as their address, and
        /// nothing is known of its MTU. A peer that this end agreed with on connection IDs follows with the next record; another does
        /// not know the records any more.
        /// </summary>
        /// <param name="path">The path, in a form of the caller's own.</param>
        /// <param name="pathLength">Bytes of that, 0 to <see cref="Packet.MaxAddressLength"/>.</param>
        /// <exception cref="ArgumentException">The path is none.</exception>
        public void Move(byte[] path, int pathLength)
        {
            CheckPath(path, pathLength);
            Enter();
            try
            {
                Move(_association, path, pathLength);
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>Takes a datagram that came from the peer. It is opened in place: the buffer's bytes are overwritten.</summary>
        /// <exception cref="ArgumentException">The range is not inside the buffer. Nothing in a datagram throws.</exception>
        public void HandleDatagram(byte[] buffer, int offset, int count, long now)
        {
            CheckRange(buffer, offset, count);
            Enter();
            try
            {
                HandleRecords(buffer, offset, count, now);
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>
        /// Tells that a datagram was longer than the network takes, and is lost: those that follow are smaller
        /// (<see cref="Association.PathMtu"/>), and a flight is sent again so. Fetch it by PollDatagram.
        /// </summary>
        /// <param name="length">Bytes of the datagram.</param>
        public void NoteTooLong(int length)
        {
            OnDatagramTooLong(_association, length);
        }

        /// <summary>
        /// Tells of a datagram from the peer that was longer than the caller's buffer, and so not passed in: it is counted
        /// (<see cref="DropReason.Truncated"/>), and a handshake that then runs out of time says so by
        /// <see cref="DtlsError.DatagramTooLarge"/>.
        /// </summary>
        public void NoteTruncated()
        {
            CountTruncated(_association);
        }

        /// <inheritdoc/>
        public override void HandleTimeout(long now)
        {
            Enter();
            try
            {
                if (Life.NextDeadline(_association) <= now)
                {
                    Life.HandleTimeout(_association, now);
                    Receiver.ReleaseHeld(_association, now);
                }
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>What happened since the last call: <see cref="AssociationEvents"/>.</summary>
        public int TakeEvents()
        {
            int events = _association.Events;
            _association.Events = 0;
            return events;
        }

        /// <summary>Wipes the keys and all that was sent and received, without a word to the peer; the credentials stay.</summary>
        public void Reset()
        {
            Enter();
            try
            {
                Life.Wipe(_association);
                DropTransmit();
            }
            finally
            {
                Leave();
            }
        }

        internal override Association Adopt(byte[] address, int addressLength, bool isNamed, long now)
        {
            CheckFree();
            Life.Prepare(_association, address, addressLength, now);
            return _association;
        }

        private static void CheckPath(byte[] path, int pathLength)
        {
            if (pathLength < 0 || pathLength > Packet.MaxAddressLength || (pathLength > 0 && (path == null || path.Length < pathLength)))
            {
                throw new ArgumentException("A path has 0 to " + Packet.MaxAddressLength.ToString() + " bytes, not " + pathLength.ToString() + ".", "pathLength");
            }
        }

        internal override bool IsServer
        {
            get { return false; }
        }

        internal override HandshakeRole CreateRole(ProtocolVersion version, Handshake handshake)
        {
            return version.CreateClient(handshake);
        }

        internal override void HandleRecord(byte[] buffer, long now)
        {
            Receiver.HandleRecord(_association, buffer, now);
            Receiver.ReleaseHeld(_association, now);
        }

        internal override Handshake TakeSlot(Association association)
        {
            return association.Handshake == null ? _handshake : null;
        }

        internal override void EventsChanged(Association association)
        {
        }

        private void CheckFree()
        {
            if (_association.State != AssociationState.Idle && _association.State != AssociationState.Closed)
            {
                throw new DtlsException(DtlsError.AlreadyConnected, "The client is connected or connecting; close or reset it first.");
            }
        }
    }
}

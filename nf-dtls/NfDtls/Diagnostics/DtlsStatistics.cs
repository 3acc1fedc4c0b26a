namespace NfDtls
{
    /// <summary>Counters of a client or a server since its construction. Reading them allocates nothing; they wrap at 2^31.</summary>
    public sealed class DtlsStatistics
    {
        // What every record and datagram adds to: fields, as a call costs a board's interpreter more than the sum does.
        internal int DatagramsIn;
        internal int DatagramsOut;
        internal long BytesIn;
        internal long BytesOut;
        internal int RecordsIn;
        internal int RecordsOut;

        private readonly int[] _drops = new int[DropReason.Count];
        private int[] _failures;
        private readonly PacketPool _pool;

        internal DtlsStatistics(PacketPool pool)
        {
            _pool = pool;
        }

        /// <summary>Datagrams passed in.</summary>
        public int DatagramsReceived
        {
            get { return DatagramsIn; }
        }

        /// <summary>Datagrams handed out to be sent, less <see cref="SendErrors"/>.</summary>
        public int DatagramsSent
        {
            get { return DatagramsOut; }
        }

        /// <summary>Datagrams that the socket, or port, refused to send.</summary>
        public int SendErrors { get; private set; }

        /// <summary>Bytes of those datagrams.</summary>
        public long BytesReceived
        {
            get { return BytesIn; }
        }

        /// <summary>Bytes of those datagrams.</summary>
        public long BytesSent
        {
            get { return BytesOut; }
        }

        /// <summary>Records accepted.</summary>
        public int RecordsReceived
        {
            get { return RecordsIn; }
        }

        /// <summary>Records sent.</summary>
        public int RecordsSent
        {
            get { return RecordsOut; }
        }

        /// <summary>Flights sent again.</summary>
        public int Retransmissions { get; internal set; }
        /// <summary>Handshakes that succeeded.</summary>
        public int HandshakesCompleted { get; internal set; }
        /// <summary>Handshakes that failed.</summary>
        public int HandshakesFailed { get; internal set; }
        /// <summary>HelloVerifyRequests sent (server).</summary>
        public int CookiesSent { get; internal set; }
        /// <summary>ClientHellos refused, and handshakes ended at their Finished, because every session or handshake slot was taken (server).</summary>
        public int NoFreeSession { get; internal set; }
        /// <summary>Warning alerts other than close_notify and no_renegotiation.</summary>
        public int WarningAlerts { get; internal set; }
        /// <summary>Requests to renegotiate that were answered no_renegotiation.</summary>
        public int RenegotiationsRefused { get; internal set; }
        /// <summary>Times that a session's peer went on from another address.</summary>
        public int PeersMoved { get; internal set; }
        /// <summary>Times that a check of a new path ended with the session where it was.</summary>
        public int PathsFailed { get; internal set; }

        /// <summary>What was dropped for one of the reasons in <see cref="DropReason"/>.</summary>
        public int Dropped(int reason)
        {
            return _drops[reason];
        }

        /// <summary>What was dropped for any reason.</summary>
        public int DroppedInAll
        {
            get
            {
                int sum = 0;
                for (int i = 0; i < _drops.Length; i++)
                {
                    sum += _drops[i];
                }

                return sum;
            }
        }

        /// <summary>Handshakes that failed with an error.</summary>
        public int HandshakesFailedWith(DtlsError error)
        {
            return _failures == null ? 0 : _failures[(int)error];
        }

        /// <summary>The most packets of the pool that were out at one time; of all its users, where it is shared.</summary>
        public int PoolHighWaterMark
        {
            get { return _pool.HighWaterMark; }
        }

        internal void Fail(DtlsError error)
        {
            HandshakesFailed++;
            _failures = _failures != null ? _failures : new int[(int)DtlsError.MissingExtension + 1];
            _failures[(int)error]++;
        }

        /// <summary>A datagram that was handed out could not be sent.</summary>
        internal void Unsend(int bytes)
        {
            SendErrors++;
            DatagramsOut--;
            BytesOut -= bytes;
        }

        internal void Drop(int reason)
        {
            _drops[reason]++;
        }
    }
}

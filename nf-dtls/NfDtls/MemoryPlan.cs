namespace NfDtls
{
    /// <summary>
    /// What an endpoint with certain options will allocate at construction, in bytes on nanoFramework, where an object takes 12
    /// bytes and 12 a field and an array 20 and its content. .NET packs fields closer and takes less or more. The crypto
    /// provider's own contexts come on top: see its documentation.
    /// </summary>
    public sealed class MemoryPlan
    {
        private const int AssociationFields = 43;
        private const int HandshakeFields = 47;
        private const int PacketFields = 9;
        private const int QueueFields = 3;

        // What a server's handshake knows beside: its hello, its links and its scripts.
        private const int ServerHandshakeBytes = 12 * (9 + 10 + 7);

        private readonly int _engine;
        private readonly int _pool;
        private readonly int _sessions;
        private readonly int _handshakes;

        internal MemoryPlan(DtlsOptions options, bool isServer)
        {
            _engine = OfEngine(options, isServer);
            int packet = OfObject(PacketFields) + OfArray(PacketPool.Headroom + options.PacketSize + PacketPool.Tailroom) + OfArray(Packet.MaxAddressLength);
            _pool = options.Pool != null ? 0 : options.PoolPackets * (packet + 4);
            bool keepsPeer = options.Authenticator != null && options.KeepPeerCertificates && (!isServer || options.ClientCertificates != ClientCertificates.None);
            int peer = keepsPeer ? options.MaxChainBytes + (options.MaxChainLength * 36) : 0;
            int handshake = OfHandshake(options);
            _sessions = isServer ? (options.ServerPlaces * OfSession(options)) + (options.MaxSessions * peer) : OfSession(options) + peer;
            _handshakes = isServer ? options.MaxHandshakes * (handshake + ServerHandshakeBytes) : handshake;
        }

        /// <summary>Bytes of what there is once in each endpoint: readers and writers, statistics, extensions, a server's tables and cookies.</summary>
        public int Engine
        {
            get { return _engine; }
        }

        /// <summary>Bytes of the packet pool; 0 where a pool is passed in.</summary>
        public int Pool
        {
            get { return _pool; }
        }

        /// <summary>Bytes of all sessions together, of a server also of those that are handshakes still.</summary>
        public int Sessions
        {
            get { return _sessions; }
        }

        /// <summary>Bytes of all handshake slots together.</summary>
        public int Handshakes
        {
            get { return _handshakes; }
        }

        /// <summary>Bytes of it all.</summary>
        public int Total
        {
            get { return Engine + Pool + Sessions + Handshakes; }
        }

        private static int OfEngine(DtlsOptions options, bool isServer)
        {
            const int EngineFields = 26;
            const int HeldShareFields = 4;
            const int UnreadFields = 2;
            const int ReadersAndWriters = 5 * 12 * 8;
            const int StatisticsFields = 16;
            const int Extensions = 4 * 48;
            int bytes = OfObject(EngineFields) + OfObject(HeldShareFields) + OfObject(UnreadFields) + ReadersAndWriters + Extensions
                + OfObject(StatisticsFields) + OfArray(4 * DropReason.Count) + OfArray(4 * ((int)DtlsError.AlreadyStarted + 1));
            return isServer ? bytes + OfTables(options) : bytes;
        }

        private static int OfTables(DtlsOptions options)
        {
            // Twelve objects with 72 fields, the cookies' two keys and their input among them.
            const int Objects = (12 * (12 + 72)) + 400;
            int places = options.ServerPlaces;

            // The maps have at least two slots an association, and at most four.
            int slots = 4;
            while (slots < 2 * places)
            {
                slots *= 2;
            }

            int rate = 16;
            while (rate < 4 * options.MaxHandshakes && rate < 1024)
            {
                rate *= 2;
            }

            return Objects
                + (2 * OfArray(4 * slots))
                + (12 * OfArray(4 * places)) + OfArray(8 * places) + OfArray(places)
                + OfArray(4 * rate) + OfArray(8 * rate);
        }

        private static int OfSession(DtlsOptions options)
        {
            const int Epochs = 4;
            const int Inbox = 4;
            const int WindowFields = 3;
            const int LastFlightFields = 10;
            return OfObject(AssociationFields)
                + OfArray(Packet.MaxAddressLength)
                + (2 * OfArray(4 * Epochs))
                + OfObject(Inbox) + OfObject(QueueFields)
                + OfObject(LastFlightFields) + (2 * OfArray(Finished.VerifyDataLength))
                + OfArray(ClientHello.RandomLength)
                + OfObject(WindowFields) + OfArray(options.ReplayWindow / 8);
        }

        private static int OfHandshake(DtlsOptions options)
        {
            const int SlotFields = 5;
            const int RangeFields = 2;
            const int RuleRows = 12;
            const int TimerFields = 8;
            const int DoubtFields = 10;
            const int HeldFields = 6;
            const int BackOffFields = 5;
            const int ScheduleBytes = 48 + 152 + 86 + 64;
            return OfObject(HandshakeFields)
                + (2 * OfArray(ClientHello.RandomLength))
                + ((1 + options.OutOfOrderSlots) * (OfObject(SlotFields) + OfObject(RangeFields)))
                + OfArray(options.EffectiveMaxHandshakeMessage) + OfArray(RangeSet.SizeFor(options.EffectiveMaxHandshakeMessage))
                + OfArray(options.TranscriptBytes)
                + (options.Authenticator == null ? 0 : options.Authenticator.PlanMemory(options))
                + (options.OutOfOrderSlots * (OfArray(options.EffectiveOutOfOrderBytes) + OfArray(RangeSet.SizeFor(options.EffectiveOutOfOrderBytes))))
                + OfObject(TimerFields) + OfObject(DoubtFields) + OfObject(BackOffFields)
                + OfFlight(options.MaxFlight, 10, 32)
                + OfObject(HeldFields) + OfObject(QueueFields)
                + OfObject(4) + ScheduleBytes + (4 * 20)
                + OfObject(6) + (3 * OfArray(4 * RuleRows)) + (2 * OfArray(RuleRows));
        }

        private static int OfFlight(int bytes, int messages, int sendings)
        {
            const int FlightFields = 7;
            const int MessageFields = 6;
            const int LogFields = 5;
            return OfObject(FlightFields) + OfArray(bytes)
                + OfArray(4 * messages) + (messages * OfObject(MessageFields))
                + OfObject(LogFields) + OfArray(8 * sendings) + (3 * OfArray(2 * sendings));
        }

        private static int OfObject(int fields)
        {
            return 12 * (1 + fields);
        }

        private static int OfArray(int bytes)
        {
            return (20 + bytes + 11) / 12 * 12;
        }
    }
}

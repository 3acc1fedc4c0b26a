namespace NfDtls
{
    /// <summary>
    /// What an endpoint with certain options will allocate at construction, and what connections add, in bytes on nanoFramework, where an
    /// object takes 12 bytes and 12 a field and an array 20 and its content. .NET packs fields closer and takes less or more. The crypto
    /// provider's own contexts come on top: see its documentation.
    /// </summary>
    public sealed class MemoryPlan
    {
        private const int AssociationFields = 34;
        private const int PacketFields = 9;
        private const int QueueFields = 3;
        private const int MessageFields = 6;

        // What a server's slot has beside: its links, its hello and longer scripts, less a client's cookie and hello.
        private const int ServerHandshakeBytes = 156;

        private readonly int _engine;
        private readonly int _pool;
        private readonly int _sessions;
        private readonly int _handshakes;
        private readonly int _session;
        private readonly int _connection;
        private readonly int _running;
        private readonly int _again;
        private readonly int _count;
        private readonly int _slots;

        internal MemoryPlan(DtlsOptions options, bool isServer)
        {
            _engine = OfEngine(options, isServer);
            int packet = OfObject(PacketFields) + OfArray(PacketPool.Headroom + options.PacketSize + PacketPool.Tailroom) + OfArray(Packet.MaxAddressLength);
            _pool = options.Pool != null ? 0 : options.PoolPackets * (packet + 4);
            bool keepsPeer = options.Authenticator != null && options.KeepPeerCertificates && (!isServer || options.ClientCertificates != ClientCertificates.None);
            int peer = keepsPeer ? options.MaxChainBytes + (options.MaxChainLength * 36) : 0;
            int handshake = OfHandshake(options, isServer);
            _sessions = isServer ? (options.ServerPlaces * OfSession(options)) + (options.MaxSessions * peer) : OfSession(options) + peer;
            _handshakes = isServer ? options.MaxHandshakes * handshake : handshake;
            _connection = OfConnection(options, isServer);
            _session = OfSession(options) + peer + _connection;
            bool is13 = Speaks(options, Plan13.Number);

            // Most flights have up to three messages.
            _running = (is13 ? Plan13.OfRunning(LongestSecret(options)) : 0) + (2 * OfObject(MessageFields));
            _again = is13 && isServer ? Plan13.OfAgain(LongestSecret(options), options.ReplayWindow) : 0;
            _count = isServer ? options.MaxSessions : 1;
            _slots = isServer ? options.MaxHandshakes : 1;
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

        /// <summary>
        /// Bytes of one session that is connected: what it has of <see cref="Sessions"/>, and its epoch, keys, secrets and connection IDs with those
        /// to spare, of the version that takes more where several are spoken. A server's of DTLS 1.3 has 150 of them for two minutes only.
        /// </summary>
        public int Session
        {
            get { return _session; }
        }

        /// <summary>
        /// Bytes of it all when every session is connected and every handshake slot in use: <see cref="Total"/>, and what connections and handshakes
        /// make. A server's session of DTLS 1.3 counts with the keys of its handshake, which for two minutes a record makes again that looks like a Finished of its client's.
        /// </summary>
        public int Peak
        {
            get { return Total + (_count * (_connection + _again)) + (_slots * _running) + OfArray(4 * ((int)DtlsError.MissingExtension + 1)); }
        }

        /// <summary>Bytes of it all.</summary>
        public int Total
        {
            get { return Engine + Pool + Sessions + Handshakes; }
        }

        private static int OfEngine(DtlsOptions options, bool isServer)
        {
            const int EngineFields = 31;
            const int HeldShareFields = 3;
            const int HeaderFields = 9;
            const int StatisticsFields = 19;
            const int ReadersAndWriters = (3 * 24) + 12 + 60 + (2 * 72);
            const int VersionsAndExtensions = (3 * 36) + (6 * 12);
            int features = options.Features == null ? 0 : options.Features.Length;
            int bytes = OfObject(EngineFields) + OfArray(4 * features) + OfObject(HeldShareFields) + ReadersAndWriters + VersionsAndExtensions + OfObject(QueueFields)
                + (2 * (OfObject(HeaderFields) + OfArray(RecordProtection.NonceLength + RecordProtection.AdditionalDataLength)))
                + OfObject(StatisticsFields) + OfArray(4 * DropReason.Count);
            for (int i = 0; options.Features != null && i < options.Features.Length; i++)
            {
                bytes += options.Features[i].EngineBytes;
            }

            if (Speaks(options, Plan13.Number))
            {
                bytes += Plan13.OfEngine(isServer, LongestSecret(options)) + (KeepsLastFlight(options) ? 0 : OfLastFlight());
            }

            return isServer ? bytes + OfTables(options) : bytes;
        }

        private static int OfTables(DtlsOptions options)
        {
            // Sixteen objects with 91 fields, ten fields more of the engine, the cookies' two keys and their input.
            const int Objects = (16 * 12) + (101 * 12) + 264;
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

            int versions = 0;
            for (int i = 0; options.Versions != null && i < options.Versions.Count; i++)
            {
                versions += options.Versions.At(i).ServerBytes;
            }

            return versions + Objects
                + (2 * OfArray(4 * slots))
                + (12 * OfArray(4 * places)) + OfArray(8 * places) + OfArray(places)
                + OfArray(4 * rate) + OfArray(8 * rate);
        }

        private static int OfSession(DtlsOptions options)
        {
            const int InboxFields = 6;
            const int TableFields = 2;
            const int WindowFields = 2;
            int parts = (options.Features == null ? 0 : options.Features.Length) + (Speaks(options, Plan13.Number) ? 1 : 0);
            int features = parts == 0 ? 0 : OfArray(4 * parts);
            for (int i = 0; options.Features != null && i < options.Features.Length; i++)
            {
                // In DTLS 1.3 connection IDs come with the connection.
                bool isLater = options.Features[i] is IdentifyingFeature && !Speaks(options, DtlsVersion.Dtls12);
                features += isLater ? 0 : options.Features[i].SessionBytes;
            }

            return features + OfObject(AssociationFields)
                + OfArray(Packet.MaxAddressLength)
                + OfObject(InboxFields)
                + (KeepsLastFlight(options) ? OfLastFlight() : 0)
                + OfObject(TableFields) + OfObject(WindowFields) + OfArray(options.ReplayWindow / 8);
        }

        private static int OfLastFlight()
        {
            const int LastFlightFields = 14;
            return OfObject(LastFlightFields) + OfArray(2 * Finished.VerifyDataLength);
        }

        /// <summary>What a connection adds to a session, in the version that takes more.</summary>
        private static int OfConnection(DtlsOptions options, bool isServer)
        {
            const int EpochFields = 16;
            const int UsualIdentity = 16;
            int bytes = 2 * (36 + 24);
            if (Speaks(options, Plan13.Number))
            {
                bytes = Plan13.OfConnection(isServer, LongestSecret(options));
                for (int i = 0; options.Features != null && i < options.Features.Length; i++)
                {
                    IdentifyingFeature ids = options.Features[i] as IdentifyingFeature;
                    bytes += ids == null ? 0 : Plan13.OfIds(ids);
                }
            }

            return OfObject(EpochFields) + OfArray(UsualIdentity) + bytes;
        }

        private static bool Speaks(DtlsOptions options, int version)
        {
            return options.Versions == null ? version == DtlsVersion.Dtls12 : options.Versions.Find(version) != null;
        }

        private static bool KeepsLastFlight(DtlsOptions options)
        {
            return options.Versions == null || options.Versions.At(options.Versions.Count - 1).NoLastFlight == null;
        }

        /// <summary>Of DTLS 1.3: as long as the longest hash of its suites.</summary>
        private static int LongestSecret(DtlsOptions options)
        {
            int longest = 0;
            for (int i = 0; options.Suites != null && i < options.Suites.Count; i++)
            {
                CipherSuite suite = options.Suites.At(i);
                int size = (suite.VersionMask & CipherSuite.Version13) == 0 ? 0 : CryptoAlgorithm.HashSize(suite.Hash);
                longest = size > longest ? size : longest;
            }

            return longest;
        }

        private static int OfHandshake(DtlsOptions options, bool isServer)
        {
            const int HandshakeFields = 29;
            const int SlotFields = 5;
            const int RangeFields = 2;
            const int FlightFields = 8;
            const int MaxMessages = 10;

            // What waits, sends and puts together: ten objects with 59 fields.
            const int Parts = (10 * 12) + (59 * 12);
            int slots = options.OutOfOrderSlots;
            int versions = options.Versions == null ? 1 : options.Versions.Count;
            return OfObject(HandshakeFields) + Parts
                + (2 * OfArray(ClientHello.RandomLength)) + OfArray(4 * 3) + OfArray(4 * 4) + OfArray(4 * versions)
                + OfObject(FlightFields) + OfArray(4 * MaxMessages) + (Flight.UsualMessages * OfObject(MessageFields)) + OfArray(options.MaxFlight)
                + OfArray(4 * slots) + ((1 + slots) * (OfObject(SlotFields) + OfObject(RangeFields)))
                + OfArray(options.EffectiveMaxHandshakeMessage) + OfArray(RangeSet.SizeFor(options.EffectiveMaxHandshakeMessage))
                + (slots * (OfArray(options.EffectiveOutOfOrderBytes) + OfArray(RangeSet.SizeFor(options.EffectiveOutOfOrderBytes))))
                + (Speaks(options, DtlsVersion.Dtls12) ? OfRole(options) : 0)
                + (Speaks(options, Plan13.Number) ? Plan13.OfRole(isServer) : 0)
                + (isServer ? ServerHandshakeBytes : 0)
                + (options.Authenticator == null ? 0 : options.Authenticator.PlanMemory(options));
        }

        /// <summary>What a handshake has for each version: the role with its hello and scripts, the transcript, the rules, the secrets.</summary>
        private static int OfRole(DtlsOptions options)
        {
            const int RuleRows = 12;
            const int RoleBytes = 180 + 84 + 36 + 24 + 24 + 48;
            const int TranscriptBytes = 108 + 36 + 24 + 24;
            const int ScheduleBytes = 48 + 72 + 180 + 108;
            return RoleBytes + TranscriptBytes + OfArray(options.TranscriptBytes) + ScheduleBytes
                + OfObject(5) + (2 * OfArray(4 * RuleRows)) + OfArray(2 * RuleRows) + OfArray(RuleRows);
        }

        internal static int OfObject(int fields)
        {
            return 12 * (1 + fields);
        }

        internal static int OfArray(int bytes)
        {
            return (20 + bytes + 11) / 12 * 12;
        }
    }
}

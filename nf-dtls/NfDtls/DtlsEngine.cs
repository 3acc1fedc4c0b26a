using System;

namespace NfDtls
{
    /// <summary>
    /// What a client and a server share: the buffers, the way of a datagram through its records, what waits to be sent. No
    /// thread, socket, timer or clock: the caller passes datagrams and a monotonic time in milliseconds, fetches what is to
    /// be sent, and is told when to call again. One thread at a time; a call from inside a call throws.
    /// </summary>
    public abstract class DtlsEngine
    {
        internal readonly CryptoProvider Crypto;
        internal readonly RecordHeader Header = new RecordHeader();
        internal readonly RecordHeader WriteHeader = new RecordHeader();
        internal readonly MessageHeader MessageHeader = new MessageHeader();
        internal readonly WireReader Reader = new WireReader();
        internal readonly WireWriter Writer = new WireWriter();
        internal readonly RecordCodec Codec = new Dtls12RecordCodec();
        internal readonly NullProtection Null = new NullProtection();
        internal readonly HelloExtension[] Extensions;
        internal readonly PacketQueue Transmit = new PacketQueue();
        internal readonly HeldShare HeldShare;

        /// <summary>Bytes of the datagram that is being handled.</summary>
        internal int DatagramLength;

        private readonly DtlsOptions _options;
        private readonly DtlsStatistics _statistics;
        private readonly PacketPool _pool;
        private Association _firstReady;
        private Association _lastReady;
        private bool _inside;

        internal DtlsEngine(DtlsOptions options)
        {
            if (options == null)
            {
                throw new ArgumentNullException("options");
            }

            options.Validate();
            _options = options;
            Crypto = options.Crypto;
            _pool = options.Pool != null ? options.Pool : new PacketPool(options.PoolPackets, options.PacketSize);
            _statistics = new DtlsStatistics(_pool);
            HeldShare = new HeldShare(this);
            Extensions = ExtensionBlock.Gather(options);
        }

        /// <summary>The options it was made with.</summary>
        public DtlsOptions Options
        {
            get { return _options; }
        }

        /// <summary>Its counters.</summary>
        public DtlsStatistics Statistics
        {
            get { return _statistics; }
        }

        /// <summary>Its packets.</summary>
        public PacketPool Pool
        {
            get { return _pool; }
        }

        /// <summary>When <see cref="HandleTimeout"/> wants to be called, in milliseconds: long.MaxValue for never, a time that has passed for at once.</summary>
        public abstract long NextDeadline { get; }

        /// <summary>Does what the time has come for: timers, and a step of work that waits.</summary>
        public abstract void HandleTimeout(long now);

        /// <summary>
        /// The next datagram to send, or null. The caller sends it and calls <see cref="Packet.Return"/>. To be asked until null
        /// after every other call.
        /// </summary>
        public Packet PollDatagram(long now)
        {
            Enter();
            try
            {
                Packet packet = NextFlightDatagram(now);
                if (packet == null)
                {
                    packet = Transmit.Take();
                }

                if (packet != null)
                {
                    _statistics.DatagramsSent++;
                    _statistics.BytesSent += packet.Length;
                }

                return packet;
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>What to do with one record of a datagram; its header is in <see cref="Header"/>.</summary>
        internal abstract void HandleRecord(byte[] buffer, long now);

        /// <summary>Takes a datagram apart.</summary>
        internal void HandleRecords(byte[] buffer, int offset, int count, long now)
        {
            DatagramLength = count;
            _statistics.DatagramsReceived++;
            _statistics.BytesReceived += count;
            int end = offset + count;
            while (offset < end)
            {
                if (!Codec.Recognizes(buffer[offset]) || !Codec.Read(buffer, offset, end - offset, Header))
                {
                    Drop(DropReason.Malformed, buffer[offset]);
                    return;
                }

                // Read before the record is handled: handling may use the header again.
                offset = Header.End;
                HandleRecord(buffer, now);
            }
        }

        /// <summary>Lets every suite that may be used say what it misses; returns how many there are.</summary>
        internal int CheckSuites(bool isServer)
        {
            int usable = 0;
            for (int i = 0; i < _options.Suites.Count; i++)
            {
                CipherSuite suite = _options.Suites.At(i);
                if (suite.IsSupportedBy(Crypto) && suite.KeyExchange.IsConfigured(_options, isServer))
                {
                    suite.KeyExchange.Check(_options, isServer);
                    usable++;
                }
            }

            return usable;
        }

        internal void CheckRange(byte[] buffer, int offset, int count)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException("buffer");
            }

            if (offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                throw new ArgumentException("The range from " + offset.ToString() + " of " + count.ToString() + " bytes is not inside the buffer of " + buffer.Length.ToString() + ".");
            }
        }

        /// <summary>Random bytes, or false where the source has no entropy: not for the application to catch in the middle of a datagram.</summary>
        internal bool TryRandom(byte[] destination)
        {
            return TryRandom(destination, 0, destination.Length);
        }

        internal bool TryRandom(byte[] destination, int offset, int count)
        {
            try
            {
                Crypto.Random(destination, offset, count);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }

        /// <summary>
        /// A packet for an association to keep that keeps some already, or null where it has its share. With a pool of its own a
        /// client has no one to share it with.
        /// </summary>
        internal virtual Packet RentToKeep(int kept)
        {
            return _options.Pool != null ? _pool.RentToKeep(kept) : _pool.Rent();
        }

        internal void Enter()
        {
            if (_inside)
            {
                throw new InvalidOperationException("The engine was called from inside one of its own calls.");
            }

            _inside = true;
        }

        internal void Leave()
        {
            _inside = false;
        }

        internal void Drop(int reason, int detail)
        {
            _statistics.Drop(reason);
            Trace("record dropped", reason, detail);
        }

        /// <summary>A datagram for an association (or null) was longer than the receive buffer.</summary>
        internal void CountTruncated(Association association)
        {
            Drop(DropReason.Truncated, 0);
            if (association != null && association.Handshake != null)
            {
                association.Handshake.SawTruncated();
            }
        }

        internal void Trace(string what, int a, int b)
        {
            if (_options.Trace != null)
            {
                _options.Trace.Write(what, a, b);
            }
        }

        /// <summary>The association has a flight to send.</summary>
        internal void MakeReady(Association association)
        {
            if (association.IsReady)
            {
                return;
            }

            association.IsReady = true;
            association.NextReady = null;
            if (_lastReady == null)
            {
                _firstReady = association;
            }
            else
            {
                _lastReady.NextReady = association;
            }

            _lastReady = association;
        }

        /// <summary>Forgets what was to be sent.</summary>
        internal void DropTransmit()
        {
            Transmit.ReturnAll();
            while (_firstReady != null)
            {
                TakeReady();
            }
        }

        internal abstract void EventsChanged(Association association);

        private Packet NextFlightDatagram(long now)
        {
            while (_firstReady != null)
            {
                Association association = _firstReady;
                OutgoingFlight flight = association.CurrentFlight;
                if (flight == null || !flight.IsSending)
                {
                    TakeReady();
                    continue;
                }

                Packet packet = HeldShare.Rent();
                if (packet == null)
                {
                    // The flight counts as sent and lost: its timer sends it again.
                    Drop(DropReason.NoBuffer, ContentType.Handshake);
                    flight.Stop();
                    TakeReady();
                    association.OnFlightSent(now);
                    continue;
                }

                int records;
                int length = flight.Fill(WriteHeader, packet.Buffer, association.PathMtu, _options.OneRecordPerDatagram, out records);
                packet.SetRange(0, length);
                packet.SetAddress(association.Address, association.AddressLength);
                _statistics.RecordsSent += records;
                association.OnDatagramMade(length);
                if (!flight.IsSending)
                {
                    TakeReady();
                    association.OnFlightSent(now);
                }

                if (length > 0)
                {
                    return packet;
                }

                packet.Return();
            }

            return null;
        }

        private void TakeReady()
        {
            Association association = _firstReady;
            _firstReady = association.NextReady;
            association.NextReady = null;
            association.IsReady = false;
            if (_firstReady == null)
            {
                _lastReady = null;
            }
        }
    }
}

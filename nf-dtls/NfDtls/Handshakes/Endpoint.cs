using System;

namespace NfDtls
{
    /// <summary>
    /// What the parts of an endpoint share: its options, cryptography, packets and counters, and the objects that are used again
    /// for every record. One thread at a time; a call from inside a call throws.
    /// </summary>
    public abstract class Endpoint
    {
        internal readonly CryptoProvider Crypto;
        internal readonly RecordHeader Header = new RecordHeader();
        internal readonly RecordHeader WriteHeader = new RecordHeader();
        internal readonly MessageHeader MessageHeader = new MessageHeader();
        internal readonly WireReader Reader = new WireReader();
        internal readonly WireWriter Writer = new WireWriter();
        internal readonly VersionTable Versions;

        /// <summary>The form of the record in <see cref="Header"/>, as its first byte tells it.</summary>
        internal RecordCodec Codec;

        internal readonly NullProtection Null = new NullProtection();
        internal readonly HelloExtension[] Extensions;
        internal readonly Resumption Resumption;
        internal readonly HeldShare HeldShare;

        /// <summary>Bytes of the datagram that is being handled.</summary>
        internal int DatagramLength;

        /// <summary>A record of it was another association's than those before: what follows is discarded.</summary>
        internal bool IsMixed;

        // Public by the names of Statistics and Pool; every record asks for them.
        internal readonly DtlsStatistics Counters;
        internal readonly PacketPool Packets;

        private readonly EndpointOptions _options;
        private int _firstByte = -1;
        private bool _inside;
        private Exception _failure;

        internal Endpoint(EndpointOptions options, VersionTable versions)
        {
            if (options == null)
            {
                throw new ArgumentNullException("options");
            }

            options.Validate();
            _options = options;
            Crypto = options.Crypto;
            Packets = options.Pool != null ? options.Pool : new PacketPool(options.PoolPackets, options.PacketSize);
            Counters = new DtlsStatistics(Packets);
            HeldShare = CreateHeldShare();
            Versions = versions;
            Extensions = ExtensionBlock.Gather(options, versions);
            Resumption = options.Resumption;
        }

        /// <summary>The options it was made with.</summary>
        public EndpointOptions Options
        {
            get { return _options; }
        }

        /// <summary>Its counters.</summary>
        public DtlsStatistics Statistics
        {
            get { return Counters; }
        }

        /// <summary>Its packets.</summary>
        public PacketPool Pool
        {
            get { return Packets; }
        }

        /// <summary>
        /// What the crypto provider, or something else that was plugged in, threw since this was last asked, or null; the first of
        /// several. What it happened to has ended with <see cref="DtlsError.InternalError"/>, <see cref="DtlsError.NoEntropy"/> or
        /// the error of a <see cref="DtlsException"/>: handling a datagram or the time, fetching datagrams and closing throw
        /// nothing of it.
        /// </summary>
        public Exception? TakeFailure()
        {
            Exception failure = _failure;
            _failure = null;
            return failure;
        }

        /// <summary>Keeps what something plugged in threw, for the caller to fetch; returns the error that it stands for.</summary>
        internal DtlsError NoteFailure(Exception exception)
        {
            if (_failure == null)
            {
                _failure = exception;
            }

            return ErrorOf(exception);
        }

        internal static DtlsError ErrorOf(Exception exception)
        {
            DtlsException known = exception as DtlsException;
            return known == null || known.Error == DtlsError.None ? DtlsError.InternalError : known.Error;
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

        /// <summary>Who shares out what handshakes may hold; asked once, before anything else is there.</summary>
        internal virtual HeldShare CreateHeldShare()
        {
            return new HeldShare(this);
        }

        /// <summary>
        /// A packet for an association to keep that keeps some already, or null where it has its share. With a pool of its own a
        /// client has no one to share it with.
        /// </summary>
        internal virtual Packet RentToKeep(int kept)
        {
            return _options.Pool != null ? Packets.RentToKeep(kept) : Packets.Rent();
        }

        internal abstract bool IsServer { get; }

        /// <summary>What this end says and understands in a version.</summary>
        internal abstract HandshakeRole CreateRole(ProtocolVersion version, Handshake handshake);

        /// <summary>Reads the header of a record into <see cref="Header"/>, whatever version's; false where there is no whole one.</summary>
        internal bool ReadHeader(byte[] buffer, int offset, int count)
        {
            int first = buffer[offset];
            if (first != _firstByte)
            {
                _firstByte = first;
                Codec = FindCodec(first);
            }

            return Codec != null && Codec.Read(buffer, offset, count, Header);
        }

        /// <summary>The form of a record that begins with a byte, or null.</summary>
        internal virtual RecordCodec FindCodec(int firstByte)
        {
            return Versions.FindCodec(firstByte);
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
            Counters.Drop(reason);
            Trace("record dropped", reason, detail);
        }

        internal void Trace(string what, int a, int b)
        {
            if (_options.Trace != null)
            {
                _options.Trace.Write(what, a, b);
            }
        }
    }
}

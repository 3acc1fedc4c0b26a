using System;
using NfDtls.Server;

namespace NfDtls.Dtls13.Server
{
    /// <summary>One hello that comes in pieces, of an address that nobody has proven. Its bytes stand as one record with one fragment.</summary>
    internal sealed class HelloPlace
    {
        // Version and random, by which a hello is known.
        private const int KnownBy = 2 + ClientHello.RandomLength;
        private const int BodyAt = Dtls12RecordCodec.Size + MessageHeader.Length;

        private readonly byte[] _record;
        private readonly RangeSet _parts;
        private readonly byte[] _address = new byte[Packet.MaxAddressLength];
        private int _addressLength;
        private int _length;
        private int _sequence;

        /// <param name="bytes">The longest hello.</param>
        internal HelloPlace(int bytes)
        {
            _record = new byte[BodyAt + bytes];
            _parts = new RangeSet(bytes);
        }

        /// <summary>Bytes of one on nanoFramework: two objects, with seven fields and two, and three arrays.</summary>
        internal static int PlannedBytes(int bytes)
        {
            return (11 * 12) + OfArray(BodyAt + bytes) + OfArray(RangeSet.SizeFor(bytes)) + OfArray(Packet.MaxAddressLength);
        }

        internal static int OfArray(int bytes)
        {
            return (20 + bytes + 11) / 12 * 12;
        }

        /// <summary>When it was begun; never while nobody has it.</summary>
        internal long Since { get; private set; } = Deadline.Never;

        internal bool IsTaken
        {
            get { return Since != Deadline.Never; }
        }

        /// <summary>Whether the datagram at hand comes from where the hello does.</summary>
        internal bool IsFrom(DtlsServerEngine engine)
        {
            return IsTaken && _addressLength == engine.PeerAddressLength && ConstantTime.AreEqual(_address, 0, engine.PeerAddress, 0, _addressLength);
        }

        /// <summary>Whether it comes from the same host.</summary>
        internal bool IsOfHost(DtlsServerEngine engine, HostRule rule)
        {
            return rule.AreSame(_address, _addressLength, engine.PeerAddress, engine.PeerAddressLength);
        }

        /// <summary>Whether the fragment in the engine's header can be one of this hello.</summary>
        internal bool Fits(MessageHeader message)
        {
            return message.MessageLength == _length && message.Sequence == _sequence;
        }

        /// <summary>Whether a first fragment is of this hello, and not of another from the same address.</summary>
        internal bool IsOf(byte[] buffer, int offset, MessageHeader message)
        {
            return message.FragmentLength >= KnownBy && Fits(message) && ConstantTime.AreEqual(_record, BodyAt, buffer, offset, KnownBy);
        }

        /// <summary>Whether a first fragment is long enough to be known again, and its hello not too long.</summary>
        internal bool HasRoomFor(MessageHeader message)
        {
            return message.FragmentLength >= KnownBy && message.MessageLength <= _record.Length - BodyAt;
        }

        /// <summary>Begins with the hello whose first fragment is in the engine's header.</summary>
        internal void Begin(DtlsServerEngine engine, long now)
        {
            MessageHeader message = engine.MessageHeader;
            Since = now;
            _addressLength = engine.PeerAddressLength;
            Array.Copy(engine.PeerAddress, 0, _address, 0, _addressLength);
            _length = message.MessageLength;
            _sequence = message.Sequence;
            _parts.Clear();
        }

        /// <summary>Takes a fragment, unless all of it is there.</summary>
        internal void Add(byte[] buffer, int offset, MessageHeader message)
        {
            int end = message.FragmentOffset + message.FragmentLength;
            if (!_parts.Contains(message.FragmentOffset, end))
            {
                Array.Copy(buffer, offset, _record, BodyAt + message.FragmentOffset, message.FragmentLength);
                _parts.Add(message.FragmentOffset, end);
            }
        }

        /// <summary>
        /// The record of the whole hello, with the engine's headers on it, or null where something is missing. The place is free then;
        /// the record stays until the next hello begins here.
        /// </summary>
        internal byte[] Complete(DtlsServerEngine engine)
        {
            if (!_parts.IsWhole(_length))
            {
                return null;
            }

            Free();
            _record[0] = ContentType.Handshake;
            MessageHeader.Write(_record, Dtls12RecordCodec.Size, HandshakeType.ClientHello, _length, _sequence, 0, _length);
            RecordHeader header = engine.Header;
            header.Offset = 0;
            header.FragmentOffset = Dtls12RecordCodec.Size;
            header.FragmentLength = MessageHeader.Length + _length;
            engine.Reader.Reset(_record, header.FragmentOffset, header.FragmentLength);
            engine.MessageHeader.Read(engine.Reader);
            return _record;
        }

        internal void Free()
        {
            Since = Deadline.Never;
        }
    }
}

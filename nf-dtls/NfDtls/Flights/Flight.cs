using System;

namespace NfDtls
{
    /// <summary>
    /// The messages that one end sends before it waits for the other (RFC 6347 section 4.2.4), kept as bytes and cut into the
    /// same fragments each time they are sent, each in the epoch it belongs to.
    /// </summary>
    internal sealed class Flight : OutgoingFlight
    {
        /// <summary>Messages that are made with the flight; more are made when they are first wanted, and stay.</summary>
        internal const int UsualMessages = 1;

        /// <summary>Which record carried what: the version's that asks for it; null (default) where a flight is sent again as a whole.</summary>
        internal SendingLog Log;

        private readonly byte[] _bytes;
        private readonly FlightMessage[] _messages;

        private int _count;
        private int _used;
        private int _cursor;
        private int _cursorOffset;

        internal Flight(int size, int maxMessages)
        {
            _bytes = new byte[size];
            _messages = new FlightMessage[maxMessages];
            for (int i = 0; i < UsualMessages; i++)
            {
                _messages[i] = new FlightMessage();
            }
        }

        /// <inheritdoc/>
        internal override int Count
        {
            get { return _count; }
        }

        /// <summary>Bytes of handshake messages, without their headers.</summary>
        internal int Length
        {
            get { return _used; }
        }

        internal byte[] Bytes
        {
            get { return _bytes; }
        }

        internal void Clear()
        {
            Array.Clear(_bytes, 0, _used);
            for (; _count > 0; _count--)
            {
                _messages[_count - 1].Epoch = null;
            }

            _used = 0;
            IsSending = false;
            if (Log != null)
            {
                Log.Clear();
            }
        }

        /// <summary>Begins a message: the writer gets all the room there is.</summary>
        internal void Begin(WireWriter writer)
        {
            writer.Reset(_bytes, _used, _bytes.Length - _used);
        }

        /// <summary>Ends a message; false if it did not fit.</summary>
        internal bool End(WireWriter writer, int type, int sequence, int version, Epoch epoch)
        {
            if (writer.Failed || _count == _messages.Length)
            {
                return false;
            }

            FlightMessage message = _messages[_count];
            if (message == null)
            {
                message = new FlightMessage();
                _messages[_count] = message;
            }

            message.Type = type;
            message.Sequence = sequence;
            message.Version = version;
            message.Epoch = epoch;
            message.Offset = _used;
            message.Length = writer.Length;
            _used += writer.Length;
            _count++;
            return true;
        }

        internal FlightMessage First
        {
            get { return _messages[0]; }
        }

        internal FlightMessage At(int index)
        {
            return _messages[index];
        }

        internal FlightMessage Last
        {
            get { return _messages[_count - 1]; }
        }

        /// <summary>Sends it (again) from the first message on.</summary>
        internal void Restart()
        {
            _cursor = 0;
            _cursorOffset = 0;
            IsSending = _count > 0;
        }

        /// <inheritdoc/>
        internal override int Fill(RecordHeader scratch, byte[] datagram, int limit, bool oneRecord, out int records)
        {
            int length = 0;
            records = 0;
            while (IsSending && (records == 0 || !oneRecord))
            {
                FlightMessage message = _messages[_cursor];
                int header = message.Type == HandshakeType.ChangeCipherSpec ? 0 : MessageHeader.Length;
                Epoch epoch = message.Epoch;
                if (epoch.NextSequence >= epoch.LastWritable)
                {
                    // No number is left for it, but for a last record of another kind; it counts as lost.
                    IsSending = false;
                    break;
                }

                int left = message.Length - _cursorOffset;
                int known = Log == null ? -1 : Log.CountKnown(_cursor, _cursorOffset, left);
                if (known >= 0)
                {
                    Step(message, known);
                    continue;
                }

                left = Log == null ? left : Log.CountUnknown(_cursor, _cursorOffset, left);
                int most = epoch.MostContent - header;
                int next = left < most ? left : most;
                int overhead = epoch.Overhead + header;
                int room = limit - length - overhead;
                if (next > room && length > 0 && !IsWorthCutting(left, room, limit - overhead))
                {
                    break;
                }

                int piece = next < room ? next : room;
                if (piece < 0 || (piece == 0 && left > 0))
                {
                    // Not even an empty datagram has room: options are validated so that this cannot be.
                    IsSending = false;
                    break;
                }

                length += Seal(scratch, datagram, length, message, header, piece);
                records++;
                Step(message, piece);
            }

            return length;
        }

        /// <summary>A message is cut only if it must be, and its first piece is not made tiny.</summary>
        private static bool IsWorthCutting(int left, int room, int emptyRoom)
        {
            return left > emptyRoom && room >= 128;
        }

        private int Seal(RecordHeader scratch, byte[] datagram, int at, FlightMessage message, int header, int piece)
        {
            Epoch epoch = message.Epoch;
            int type = header > 0 ? ContentType.Handshake : ContentType.ChangeCipherSpec;
            int content = at + epoch.BytesBefore(type);
            if (header > 0)
            {
                MessageHeader.Write(datagram, content, message.Type, message.Length, message.Sequence, _cursorOffset, piece);
            }

            Array.Copy(_bytes, message.Offset + _cursorOffset, datagram, content + header, piece);
            int length = epoch.Seal(scratch, type, message.Version, datagram, content, header + piece);
            if (Log != null)
            {
                Log.Add(epoch.Number, scratch.Sequence, _cursor, _cursorOffset, piece);
            }

            return length;
        }

        private void Step(FlightMessage message, int piece)
        {
            _cursorOffset += piece;
            if (_cursorOffset == message.Length)
            {
                _cursor++;
                _cursorOffset = 0;
                IsSending = _cursor < _count;
            }
        }
    }
}

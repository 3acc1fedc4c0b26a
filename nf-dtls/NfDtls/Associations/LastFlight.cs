using System;

namespace NfDtls
{
    /// <summary>
    /// The last flight of a handshake, ChangeCipherSpec and Finished, before them a NewSessionTicket where one was promised, and the peer's Finished before it. Nobody confirms the last
    /// flight: data of the peer's may have been sent before it came. So it is kept for some time, as what makes it again, and
    /// sent when the peer repeats its own (RFC 6347 section 4.2.4).
    /// </summary>
    internal sealed class LastFlight : OutgoingFlight
    {
        // At least twice TCP's maximum segment lifetime, 240 s (RFC 6347 section 4.2.4); a client's retries take 363 s by
        // default, and 543 s as Iot() has them: so whoever still asks is answered, whatever the outage was.
        private const long Lifetime = 600000;

        private const int FinishedLength = MessageHeader.Length + Finished.VerifyDataLength;

        /// <summary>When it was sent last.</summary>
        internal long SentAt;

        // Ours, and the peer's behind it.
        private readonly byte[] _verifyData = new byte[2 * Finished.VerifyDataLength];
        private Epoch _epoch;

        // Of the epoch before, in which nothing is protected, the ChangeCipherSpec needs no more than these.
        private RecordCodec _plainCodec;
        private long _plainSequence;
        private byte[] _ticket;
        private int _ticketSent;

        // Of one in which something is, it is kept as the record it was sealed to, so that the keys need not be: the same number
        // under the same key is the same record, and whoever has it already drops it.
        private byte[] _changeCipherSpec;
        private int _sequence;
        private int _peersSequence = -1;
        private int _version;
        private int _sent;
        private long _expires = Deadline.Never;

        /// <summary>Copies what the peer's last Finished said.</summary>
        internal void CopyPeers(byte[] destination, int offset)
        {
            Array.Copy(_verifyData, Finished.VerifyDataLength, destination, offset, Finished.VerifyDataLength);
        }

        /// <summary>Whether it can be sent again.</summary>
        internal bool IsKept
        {
            get { return _epoch != null; }
        }

        /// <summary>When it is forgotten; never where it is not kept.</summary>
        internal long Expires
        {
            get { return _expires; }
        }

        /// <inheritdoc/>
        internal override int Count
        {
            get { return _ticket == null ? 2 : 3; }
        }

        /// <summary>Takes over a flight that ends with ChangeCipherSpec and Finished, and begins to send it.</summary>
        internal void Keep(Flight flight, RecordHeader scratch, long now)
        {
            FlightMessage finished = flight.Last;
            Epoch before = flight.First.Epoch;
            Array.Copy(flight.Bytes, finished.Offset, _verifyData, 0, Finished.VerifyDataLength);
            _plainCodec = before.WriteCodec;
            _plainSequence = before.NextSequence;
            _epoch = finished.Epoch;
            _sequence = finished.Sequence;
            _version = finished.Version;
            _changeCipherSpec = before.Window == null ? null : Seal(before, scratch);
            _expires = Deadline.After(now, Lifetime);
            if (flight.First.Type == HandshakeType.NewSessionTicket)
            {
                _ticket = new byte[flight.First.Length];
                Array.Copy(flight.Bytes, flight.First.Offset, _ticket, 0, _ticket.Length);
            }

            Restart();
        }

        /// <summary>The peer's Finished was right: a repetition of it will be told by this.</summary>
        internal void RememberPeers(int sequence, byte[] verifyData, int offset)
        {
            _peersSequence = sequence;
            Array.Copy(verifyData, offset, _verifyData, Finished.VerifyDataLength, Finished.VerifyDataLength);
        }

        /// <summary>Whether a fragment, whose content begins at an offset, is of the Finished that the peer sent before.</summary>
        internal bool IsPeers(MessageHeader header, byte[] buffer, int offset)
        {
            if (header.Sequence != _peersSequence || header.MessageLength != Finished.VerifyDataLength)
            {
                return false;
            }

            return ConstantTime.AreEqual(buffer, offset, _verifyData, Finished.VerifyDataLength + header.FragmentOffset, header.FragmentLength);
        }

        /// <summary>Sends it (again).</summary>
        internal void Restart()
        {
            _sent = _ticket == null ? 1 : 0;
            _ticketSent = 0;
            IsSending = true;
        }

        /// <summary>Forgets both.</summary>
        internal void Clear()
        {
            Forget();
            Array.Clear(_verifyData, 0, _verifyData.Length);
            _peersSequence = -1;
        }

        /// <summary>Its time is over; what the peer's was is still known.</summary>
        internal void Forget()
        {
            IsSending = false;
            Array.Clear(_verifyData, 0, Finished.VerifyDataLength);
            _epoch = null;
            _ticket = null;
            _changeCipherSpec = null;
            _expires = Deadline.Never;
        }

        /// <summary>Writes both, as far as they are kept, for an association that is saved.</summary>
        internal void Save(WireWriter writer)
        {
            // One that a later handshake ended with needs keys that are not saved, and a ticket is long.
            bool isSaved = IsKept && _changeCipherSpec == null && _ticket == null;
            writer.WriteUInt8(isSaved ? 1 : 0);
            writer.WriteUInt16(_peersSequence);
            writer.WriteBytes(_verifyData, Finished.VerifyDataLength, Finished.VerifyDataLength);
            if (isSaved)
            {
                writer.WriteBytes(_verifyData, 0, Finished.VerifyDataLength);
                writer.WriteUInt16(_sequence);
                writer.WriteUInt48(_plainSequence);
            }
        }

        /// <summary>Takes over what <see cref="Save"/> wrote. Its time begins anew: nobody knows how long the sleep was.</summary>
        internal void Restore(WireReader reader, RecordCodec plainCodec, Epoch epoch, int version, long now)
        {
            bool isKept = reader.ReadUInt8() != 0;
            int sequence = reader.ReadUInt16();
            RememberPeers(sequence == 0xFFFF ? -1 : sequence, reader.Buffer, reader.Skip(Finished.VerifyDataLength));
            if (isKept)
            {
                Array.Copy(reader.Buffer, reader.Skip(Finished.VerifyDataLength), _verifyData, 0, Finished.VerifyDataLength);
                _sequence = reader.ReadUInt16();
                _plainSequence = reader.ReadUInt48();
                _plainCodec = plainCodec;
                _epoch = epoch;
                _version = version;
                _expires = Deadline.After(now, Lifetime);
                SentAt = now;
            }
        }

        /// <inheritdoc/>
        internal override int Fill(RecordHeader scratch, byte[] datagram, int limit, bool oneRecord, out int records)
        {
            int length = 0;
            records = 0;
            while (IsSending && (records == 0 || !oneRecord))
            {
                if (!_epoch.MaySealLast)
                {
                    // No number is left for it; it counts as lost.
                    IsSending = false;
                    break;
                }

                if (records > 0 && length + NextLength > limit)
                {
                    break;
                }

                length += AddNext(scratch, datagram, length, limit);
                records++;
                IsSending = _sent < 3;
            }

            return length;
        }

        /// <summary>Of a ticket, which comes first in a datagram, only what it takes at least.</summary>
        private int NextLength
        {
            get
            {
                return _sent == 2 ? _epoch.Overhead + FinishedLength
                    : _changeCipherSpec != null ? _changeCipherSpec.Length
                    : _plainCodec.HeaderLength + (_sent == 1 ? 1 : _ticket.Length - _ticketSent + MessageHeader.Length);
            }
        }

        private int AddNext(RecordHeader scratch, byte[] datagram, int at, int limit)
        {
            if (_sent == 0)
            {
                return AddTicket(datagram, at, limit);
            }

            _sent++;
            return _sent == 2 ? AddChangeCipherSpec(datagram, at) : AddFinished(scratch, datagram, at);
        }

        /// <summary>As much of the ticket as has room.</summary>
        private int AddTicket(byte[] datagram, int at, int limit)
        {
            int header = at + _plainCodec.HeaderLength;
            int content = header + MessageHeader.Length;
            int piece = _ticket.Length - _ticketSent;
            piece = piece < limit - content ? piece : limit - content;
            piece = piece < _epoch.WriteLimit - MessageHeader.Length ? piece : _epoch.WriteLimit - MessageHeader.Length;
            MessageHeader.Write(datagram, header, HandshakeType.NewSessionTicket, _ticket.Length, _sequence - 1, _ticketSent, piece);
            Array.Copy(_ticket, _ticketSent, datagram, content, piece);
            _plainCodec.Write(datagram, at, ContentType.Handshake, _version, 0, _plainSequence, MessageHeader.Length + piece);
            _plainSequence++;
            _ticketSent += piece;
            _sent += _ticketSent == _ticket.Length ? 1 : 0;
            return content + piece - at;
        }

        private byte[] Seal(Epoch epoch, RecordHeader scratch)
        {
            byte[] buffer = new byte[epoch.Overhead + 1];
            int content = epoch.BytesBefore(ContentType.ChangeCipherSpec);
            buffer[content] = 1;
            byte[] record = new byte[epoch.Seal(scratch, ContentType.ChangeCipherSpec, _version, buffer, content, 1)];
            Array.Copy(buffer, record, record.Length);
            return record;
        }

        private int AddChangeCipherSpec(byte[] datagram, int at)
        {
            if (_changeCipherSpec != null)
            {
                Array.Copy(_changeCipherSpec, 0, datagram, at, _changeCipherSpec.Length);
                return _changeCipherSpec.Length;
            }

            int content = at + _plainCodec.HeaderLength;
            datagram[content] = 1;
            _plainCodec.Write(datagram, at, ContentType.ChangeCipherSpec, _version, 0, _plainSequence, 1);
            _plainSequence++;
            return content + 1 - at;
        }

        private int AddFinished(RecordHeader scratch, byte[] datagram, int at)
        {
            int content = at + _epoch.BytesBefore(ContentType.Handshake);
            MessageHeader.Write(datagram, content, HandshakeType.Finished, Finished.VerifyDataLength, _sequence, 0, Finished.VerifyDataLength);
            Array.Copy(_verifyData, 0, datagram, content + MessageHeader.Length, Finished.VerifyDataLength);
            return _epoch.Seal(scratch, ContentType.Handshake, _version, datagram, content, FinishedLength);
        }
    }
}

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

        /// <summary>When it is forgotten; never where it is not kept.</summary>
        internal long Expires = Deadline.Never;

        // Ours, and the peer's behind it.
        internal readonly byte[] VerifyData = new byte[2 * Finished.VerifyDataLength];
        private Epoch _epoch;

        // Of the epoch before, in which nothing is protected, the ChangeCipherSpec needs no more than these.
        private RecordCodec _plainCodec;
        internal long PlainSequence;
        private byte[] _ticket;
        private int _ticketSent;

        // Of one in which something is, it is kept as the record it was sealed to, so that the keys need not be: the same number
        // under the same key is the same record, and whoever has it already drops it.
        private byte[] _changeCipherSpec;
        internal int Sequence;
        internal int PeersSequence = -1;
        private int _version;
        private int _sent;

        /// <summary>Copies what the peer's last Finished said.</summary>
        internal void CopyPeers(byte[] destination, int offset)
        {
            Array.Copy(VerifyData, Finished.VerifyDataLength, destination, offset, Finished.VerifyDataLength);
        }

        /// <summary>Whether it can be sent again.</summary>
        internal bool IsKept
        {
            get { return _epoch != null; }
        }

        /// <summary>Whether <see cref="VerifyData"/> and the numbers make it again: one that a later handshake ended with needs keys, and a ticket is long.</summary>
        internal bool IsShort
        {
            get { return IsKept && _changeCipherSpec == null && _ticket == null; }
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
            FlightMessage first = flight.First;
            Epoch before = first.Epoch;
            Keep(finished.Sequence, finished.Epoch, finished.Version, flight.Bytes, finished.Offset, now);
            _plainCodec = before.WriteCodec;
            PlainSequence = before.NextSequence;
            _changeCipherSpec = before.Window == null ? null : Seal(before, scratch);
            if (first.Type == HandshakeType.NewSessionTicket)
            {
                _ticket = new byte[first.Length];
                Array.Copy(flight.Bytes, first.Offset, _ticket, 0, first.Length);
            }

            Restart();
        }

        /// <summary>Takes over what was saved of one, whose records before the keys have a version's first form.</summary>
        internal void Keep(int sequence, Epoch epoch, ProtocolVersion version, byte[] bytes, int verifyData, long plainSequence, long now)
        {
            Keep(sequence, epoch, version.Number, bytes, verifyData, now);
            _plainCodec = version.Codec;
            PlainSequence = plainSequence;
            SentAt = now;
        }

        private void Keep(int sequence, Epoch epoch, int version, byte[] bytes, int verifyData, long now)
        {
            Array.Copy(bytes, verifyData, VerifyData, 0, Finished.VerifyDataLength);
            Sequence = sequence;
            _epoch = epoch;
            _version = version;
            Expires = Deadline.After(now, Lifetime);
        }

        /// <summary>The peer's Finished was right: a repetition of it will be told by this.</summary>
        internal void RememberPeers(int sequence, byte[] verifyData, int offset)
        {
            PeersSequence = sequence;
            Array.Copy(verifyData, offset, VerifyData, Finished.VerifyDataLength, Finished.VerifyDataLength);
        }

        /// <summary>Whether a fragment, whose content begins at an offset, is of the Finished that the peer sent before.</summary>
        internal bool IsPeers(MessageHeader header, byte[] buffer, int offset)
        {
            if (header.Sequence != PeersSequence || header.MessageLength != Finished.VerifyDataLength)
            {
                return false;
            }

            return ConstantTime.AreEqual(buffer, offset, VerifyData, Finished.VerifyDataLength + header.FragmentOffset, header.FragmentLength);
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
            Array.Clear(VerifyData, 0, VerifyData.Length);
            PeersSequence = -1;
        }

        /// <summary>Its time is over; what the peer's was is still known.</summary>
        internal void Forget()
        {
            IsSending = false;
            Array.Clear(VerifyData, 0, Finished.VerifyDataLength);
            _epoch = null;
            _ticket = null;
            _changeCipherSpec = null;
            Expires = Deadline.Never;
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
            MessageHeader.Write(datagram, header, HandshakeType.NewSessionTicket, _ticket.Length, Sequence - 1, _ticketSent, piece);
            Array.Copy(_ticket, _ticketSent, datagram, content, piece);
            _plainCodec.Write(datagram, at, ContentType.Handshake, _version, 0, PlainSequence, MessageHeader.Length + piece);
            PlainSequence++;
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
            _plainCodec.Write(datagram, at, ContentType.ChangeCipherSpec, _version, 0, PlainSequence, 1);
            PlainSequence++;
            return content + 1 - at;
        }

        private int AddFinished(RecordHeader scratch, byte[] datagram, int at)
        {
            int content = at + _epoch.BytesBefore(ContentType.Handshake);
            MessageHeader.Write(datagram, content, HandshakeType.Finished, Finished.VerifyDataLength, Sequence, 0, Finished.VerifyDataLength);
            Array.Copy(VerifyData, 0, datagram, content + MessageHeader.Length, Finished.VerifyDataLength);
            return _epoch.Seal(scratch, ContentType.Handshake, _version, datagram, content, FinishedLength);
        }
    }
}

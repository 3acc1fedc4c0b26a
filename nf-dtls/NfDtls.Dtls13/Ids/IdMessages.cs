using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// NewConnectionId and RequestConnectionId (RFC 9147 section 9), both ways. One of each is under way at a time, under the next
    /// message_seq, until its ACK has come: a message that nobody acknowledges is kept, and sent again when the peer is heard. One of
    /// these for all associations of an endpoint.
    /// </summary>
    internal sealed class IdMessages
    {
        /// <summary>The longest message that is taken; whole lists of the longest IDs would be more than anyone keeps.</summary>
        internal const int LongestMessage = 2048;

        /// <summary>So many requests in a row for which there is nothing to give are answered; the next ends the association.</summary>
        internal const int MostIdleRequests = 3;

        private const int AroundIds = MessageHeader.Length + 3;

        private readonly Associations13 _feature;
        private WireReader _reader;
        private IdentifyingFeature _source;
        private UnifiedCodec _form;

        internal IdMessages(Associations13 feature)
        {
            _feature = feature;
        }

        /// <summary>The form of records that say whose they are, or null where an endpoint has none.</summary>
        internal UnifiedCodec Form
        {
            get { return _form; }
        }

        internal void Attach(AssociationHost endpoint)
        {
            for (int i = 0; i < endpoint.Features.Length && _source == null; i++)
            {
                _source = endpoint.Features[i] as IdentifyingFeature;
            }

            if (_source != null && _source.IdLength > 0)
            {
                _form = new UnifiedCodec();
                _form.ReadIdLength = _source.IdLength;
            }
        }

        /// <summary>The place that the ID of a record leads to.</summary>
        internal int FindPlace(byte[] buffer, RecordHeader header)
        {
            return _source.FindPlace(buffer, header.Offset + 1);
        }

        /// <summary>A handshake has succeeded.</summary>
        internal void OnConnected(Association association)
        {
            Replenish(SessionIds.Of(association));
        }

        /// <summary>An authentic record has come, and was looked at for its ID.</summary>
        internal void OnRecord(Association association, bool isNewest, long now)
        {
            SessionIds ids = SessionIds.Of(association);
            if (ids == null)
            {
                return;
            }

            if (isNewest && ids.Own.Use(now))
            {
                ids.IdleRequests = 0;
            }

            if (ids.Sending != null)
            {
                ids.Sending.Heard(association.Engine.Options, now);
            }
        }

        /// <summary>Goes on with another ID, where there is one to spare.</summary>
        internal bool UseSpare(Association association)
        {
            SessionIds ids = SessionIds.Of(association);
            if (ids == null || !ids.Peers.UseSpare())
            {
                return false;
            }

            Replenish(ids);
            return true;
        }

        internal long DeadlineOf(Association association, KeyState state)
        {
            SessionIds ids = SessionIds.Of(association);
            if (ids == null)
            {
                return Deadline.Never;
            }

            if (ids.Sending == null || !Associations13.IsOpen(association))
            {
                return HasMore(ids) && MaySend(association, state) ? 0 : ids.Own.BeforeEnds;
            }

            return ids.Sending.ResendAt < ids.Own.BeforeEnds ? ids.Sending.ResendAt : ids.Own.BeforeEnds;
        }

        internal void HandleTimeout(Association association, KeyState state, long now)
        {
            SessionIds ids = SessionIds.Of(association);
            if (ids == null)
            {
                return;
            }

            if (now >= ids.Own.BeforeEnds)
            {
                ids.Own.ForgetBefore();
            }

            if (ids.Sending != null)
            {
                if (now >= ids.Sending.ResendAt && Associations13.IsOpen(association))
                {
                    Send(association, ids.Sending, now);
                }
            }
            else if (HasMore(ids) && MaySend(association, state))
            {
                Begin(association, state, ids, now);
            }
        }

        /// <summary>The peer says that a record has come.</summary>
        internal void OnAcknowledged(Association association, long epoch, long number)
        {
            SessionIds ids = SessionIds.Of(association);
            if (ids != null && ids.Sending != null && ids.Sending.Records.Find(epoch, number) >= 0)
            {
                ids.Sending = null;
            }
        }

        /// <summary>Whether a message is one of these.</summary>
        internal static bool Reads(int type)
        {
            return type == HandshakeType13.NewConnectionId || type == HandshakeType13.RequestConnectionId;
        }

        /// <summary>A message of the peer's, whose turn it is, or a piece of it; a whole one is counted.</summary>
        internal DtlsError Take(Association association, KeyState state, MessageHeader message, byte[] buffer, int body)
        {
            SessionIds ids = SessionIds.Of(association);
            bool isNew = message.Type == HandshakeType13.NewConnectionId;
            if (ids == null || (isNew ? ids.Peers.Current == null : ids.Own.Length == 0))
            {
                return DtlsError.UnexpectedMessage;
            }

            if (message.MessageLength > LongestMessage)
            {
                return DtlsError.HandshakeMessageTooLarge;
            }

            if (message.FragmentLength < message.MessageLength)
            {
                if (ids.Body == null)
                {
                    ids.Body = new byte[message.MessageLength];
                    ids.Parts = new RangeSet(message.MessageLength);
                }

                if (ids.Body.Length != message.MessageLength)
                {
                    return DtlsError.IllegalParameter;
                }

                Array.Copy(buffer, body, ids.Body, message.FragmentOffset, message.FragmentLength);
                ids.Parts.Add(message.FragmentOffset, message.FragmentOffset + message.FragmentLength);
                if (!ids.Parts.IsWhole(message.MessageLength))
                {
                    return DtlsError.None;
                }

                buffer = ids.Body;
                body = 0;
            }

            ids.Body = null;
            ids.Parts = null;
            state.NextToRead++;
            _reader = _reader == null ? new WireReader() : _reader;
            _reader.Reset(buffer, body, message.MessageLength);
            return isNew ? OnNew(ids) : OnRequest(ids);
        }

        private static bool HasMore(SessionIds ids)
        {
            return ids.Renews || ids.Gives >= 0 || ids.Asks > 0;
        }

        /// <summary>
        /// Behind a KeyUpdate whose ACK has not come there is no number for a message. A server waits until its client was heard in the
        /// epoch of data: before that the client may be in its handshake.
        /// </summary>
        private static bool MaySend(Association association, KeyState state)
        {
            return state != null && state.HasNumber && !state.IsUnderWay && association.State == AssociationState.Connected
                && (association.ReadEpoch.Number > UnifiedCodec.DataEpoch || association.ReadEpoch.Window.Highest >= 0 || !association.IsServer);
        }

        /// <summary>Asks for as many as are missing, unless the peer was asked.</summary>
        private void Replenish(SessionIds ids)
        {
            if (ids != null && ids.Peers.Current != null && !ids.IsAsking && _source.WantedSpares > ids.Peers.Count)
            {
                ids.Asks = _source.WantedSpares - ids.Peers.Count;
            }
        }

        private void Begin(Association association, KeyState state, SessionIds ids, long now)
        {
            byte[] message = ids.Renews || ids.Gives >= 0 ? MakeNew(association, ids) : MakeRequest(association, ids);
            int body = message.Length - MessageHeader.Length;
            int type = message[0];
            MessageHeader.Write(message, 0, type, body, state.NextToSend, 0, body);
            state.NextToSend++;
            ids.Sending = new IdSending(message);
            _feature.Wake(association, state, now);
            ids.Sending.BeginAt(now);
            Send(association, ids.Sending, now);
        }

        private byte[] MakeNew(Association association, SessionIds ids)
        {
            int usage = ids.Renews ? ConnectionIdMessages.Immediate : ConnectionIdMessages.Spare;
            int fitting = (association.MaxPayload - AroundIds) / (1 + _source.IdLength);
            int count = ids.Renews ? 1 : ids.Gives < ids.Own.Room ? ids.Gives : ids.Own.Room;
            count = count < fitting ? count : fitting < 0 ? 0 : fitting;
            byte[][] made = new byte[count][];
            for (int i = 0; i < count; i++)
            {
                made[i] = _source.CreateId(association);
                ids.Own.Add(made[i]);
            }

            if (ids.Renews)
            {
                ids.Renews = false;
            }
            else
            {
                ids.Gives = -1;
            }

            byte[] message = new byte[AroundIds + (count * (1 + _source.IdLength))];
            message[0] = HandshakeType13.NewConnectionId;
            WireWriter writer = association.Engine.Writer;
            writer.Reset(message, MessageHeader.Length, message.Length - MessageHeader.Length);
            ConnectionIdMessages.WriteNew(writer, made, usage);
            return message;
        }

        private static byte[] MakeRequest(Association association, SessionIds ids)
        {
            byte[] message = new byte[MessageHeader.Length + 1];
            message[0] = HandshakeType13.RequestConnectionId;
            WireWriter writer = association.Engine.Writer;
            writer.Reset(message, MessageHeader.Length, 1);
            ConnectionIdMessages.WriteRequest(writer, ids.Asks);
            ids.Asks = 0;
            ids.IsAsking = true;
            return message;
        }

        private void Send(Association association, IdSending sending, long now)
        {
            if (!sending.IsSentNow(association.Engine, now))
            {
                return;
            }

            Epoch epoch = association.WriteEpoch;
            long number = epoch.NextSequence;
            _feature.Send(association, ContentType.Handshake, sending.Message, sending.Message.Length);
            if (epoch.NextSequence > number)
            {
                sending.Records.Add(epoch.Number, number);
            }
        }

        /// <summary>The peer gives IDs: what is too long, or too many, is let fall.</summary>
        private DtlsError OnNew(SessionIds ids)
        {
            int end;
            int usage;
            DtlsError error = ConnectionIdMessages.ReadNew(_reader, out end, out usage);
            if (error != DtlsError.None)
            {
                return error;
            }

            bool isToUse = usage == ConnectionIdMessages.Immediate;
            while (_reader.Position < end)
            {
                int length = _reader.ReadUInt8();
                int at = _reader.Skip(length);
                if (length == 0)
                {
                    // Where there was an ID there is one.
                    return DtlsError.IllegalParameter;
                }

                if (!_source.HasRoomFor(length))
                {
                    continue;
                }

                if (isToUse)
                {
                    ids.Peers.Use(Piece.Of(_reader.Buffer, at, length));
                    isToUse = false;
                }
                else if (ids.Peers.Count < IdentifyingFeature.MostSpares)
                {
                    ids.Peers.Add(Piece.Of(_reader.Buffer, at, length));
                }
            }

            ids.IsAsking = false;
            return isToUse ? DtlsError.IllegalParameter : DtlsError.None;
        }

        /// <summary>The peer asks for IDs, and gets what there is for it: perhaps none, but not for ever.</summary>
        private DtlsError OnRequest(SessionIds ids)
        {
            int count = ConnectionIdMessages.ReadRequest(_reader);
            if (count < 0)
            {
                return DtlsError.DecodeError;
            }

            int room = ids.Own.Room;
            if (count == 0 || room == 0 || ids.Gives >= 0)
            {
                ids.IdleRequests++;
                if (ids.IdleRequests > MostIdleRequests)
                {
                    return DtlsError.TooManyConnectionIds;
                }
            }

            count = count < room ? count : room;
            ids.Gives = count > ids.Gives ? count : ids.Gives;
            return DtlsError.None;
        }
    }
}

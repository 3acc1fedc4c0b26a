using System;

namespace NfDtls.Dtls13
{
    /// <summary>What an association of DTLS 1.3 does beyond its handshake: messages and their ACKs, and keys that follow each other.</summary>
    internal sealed class Associations13 : Feature
    {
        // The longest message that is let fall piece by piece.
        private const int LongestTicket = 8192;

        // As long as a server answers a Finished that comes again (RFC 9147 section 5.8.1).
        private const long FinishedLifetime = 120000;

        /// <summary>Where the mask of a record's number is, for the moment of a record: of all the associations of an endpoint.</summary>
        internal readonly byte[] Mask = new byte[MaskContext.SampleLength];

        /// <summary>Where an ACK of one record or a KeyUpdate is written, for the call that sends it.</summary>
        internal readonly byte[] Short = new byte[2 + AckMessage.NumberLength];

        private readonly RecordType[] _types;
        private readonly KeyChanges _changes;
        private readonly SessionTickets _tickets;
        private readonly IdMessages _ids;
        private AssociationHost _endpoint;

        internal Associations13()
        {
            _types = new RecordType[] { new AckRecord(this) };
            _changes = new KeyChanges(this);
            _tickets = new SessionTickets(this);
            _ids = new IdMessages(this);
        }

        internal override RecordType[] RecordTypes
        {
            get { return _types; }
        }

        /// <summary>Records with a connection ID.</summary>
        internal override RecordCodec Codec
        {
            get { return _ids.Form; }
        }

        /// <summary>That of an endpoint with DTLS 1.3, or null.</summary>
        internal static Associations13 Of(AssociationHost endpoint)
        {
            Associations13 found = null;
            for (int i = 0; i < endpoint.Features.Length && found == null; i++)
            {
                found = endpoint.Features[i] as Associations13;
            }

            return found;
        }

        /// <summary>How secrets are derived, of all handshakes and associations.</summary>
        internal LabelHkdf Labels { get; private set; }

        internal override void Attach(AssociationHost endpoint)
        {
            int longest = 0;
            for (int i = 0; i < endpoint.Options.Suites.Count; i++)
            {
                int size = CryptoAlgorithm.HashSize(endpoint.Options.Suites.At(i).Hash);
                longest = size > longest ? size : longest;
            }

            Labels = new LabelHkdf(endpoint.Crypto, SecretTree.Prefix, longest);
            _ids.Attach(endpoint);
            _endpoint = endpoint;
        }

        internal override int FindPlace(byte[] buffer)
        {
            return _ids.FindPlace(buffer, _endpoint.Header);
        }

        internal override bool Names(Association association, byte[] buffer)
        {
            SessionIds ids = SessionIds.Of(association);
            return ids != null && ids.Own.Length > 0 && ids.Own.Contains(buffer, _endpoint.Header.Offset + 1);
        }

        internal override void OnMoved(Association association)
        {
            _ids.UseSpare(association);
        }

        /// <summary>Goes on with another of the peer's connection IDs, where there is one to spare.</summary>
        internal bool UseSpareId(Association association)
        {
            return _ids.UseSpare(association);
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            KeySchedule13 secrets = handshake.Role.KeySchedule as KeySchedule13;
            if (secrets == null)
            {
                return;
            }

            KeyState state = new KeyState(CryptoAlgorithm.HashSize(handshake.Suite.Hash));
            Array.Copy(secrets.All, secrets.DataAt(!handshake.IsServer), state.Secrets, 0, state.Size);
            Array.Copy(secrets.All, secrets.DataAt(handshake.IsServer), state.Secrets, state.Size, state.Size);
            state.NextToSend = handshake.Script.NextSequence;
            state.NextToRead = handshake.Receiver.Assembler.NextSequence;
            association.SetState(this, state);
            _tickets.OnConnected(association, handshake, state, now);
            _ids.OnConnected(association);
            Settle(association, state, secrets, now);
        }

        /// <summary>
        /// The handshake's epoch is over. A client has all that came in it, and a server is ready for the client's Finished, which may come again: with
        /// what makes the keys of that epoch, or with the epoch itself where associations are saved.
        /// </summary>
        private void Settle(Association association, KeyState state, KeySchedule13 secrets, long now)
        {
            Epoch past = association.ReadEpoch.Before;
            if (past == null || past.Window == null)
            {
                return;
            }

            if (association.IsServer && MayBeSaved(association))
            {
                state.Before = new EpochBefore(past.Number, secrets.All, secrets.HandshakeAt(false), state.Size);
                TrafficKeys.EndWriting(past);
                return;
            }

            if (association.IsServer)
            {
                state.Before = new SleepingEpoch(association, past, secrets.All, secrets.HandshakeAt(false), state.Size, Deadline.After(now, FinishedLifetime));
            }

            association.Epochs.EndBefore(association.ReadEpoch, association.Engine);
        }

        /// <summary>Makes the keys of what comes in in an epoch from its secret.</summary>
        internal void ProtectReading(Association association, byte[] secret, int offset, Epoch epoch)
        {
            SecretTree tree = _changes.TreeOf(association);
            TrafficKeys.ProtectReading(association.Engine.Crypto, tree, association.Suite, secret, offset, epoch);
            tree.Clear();
        }

        /// <summary>The secret of an epoch before is not needed any more.</summary>
        internal void ForgetBefore(Association association)
        {
            StateOf(association).ForgetBefore();
        }

        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            KeyState state = StateOf(association);
            if (isNewest && state != null)
            {
                _changes.OnRecord(association, state);
            }

            if (state != null && state.IsUnderWay)
            {
                state.Update.Heard(association.Engine.Options, now);
            }

            if (state != null && state.Ticket != null)
            {
                state.Ticket.Heard(association.Engine.Options, now);
            }

            _ids.OnRecord(association, isNewest, now);
        }

        /// <summary>Keys that are soon used up are changed before that.</summary>
        internal override void OnSent(Association association)
        {
            KeyState state = StateOf(association);
            Epoch epoch = association.WriteEpoch;
            if (state != null && !state.IsWanted && !state.IsSending && epoch.Sealed >= epoch.SealLimit - (epoch.SealLimit / 8))
            {
                state.Want();
                association.Engine.DeadlineChanged(association);
            }
        }

        internal override long DeadlineOf(Association association)
        {
            KeyState state = StateOf(association);
            if (state == null)
            {
                return Deadline.Never;
            }

            long next = state.DueAt(IsOpen(association));
            long ofIds = _ids.DeadlineOf(association, state);
            return ofIds < next ? ofIds : next;
        }

        internal override void HandleTimeout(Association association, long now)
        {
            KeyState state = StateOf(association);
            try
            {
                bool isOpen = IsOpen(association);
                if (isOpen && state != null && state.IsWanted)
                {
                    _changes.Begin(association, state, state.Update.Asks, now);
                }
                else if (isOpen && state != null && state.Update != null && now >= state.Update.ResendAt)
                {
                    _changes.Resend(association, state, now);
                }

                if (state != null && state.Ticket != null && now >= state.Ticket.ResendAt && IsOpen(association))
                {
                    _tickets.HandleTimeout(association, state, now);
                }

                if (state != null && state.Before != null && now >= state.Before.Ends)
                {
                    state.ForgetBefore();
                }

                _ids.HandleTimeout(association, state, now);
            }
            catch (Exception e)
            {
                association.Break(e);
            }
        }

        /// <summary>Behind its close_notify an end sends nothing more (RFC 8446 section 6.1), and so nothing is due.</summary>
        internal static bool IsOpen(Association association)
        {
            return association.State == AssociationState.Connected;
        }

        internal override int SavedTag
        {
            get { return VersionTag; }
        }

        internal override void Save(Association association, WireWriter writer)
        {
            KeyState state = StateOf(association);
            if (state != null)
            {
                SavedKeys.Write(association, state, writer);
                state.Saved = state.Saved == null ? new SavedMarks() : state.Saved;
                state.Saved.Saved = state.NextToRead;
            }
        }

        internal override void OnStored(Association association)
        {
            KeyState state = StateOf(association);
            if (state != null && state.Saved != null)
            {
                state.Saved.Stored = state.Saved.Saved;
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            return SavedKeys.Read(reader, _endpoint, _changes.TreeOf(_endpoint));
        }

        internal override void DropSaved(object saved)
        {
            ((SavedKeys)saved).Clear();
        }

        internal override void Restore(Association association, object saved)
        {
            association.SetState(this, ((SavedKeys)saved).Restore(association));
        }

        /// <summary>Whether the endpoint has somebody who saves associations.</summary>
        internal static bool MayBeSaved(Association association)
        {
            Feature[] features = association.Engine.Features;
            bool may = false;
            for (int i = 0; i < features.Length && !may; i++)
            {
                may = features[i] is AssociationSaver;
            }

            return may;
        }

        internal override void Forget(Association association)
        {
            KeyState state = StateOf(association);
            if (state != null)
            {
                state.Clear();
                association.SetState(this, null);
            }
        }

        /// <summary>
        /// Handshake messages without a handshake. What came before is acknowledged again: the client's Finished, whose ACK was lost (RFC
        /// 9147 section 5.8.1), or a message of now. A KeyUpdate is followed; a NewSessionTicket goes to whoever keeps sessions.
        /// </summary>
        internal override bool OnHandshakeRecord(Association association, byte[] buffer, long now)
        {
            KeyState state = StateOf(association);
            if (state == null)
            {
                return false;
            }

            RecordHeader header = association.Engine.Header;
            long epoch = header.Epoch;
            long sequence = header.Sequence;
            MessageHeader message = association.Engine.MessageHeader;
            WireReader reader = association.Engine.Reader;
            reader.Reset(buffer, header.FragmentOffset, header.FragmentLength);
            bool asks = false;
            do
            {
                if (!message.Read(reader))
                {
                    association.Fail(DtlsError.DecodeError);
                    return true;
                }

                if (message.Sequence > state.NextToRead)
                {
                    // One before it is missing; it comes again, acknowledged then.
                    association.Engine.Drop(DropReason.MessageSequence, ContentType.Handshake);
                    return true;
                }

                int body = reader.Skip(message.FragmentLength);
                DtlsError error = message.Sequence < state.NextToRead ? DtlsError.None
                    : epoch < UnifiedCodec.DataEpoch ? DtlsError.UnexpectedMessage
                    : Take(association, state, message, buffer, body, now, ref asks);
                if (error != DtlsError.None)
                {
                    association.Fail(error);
                    return true;
                }
            }
            while (reader.Remaining > 0);

            bool isBound = association.ReadEpoch.LastReadable < Epoch.LastSequence;
            if (isBound && state.NextToRead > state.StoredToRead)
            {
                // After a crash nobody would know that it has come: it is acknowledged when it comes again and that is stored.
                association.Raise(AssociationEvents.PromiseWanted);
            }
            else if (!isBound || !state.HasParts(SessionIds.Of(association)))
            {
                // No part is saved: all of it shall come again until it is whole.
                Acknowledge(association, epoch, sequence);
            }

            if (asks && association.State == AssociationState.Connected)
            {
                _changes.Begin(association, state, false, now);
            }

            return true;
        }

        /// <summary>An ACK of the peer's, of what was sent without a handshake.</summary>
        internal DtlsError OnAck(Association association, WireReader reader)
        {
            KeyState state = StateOf(association);
            int count = AckMessage.ReadCount(reader);
            if (count < 0)
            {
                return DtlsError.DecodeError;
            }

            association.Engine.Trace("ack received", count, 0);
            for (int i = 0; i < count && state != null; i++)
            {
                long epoch = AckMessage.ReadNumber(reader);
                long sequence = AckMessage.ReadNumber(reader);
                if (state.Ticket != null)
                {
                    _tickets.OnAcknowledged(state, epoch, sequence);
                }

                _ids.OnAcknowledged(association, epoch, sequence);

                // The epochs of both directions go on by themselves: that of the ACK says nothing of those in it.
                if (state.IsUnderWay && state.Update.Records.Find(epoch, sequence) >= 0)
                {
                    state.NextToSend++;
                    _changes.OnAcknowledged(association, state);
                }
            }

            return DtlsError.None;
        }

        /// <summary>A message has begun: those before it do not rest any longer, as the peer reads it only behind them.</summary>
        internal void Wake(Association association, KeyState state, long now)
        {
            if (state.Ticket != null)
            {
                state.Ticket.Wake(now);
            }

            SessionIds ids = SessionIds.Of(association);
            if (ids != null)
            {
                ids.Wake(now);
            }
        }

        /// <summary>Begins to change the keys of what goes out.</summary>
        internal void UpdateKeys(Association association, bool asksPeer, long now)
        {
            KeyState state = StateOf(association);
            if (state == null)
            {
                throw new InvalidOperationException("The association is none of DTLS 1.3 that is connected.");
            }

            _changes.Begin(association, state, asksPeer, now);
            association.Engine.DeadlineChanged(association);
        }

        /// <summary>Sends a record under the keys of now; one that cannot be protected ends the association.</summary>
        internal void Send(Association association, int type, byte[] content, int count)
        {
            DtlsError error = association.Engine.Sender.SendShort(association, type, content, count);
            if (error != DtlsError.None)
            {
                association.End(error);
            }
        }

        private DtlsError Take(Association association, KeyState state, MessageHeader message, byte[] buffer, int body, long now, ref bool asks)
        {
            if (message.Type == HandshakeType13.KeyUpdate)
            {
                if (message.MessageLength != 1)
                {
                    return DtlsError.DecodeError;
                }

                if (buffer[body] > 1)
                {
                    return DtlsError.IllegalParameter;
                }

                state.NextToRead++;
                asks |= buffer[body] == 1;
                _changes.OnUpdate(association, state);
                return DtlsError.None;
            }

            if (IdMessages.Reads(message.Type))
            {
                return _ids.Take(association, state, message, buffer, body);
            }

            if (message.Type != HandshakeType.NewSessionTicket || association.IsServer || message.MessageLength > LongestTicket)
            {
                return DtlsError.UnexpectedMessage;
            }

            if (state.Parts == null)
            {
                state.Parts = new RangeSet(LongestTicket);
                state.Body = _tickets.RoomFor(association, message.MessageLength);
            }

            if (state.Body != null && state.Body.Length != message.MessageLength)
            {
                return DtlsError.IllegalParameter;
            }

            state.Parts.Add(message.FragmentOffset, message.FragmentOffset + message.FragmentLength);
            if (state.Body != null)
            {
                Array.Copy(buffer, body, state.Body, message.FragmentOffset, message.FragmentLength);
            }

            if (!state.Parts.IsWhole(message.MessageLength))
            {
                return DtlsError.None;
            }

            byte[] whole = state.Body;
            state.Parts = null;
            state.Body = null;
            state.NextToRead++;
            return whole == null ? DtlsError.None : _tickets.Read(association, state, whole, now);
        }

        private void Acknowledge(Association association, long epoch, long sequence)
        {
            WireWriter writer = association.Engine.Writer;
            writer.Reset(Short, 0, Short.Length);
            AckMessage.Write(writer, epoch, sequence);
            association.Engine.Trace("ack sent", 1, 0);
            Send(association, ContentType.Ack, Short, writer.Length);
        }

        private KeyState StateOf(Association association)
        {
            return (KeyState)association.GetState(this);
        }
    }
}

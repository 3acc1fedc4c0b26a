using System;

namespace NfDtls
{
    /// <summary>What an association does with the records that come in; one of these for all associations of an endpoint.</summary>
    internal sealed class RecordReceiver
    {
        /// <summary>The record was dealt with, or dropped and counted.</summary>
        internal const int Handled = 0;
        /// <summary>The record is of an epoch that cannot be read; nothing was counted.</summary>
        internal const int NotReadable = 1;
        /// <summary>The record did not open, and its bytes are spoilt; nothing was counted.</summary>
        internal const int Forged = 2;
        /// <summary>The record came before, or is too old to tell; nothing was counted, and its bytes are as they were.</summary>
        internal const int Replayed = 3;
        /// <summary>The record has another form than the association agreed on; nothing was counted, and its bytes are as they were.</summary>
        internal const int OtherForm = 4;

        private readonly AssociationHost _endpoint;
        private readonly RecordHeader _header;
        private readonly Feature[] _features;

        internal RecordReceiver(AssociationHost endpoint)
        {
            _endpoint = endpoint;
            _header = endpoint.Header;
            _features = endpoint.Features;
        }

        /// <summary>Handles the record in the endpoint's header, or says why it cannot.</summary>
        internal int TryRecord(Association association, byte[] buffer, long now)
        {
            RecordHeader header = _header;
            Epoch newest = association.ReadEpoch;
            if (newest == null)
            {
                // Idle or closed: there are no keys.
                Drop(DropReason.Closed);
                return Handled;
            }

            try
            {
                Epoch epoch = newest.ReadCodec.FindEpoch(newest, header, buffer);
                if (epoch == null)
                {
                    return NotReadable;
                }

                RecordCodec codec = epoch.ReadCodec;
                if (codec != _endpoint.Codec && !codec.Matches(buffer, header))
                {
                    return OtherForm;
                }

                if (!codec.IsVersionRight(header))
                {
                    Drop(DropReason.Version);
                    return Handled;
                }

                EpochBounds bounds = epoch.Bounds;
                ReplayWindow window = epoch.Window;
                if (window != null && !window.IsNew(header.Sequence))
                {
                    return Replayed;
                }

                bool isPromised = header.Sequence <= bounds.LastReadable;
                bool isNewest = _endpoint.HasFeatures && isPromised && epoch == newest && epoch.IsNewest(header.Sequence);
                if (!epoch.Open(header, buffer))
                {
                    return Forged;
                }

                if (!codec.Unwrap(header, buffer))
                {
                    association.Fail(DtlsError.UnexpectedMessage);
                    return Handled;
                }

                if (!isPromised && header.Type != ContentType.Alert)
                {
                    RefuseUnpromised(association);
                    return Handled;
                }

                if (header.FragmentLength > bounds.ReadLimit)
                {
                    association.Fail(DtlsError.RecordOverflow);
                    return Handled;
                }

                _endpoint.Counters.RecordsIn++;
                association.LastHeard = now;
                for (int i = 0; _endpoint.HasFeatures && header.Epoch > 0 && i < _features.Length; i++)
                {
                    _features[i].OnRecord(association, isNewest, now);
                }

                if (header.Type == ContentType.ApplicationData)
                {
                    OnApplicationData(association, buffer);
                }
                else
                {
                    Dispatch(association, buffer, now);
                }
            }
            catch (Exception e)
            {
                association.Break(e);
            }

            return Handled;
        }

        /// <summary>Handles the record in the engine's header; drops and counts what cannot be handled.</summary>
        internal void HandleRecord(Association association, byte[] buffer, long now)
        {
            switch (TryRecord(association, buffer, now))
            {
                case NotReadable:
                    HoldOrDrop(association, buffer, now);
                    break;
                case Forged:
                    Drop(DropReason.Forged);
                    CountForgery(association);
                    break;
                case Replayed:
                    Drop(DropReason.Replay);
                    break;
                case OtherForm:
                    _endpoint.IsMixed = !_endpoint.Codec.SharesDatagrams;
                    Drop(DropReason.ContentType);
                    break;
            }
        }

        /// <summary>A record of the next epoch waits for its keys; of any other it is dropped.</summary>
        internal void HoldOrDrop(Association association, byte[] buffer, long now)
        {
            Handshake handshake = association.Handshake;
            if (handshake == null || _header.Epoch != handshake.Role.NextReadEpoch)
            {
                Drop(DropReason.Epoch);
                return;
            }

            handshake.Patience.SawNextEpoch();
            if (!handshake.Held.Add(buffer, association.Inbox.Count, now))
            {
                Drop(DropReason.NoBuffer);
            }
        }

        /// <summary>A record did not open under the keys of now.</summary>
        internal void CountForgery(Association association)
        {
            // Within an association the old keys open nothing of a stranger's, and that says nothing of the new ones.
            if (association.Handshake != null && (association.State == AssociationState.Connecting || !association.ReadEpoch.IsProven))
            {
                association.Handshake.Patience.SawUndecryptable();
            }

            Epoch epoch = association.Epochs.Find(_header.Epoch);
            epoch = epoch == null ? association.ReadEpoch : epoch;
            epoch.Forged++;
            if (epoch.Forged >= epoch.ForgeryLimit)
            {
                association.Fail(DtlsError.ForgeryLimitReached);
            }
        }

        /// <summary>Handles what waited, if what it waited for has come: a ChangeCipherSpec, and the records behind it.</summary>
        internal void ReleaseHeld(Association association, long now)
        {
            if (association == null || association.Handshake == null)
            {
                return;
            }

            if (association.Handshake.Receiver.TakeWaitingChangeCipherSpec())
            {
                ChangeReadEpoch(association);
            }

            Handshake handshake = association.Handshake;
            if (handshake != null && handshake.Held.MayGo)
            {
                // Where they came from is not known any more.
                int length = _endpoint.PeerAddressLength;
                _endpoint.PeerAddressLength = AssociationHost.NotKnown;
                handshake.Held.Release(association, now);
                _endpoint.PeerAddressLength = length;
            }
        }

        /// <summary>
        /// An authentic record whose number was not promised in stable storage: it may come again once it is. An alert counts all the
        /// same, as its end is the same however often it comes.
        /// </summary>
        private void RefuseUnpromised(Association association)
        {
            Drop(DropReason.Unpromised);
            for (int i = 0; i < _features.Length; i++)
            {
                _features[i].OnUnpromised(association, _header.Sequence);
            }
        }

        /// <summary>Counts the record in the header as dropped.</summary>
        private void Drop(int reason)
        {
            _endpoint.Drop(reason, _header.Type);
        }

        /// <summary>Passes on what is no data.</summary>
        private void Dispatch(Association association, byte[] buffer, long now)
        {
            switch (_header.Type)
            {
                case ContentType.ChangeCipherSpec:
                    OnChangeCipherSpec(association, buffer);
                    break;
                case ContentType.Alert:
                    AlertReceiver.Handle(_endpoint, association, buffer);
                    break;
                case ContentType.Handshake:
                    OnHandshake(association, buffer, now);
                    break;
                default:
                    OnOtherType(association, buffer);
                    break;
            }
        }

        private void OnChangeCipherSpec(Association association, byte[] buffer)
        {
            RecordHeader header = _header;
            Handshake handshake = association.Handshake;
            bool wellFormed = header.FragmentLength == 1 && buffer[header.FragmentOffset] == 1;
            if (!wellFormed || handshake == null || header.Epoch != association.ReadEpoch.Number)
            {
                Drop(DropReason.ChangeCipherSpec);
            }
            else if (handshake.IsPending)
            {
                handshake.Receiver.HoldChangeCipherSpec();
            }
            else
            {
                ChangeReadEpoch(association);
            }
        }

        /// <summary>A ChangeCipherSpec has come: where it is expected, the next epoch is read from here on.</summary>
        private void ChangeReadEpoch(Association association)
        {
            Epoch next = association.Epochs.Find(association.ReadEpoch.Number + 1);
            if (next == null || !association.Handshake.Receiver.AcceptChangeCipherSpec())
            {
                _endpoint.Drop(DropReason.ChangeCipherSpec, ContentType.ChangeCipherSpec);
                return;
            }

            if (association.Handshake.IsRenegotiation)
            {
                // The handshake before is over for the peer, too, and so is the epoch before that.
                association.LastFlight.Forget();
                association.Epochs.EndBefore(association.ReadEpoch, _endpoint);
            }

            association.ChangeReadEpoch(next);
        }

        private void OnHandshake(Association association, byte[] buffer, long now)
        {
            RecordHeader header = _header;
            for (int i = 0; association.Handshake == null && i < _features.Length; i++)
            {
                if (_features[i].OnHandshakeRecord(association, buffer, now))
                {
                    return;
                }
            }

            Handshake handshake = association.Handshake;
            if (header.Epoch != association.ReadEpoch.Number && (handshake == null || !handshake.Role.HearsEarlierEpochs))
            {
                // Of the handshake that brought the epoch of now: it has come before.
                Drop(DropReason.Duplicate);
                return;
            }

            if (handshake != null)
            {
                handshake.Receiver.HandleFragments(header, buffer, now);
                return;
            }

            WireReader reader = _endpoint.Reader;
            MessageHeader message = _endpoint.MessageHeader;
            reader.Reset(buffer, header.FragmentOffset, header.FragmentLength);
            if (!message.Read(reader))
            {
                association.Fail(DtlsError.DecodeError);
                return;
            }

            int renegotiation = association.IsServer ? HandshakeType.ClientHello : HandshakeType.HelloRequest;
            if (message.Type == HandshakeType.Finished && association.LastFlight.IsPeers(message, buffer, reader.Position))
            {
                ResendLastFlight(association, now);
            }
            else if (!IsFeatures(association, buffer, now))
            {
                if (message.Type == renegotiation)
                {
                    RefuseRenegotiation(association, message);
                }
                else
                {
                    ReadOwnMessage(association, message, reader);
                }
            }
        }

        private bool IsFeatures(Association association, byte[] buffer, long now)
        {
            bool isTaken = false;
            for (int i = 0; i < _features.Length && !isTaken; i++)
            {
                isTaken = _features[i].HandleMessage(association, buffer, now);
            }

            return isTaken;
        }

        /// <summary>The peer's Finished again: it did not get ours, which goes out at once, but not for each of a storm of copies.</summary>
        private void ResendLastFlight(Association association, long now)
        {
            LastFlight flight = association.LastFlight;
            if (!flight.IsKept || flight.IsSending || now < Deadline.After(flight.SentAt, FlightTimer.AnswerGap))
            {
                _endpoint.Drop(DropReason.Duplicate, ContentType.Handshake);
                return;
            }

            _endpoint.Statistics.Retransmissions++;
            flight.Restart();
            association.SendFlight();
        }

        /// <summary>Answers a request to renegotiate, or the first piece of one: not now.</summary>
        internal void RefuseRenegotiation(Association association, MessageHeader message)
        {
            if (message.FragmentOffset == 0)
            {
                _endpoint.Statistics.RenegotiationsRefused++;
                DtlsError error = _endpoint.Sender.SendAlert(association, Alert.LevelWarning, Alert.NoRenegotiation);
                if (error != DtlsError.None)
                {
                    association.End(error);
                }
            }
        }

        private void ReadOwnMessage(Association association, MessageHeader message, WireReader reader)
        {
            HandshakeMessage[] own = _endpoint.Messages;
            for (int i = 0; own != null && i < own.Length; i++)
            {
                if (own[i].Type == message.Type && message.FragmentLength == message.MessageLength)
                {
                    int outer = reader.Enter(message.FragmentLength);
                    Finish(association, own[i].Read(association, reader), reader);
                    reader.Leave(outer);
                    return;
                }
            }

            association.Fail(DtlsError.UnexpectedMessage);
        }

        private void OnOtherType(Association association, byte[] buffer)
        {
            RecordHeader header = _header;
            RecordType reader = header.Epoch == 0 ? null : _endpoint.FindRecordType(header.Type);
            if (reader == null)
            {
                Drop(DropReason.ContentType);
                return;
            }

            WireReader content = _endpoint.Reader;
            content.Reset(buffer, header.FragmentOffset, header.FragmentLength);
            Finish(association, reader.Read(association, content), content);
        }

        private void Finish(Association association, DtlsError error, WireReader reader)
        {
            if (error == DtlsError.None && !reader.IsAtEnd)
            {
                error = DtlsError.DecodeError;
            }

            if (error != DtlsError.None)
            {
                association.Fail(error);
            }
        }

        /// <summary>
        /// Data may come before the Finished, or beside it (RFC 7918's False Start, or a datagram that overtook another). They
        /// are authentic, so they are kept, but nobody sees them before the handshake has succeeded.
        /// </summary>
        private void OnApplicationData(Association association, byte[] buffer)
        {
            RecordHeader header = _header;
            if (header.Epoch == 0)
            {
                Drop(DropReason.EarlyData);
            }
            else if (association.Standing == AssociationState.Closing)
            {
                Drop(DropReason.Closed);
            }
            else if (!association.Inbox.Add(_endpoint, buffer, header.Epoch != association.ReadEpoch.Number || association.ReadEpoch.IsProven))
            {
                Drop(DropReason.NoBuffer);
            }
            else if (association.Inbox.Hidden == 0)
            {
                association.Raise(AssociationEvents.Data);
            }
        }
    }
}

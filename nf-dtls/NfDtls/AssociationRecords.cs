using System;

namespace NfDtls
{
    /// <summary>What an association does with the records that come in.</summary>
    public sealed partial class Association
    {
        /// <summary>The record was dealt with, or dropped and counted.</summary>
        internal const int Handled = 0;
        /// <summary>The record is of an epoch that cannot be read; nothing was counted.</summary>
        internal const int NotReadable = 1;
        /// <summary>The record did not open, and its bytes are spoilt; nothing was counted.</summary>
        internal const int Forged = 2;
        /// <summary>The record came before, or is too old to tell; nothing was counted, and its bytes are as they were.</summary>
        internal const int Replayed = 3;

        /// <summary>Handles the record in the engine's header, or says why it cannot.</summary>
        internal int TryRecord(byte[] buffer, long now)
        {
            RecordHeader header = Engine.Header;
            if (_state == AssociationState.Closed || _state == AssociationState.Idle)
            {
                Engine.Drop(DropReason.Closed, header.Type);
                return Handled;
            }

            if (header.Epoch != ReadEpoch.Number)
            {
                return NotReadable;
            }

            if (!IsVersionRight(header))
            {
                Engine.Drop(DropReason.Version, header.Type);
                return Handled;
            }

            if (MustWait(header))
            {
                Hold(buffer);
                return Handled;
            }

            if (ReadEpoch.IsReplay(header.Sequence))
            {
                return Replayed;
            }

            if (!ReadEpoch.Open(header, buffer))
            {
                return Forged;
            }

            Engine.Statistics.RecordsReceived++;
            LastHeard = now;
            bool isDone = false;
            try
            {
                Dispatch(buffer, now);
                isDone = true;
            }
            finally
            {
                EndHandshakeUnless(isDone);
            }

            return Handled;
        }

        /// <summary>Handles the record in the engine's header; drops and counts what cannot be handled.</summary>
        internal void HandleRecord(byte[] buffer, long now)
        {
            int result = TryRecord(buffer, now);
            if (result == NotReadable)
            {
                HoldOrDrop(buffer);
            }
            else if (result == Forged)
            {
                CountForged();
            }
            else if (result == Replayed)
            {
                Engine.Drop(DropReason.Replay, Engine.Header.Type);
            }
        }

        /// <summary>A record of the next epoch waits for its keys; of any other it is dropped.</summary>
        internal void HoldOrDrop(byte[] buffer)
        {
            if (Handshake != null && Engine.Header.Epoch == ReadEpoch.Number + 1)
            {
                Hold(buffer);
            }
            else
            {
                Engine.Drop(DropReason.Epoch, Engine.Header.Type);
            }
        }

        internal void CountForged()
        {
            Engine.Drop(DropReason.Forged, Engine.Header.Type);
            if (Handshake != null)
            {
                Handshake.SawUndecryptable();
            }

            ReadEpoch.Forged++;
            if (ReadEpoch.Forged >= ReadEpoch.ForgeryLimit)
            {
                Fail(DtlsError.ForgeryLimitReached);
            }
        }

        /// <summary>Handles the records that waited, if what they waited for has come.</summary>
        internal void ReleaseHeld(long now)
        {
            while (_heldMayGo)
            {
                _heldMayGo = false;
                for (int left = _held.Count; left > 0; left--)
                {
                    Packet packet = _held.Take();
                    if (packet == null)
                    {
                        return;
                    }

                    if (Engine.Codec.Read(packet.Buffer, packet.Offset, packet.Length, Engine.Header))
                    {
                        HandleRecord(packet.Buffer, now);
                    }

                    packet.Return();
                }
            }
        }

        private bool IsVersionRight(RecordHeader header)
        {
            return header.Version == DtlsVersion.Dtls12 || (header.Epoch == 0 && header.Version == DtlsVersion.Dtls10);
        }

        /// <summary>
        /// Data before the handshake's end, and a ChangeCipherSpec whose keys are still being worked on. Where an older
        /// association lives on, data are most likely its own: it must have its chance at them.
        /// </summary>
        private bool MustWait(RecordHeader header)
        {
            if (Handshake == null || _state != AssociationState.Connecting)
            {
                return false;
            }

            return (header.Type == ContentType.ApplicationData && header.Epoch > 0 && Older == null)
                || (header.Type == ContentType.ChangeCipherSpec && Handshake.IsPending);
        }

        private void Hold(byte[] buffer)
        {
            RecordHeader header = Engine.Header;
            Packet packet = _held.Count < Engine.Options.HeldRecords && header.End - header.Offset <= Engine.Pool.PayloadSize + PacketPool.Headroom + PacketPool.Tailroom
                ? Engine.Pool.Rent() : null;
            if (packet == null)
            {
                Engine.Drop(DropReason.NoBuffer, header.Type);
                return;
            }

            int length = header.End - header.Offset;
            Array.Copy(buffer, header.Offset, packet.Buffer, 0, length);
            packet.SetRange(0, length);
            _held.Add(packet);
        }

        private void Dispatch(byte[] buffer, long now)
        {
            RecordHeader header = Engine.Header;
            switch (header.Type)
            {
                case ContentType.ChangeCipherSpec:
                    OnChangeCipherSpec(buffer);
                    break;
                case ContentType.Alert:
                    OnAlert(buffer);
                    break;
                case ContentType.Handshake:
                    OnHandshake(buffer, now);
                    break;
                case ContentType.ApplicationData:
                    OnApplicationData(buffer);
                    break;
                default:
                    OnOtherType(buffer);
                    break;
            }
        }

        private void OnChangeCipherSpec(byte[] buffer)
        {
            RecordHeader header = Engine.Header;
            bool wellFormed = header.FragmentLength == 1 && buffer[header.FragmentOffset] == 1;
            if (!wellFormed || Handshake == null || FindEpoch(ReadEpoch.Number + 1) == null || !Handshake.AcceptChangeCipherSpec())
            {
                Engine.Drop(DropReason.ChangeCipherSpec, header.Type);
                return;
            }

            ReadEpoch = FindEpoch(ReadEpoch.Number + 1);
            ReadEpoch.IsReadable = true;
            _heldMayGo = true;
        }

        private void OnHandshake(byte[] buffer, long now)
        {
            RecordHeader header = Engine.Header;
            if (Handshake != null)
            {
                Handshake.HandleFragments(header, buffer, now);
                return;
            }

            WireReader reader = Engine.Reader;
            MessageHeader message = Engine.MessageHeader;
            reader.Reset(buffer, header.FragmentOffset, header.FragmentLength);
            if (!message.Read(reader))
            {
                Fail(DtlsError.DecodeError);
                return;
            }

            int renegotiation = _isServer ? HandshakeType.ClientHello : HandshakeType.HelloRequest;
            if (message.Type == HandshakeType.Finished)
            {
                ResendLastFlight(now);
            }
            else if (message.Type == renegotiation)
            {
                RefuseRenegotiation(message);
            }
            else
            {
                ReadOwnMessage(message, reader);
            }
        }

        /// <summary>The peer's Finished again: it did not get ours, which goes out at once, but not for each of a storm of copies.</summary>
        private void ResendLastFlight(long now)
        {
            if (!_keepsLastFlight || _lastFlight.IsSending || now < Deadline.After(_lastFlightSent, FlightTimer.AnswerGap))
            {
                Engine.Drop(DropReason.Duplicate, ContentType.Handshake);
                return;
            }

            Engine.Statistics.Retransmissions++;
            _lastFlight.Restart();
            Engine.MakeReady(this);
        }

        private void RefuseRenegotiation(MessageHeader message)
        {
            if (message.FragmentOffset == 0)
            {
                Engine.Statistics.RenegotiationsRefused++;
                SendAlert(Alert.LevelWarning, Alert.NoRenegotiation);
            }
        }

        private void ReadOwnMessage(MessageHeader message, WireReader reader)
        {
            HandshakeMessage[] own = Engine.Options.Messages;
            for (int i = 0; own != null && i < own.Length; i++)
            {
                if (own[i].Type == message.Type && message.FragmentLength == message.MessageLength)
                {
                    int outer = reader.Enter(message.FragmentLength);
                    Finish(own[i].Read(this, reader), reader);
                    reader.Leave(outer);
                    return;
                }
            }

            Fail(DtlsError.UnexpectedMessage);
        }

        private void OnOtherType(byte[] buffer)
        {
            RecordHeader header = Engine.Header;
            RecordType[] own = Engine.Options.RecordTypes;
            for (int i = 0; own != null && header.Epoch > 0 && i < own.Length; i++)
            {
                if (own[i].Type == header.Type)
                {
                    WireReader reader = Engine.Reader;
                    reader.Reset(buffer, header.FragmentOffset, header.FragmentLength);
                    Finish(own[i].Read(this, reader), reader);
                    return;
                }
            }

            Engine.Drop(DropReason.ContentType, header.Type);
        }

        private void Finish(DtlsError error, WireReader reader)
        {
            if (error == DtlsError.None && !reader.IsAtEnd)
            {
                error = DtlsError.DecodeError;
            }

            if (error != DtlsError.None)
            {
                Fail(error);
            }
        }

        private void OnApplicationData(byte[] buffer)
        {
            RecordHeader header = Engine.Header;
            if (header.Epoch == 0 || Handshake != null)
            {
                Engine.Drop(DropReason.EarlyData, header.Type);
                return;
            }

            ForgetLastFlight();
            if (_state != AssociationState.Connected)
            {
                Engine.Drop(DropReason.Closed, header.Type);
                return;
            }

            Packet packet = _received.Count < Engine.Options.ReceiveQueue && header.FragmentLength <= Engine.Pool.PayloadSize ? Engine.Pool.Rent() : null;
            if (packet == null)
            {
                Engine.Drop(DropReason.NoBuffer, header.Type);
                return;
            }

            packet.Append(buffer, header.FragmentOffset, header.FragmentLength);
            _received.Add(packet);
            Raise(AssociationEvents.Data);
        }

        private void OnAlert(byte[] buffer)
        {
            RecordHeader header = Engine.Header;
            bool authentic = header.Epoch > 0;
            if (header.FragmentLength != 2)
            {
                if (authentic)
                {
                    Fail(DtlsError.DecodeError);
                }
                else
                {
                    Engine.Drop(DropReason.Alert, header.Type);
                }

                return;
            }

            int level = buffer[header.FragmentOffset];
            int description = buffer[header.FragmentOffset + 1];
            Engine.Trace("alert received", description, level);
            bool ends = level != Alert.LevelWarning || description == Alert.CloseNotify;
            if (!authentic)
            {
                Engine.Drop(DropReason.Alert, header.Type);
                if (Handshake != null && ends)
                {
                    Handshake.RememberAlert(description);
                }
            }
            else if (description == Alert.CloseNotify)
            {
                OnCloseNotify();
            }
            else if (ends)
            {
                FailWithAlert(description);
            }
            else if (description != Alert.NoRenegotiation)
            {
                Engine.Statistics.WarningAlerts++;
            }
        }

        private void OnCloseNotify()
        {
            _alertReceived = Alert.CloseNotify;
            if (_state != AssociationState.Closing)
            {
                SendAlert(Alert.LevelWarning, Alert.CloseNotify);
            }

            End(DtlsError.SessionClosed);
        }
    }
}

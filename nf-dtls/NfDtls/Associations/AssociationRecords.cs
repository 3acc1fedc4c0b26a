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

            if (ReadEpoch.IsReplay(header.Sequence))
            {
                return Replayed;
            }

            try
            {
                if (!ReadEpoch.Open(header, buffer))
                {
                    return Forged;
                }

                Engine.Statistics.RecordsReceived++;
                LastHeard = now;
                Dispatch(buffer, now);
            }
            catch (Exception e)
            {
                Break(e);
            }

            return Handled;
        }

        /// <summary>Handles the record in the engine's header; drops and counts what cannot be handled.</summary>
        internal override void HandleRecord(byte[] buffer, long now)
        {
            int result = TryRecord(buffer, now);
            if (result == NotReadable)
            {
                HoldOrDrop(buffer, now);
            }
            else if (result == Forged)
            {
                Engine.Drop(DropReason.Forged, Engine.Header.Type);
                CountForgery();
            }
            else if (result == Replayed)
            {
                Engine.Drop(DropReason.Replay, Engine.Header.Type);
            }
        }

        /// <summary>A record of the next epoch waits for its keys; of any other it is dropped.</summary>
        internal void HoldOrDrop(byte[] buffer, long now)
        {
            if (Handshake == null || Engine.Header.Epoch != ReadEpoch.Number + 1)
            {
                Engine.Drop(DropReason.Epoch, Engine.Header.Type);
                return;
            }

            Handshake.Patience.SawNextEpoch();
            if (!Handshake.Held.Add(buffer, _inbox.Count, now))
            {
                Engine.Drop(DropReason.NoBuffer, Engine.Header.Type);
            }
        }

        /// <summary>A record did not open under the keys of now.</summary>
        internal void CountForgery()
        {
            if (Handshake != null)
            {
                Handshake.Patience.SawUndecryptable();
            }

            ReadEpoch.Forged++;
            if (ReadEpoch.Forged >= ReadEpoch.ForgeryLimit)
            {
                Fail(DtlsError.ForgeryLimitReached);
            }
        }

        /// <summary>Handles what waited, if what it waited for has come: a ChangeCipherSpec, and the records behind it.</summary>
        internal void ReleaseHeld(long now)
        {
            if (Handshake != null && Handshake.Receiver.TakeWaitingChangeCipherSpec())
            {
                ChangeReadEpoch();
            }

            if (_heldMayGo && Handshake != null)
            {
                _heldMayGo = false;
                Handshake.Held.Release(this, now);
            }
        }

        private bool IsVersionRight(RecordHeader header)
        {
            return header.Version == DtlsVersion.Dtls12 || (header.Epoch == 0 && header.Version == DtlsVersion.Dtls10);
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
            if (!wellFormed || Handshake == null)
            {
                Engine.Drop(DropReason.ChangeCipherSpec, header.Type);
            }
            else if (Handshake.IsPending)
            {
                Handshake.Receiver.HoldChangeCipherSpec();
            }
            else
            {
                ChangeReadEpoch();
            }
        }

        /// <summary>A ChangeCipherSpec has come: where it is expected, the next epoch is read from here on.</summary>
        private void ChangeReadEpoch()
        {
            Epoch next = FindEpoch(ReadEpoch.Number + 1);
            if (next == null || !Handshake.Receiver.AcceptChangeCipherSpec())
            {
                Engine.Drop(DropReason.ChangeCipherSpec, ContentType.ChangeCipherSpec);
                return;
            }

            ReadEpoch = next;
            ReadEpoch.IsReadable = true;
            _heldMayGo = true;
        }

        private void OnHandshake(byte[] buffer, long now)
        {
            RecordHeader header = Engine.Header;
            if (Handshake != null)
            {
                Handshake.Receiver.HandleFragments(header, buffer, now);
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
            if (message.Type == HandshakeType.Finished && _lastFlight.IsPeers(message, buffer, reader.Position))
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
            if (!_lastFlight.IsKept || _lastFlight.IsSending || now < Deadline.After(_lastFlightSent, FlightTimer.AnswerGap))
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
                DtlsError error = SendAlert(Alert.LevelWarning, Alert.NoRenegotiation);
                if (error != DtlsError.None)
                {
                    End(error);
                }
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

        /// <summary>
        /// Data may come before the Finished, or beside it (RFC 7918's False Start, or a datagram that overtook another). They
        /// are authentic, so they are kept, but nobody sees them before the handshake has succeeded.
        /// </summary>
        private void OnApplicationData(byte[] buffer)
        {
            RecordHeader header = Engine.Header;
            if (header.Epoch == 0)
            {
                Engine.Drop(DropReason.EarlyData, header.Type);
            }
            else if (_state == AssociationState.Closing)
            {
                Engine.Drop(DropReason.Closed, header.Type);
            }
            else if (!_inbox.Add(header, buffer, Handshake == null ? 0 : Handshake.Held.Count))
            {
                Engine.Drop(DropReason.NoBuffer, header.Type);
            }
            else if (_state == AssociationState.Connected)
            {
                Raise(AssociationEvents.Data);
            }
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
                    Handshake.Patience.RememberAlert(description);
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

using System;

namespace NfDtls
{
    /// <summary>How associations begin, are connected, are closed and end; one of these for all associations of an endpoint.</summary>
    internal sealed class AssociationLife
    {
        private readonly AssociationHost _endpoint;
        private readonly Feature[] _features;

        internal AssociationLife(AssociationHost endpoint)
        {
            _endpoint = endpoint;
            _features = endpoint.Features;
        }

        /// <summary>When something is to be done for an association, or never.</summary>
        internal long NextDeadline(Association association)
        {
            long deadline = association.CloseDeadline;
            long wanted = association.LastFlight.Expires;
            deadline = wanted < deadline ? wanted : deadline;
            Handshake handshake = association.Handshake;
            if (handshake != null)
            {
                wanted = handshake.NextDeadline;
                deadline = wanted < deadline ? wanted : deadline;
            }

            Epoch newest = association.ReadEpoch;
            Epoch past = newest == null ? null : newest.Before;
            if (past != null && past.ReadUntil < deadline)
            {
                deadline = past.ReadUntil;
            }

            for (int i = 0; i < _features.Length; i++)
            {
                wanted = _features[i].DeadlineOf(association);
                deadline = wanted < deadline ? wanted : deadline;
            }

            return deadline;
        }

        /// <summary>Begins anew under a handshake; whatever was before is gone.</summary>
        internal void Begin(Association association, Handshake handshake, byte[] address, int addressLength, long now)
        {
            Prepare(association, address, addressLength, now);
            association.Handshake = handshake;
            association.State = AssociationState.Connecting;
            association.ReadEpoch = association.Epochs.Begin(handshake.Role.Version.Codec, _endpoint.Null);
            association.WriteEpoch = association.ReadEpoch;
            _endpoint.Trace("state", (int)association.State, 0);
        }

        /// <summary>Makes one as if it were new, with a peer's address and no keys.</summary>
        internal void Prepare(Association association, byte[] address, int addressLength, long now)
        {
            Wipe(association);
            SetAddress(association, address, addressLength);
            association.LastError = DtlsError.None;
            association.AlertSent = Alert.None;
            association.AlertReceived = Alert.None;
            association.ForgetAgreed();
            association.FlightBytes = 0;
            association.ResetPathMtu();
            association.LastHeard = now;
        }

        /// <summary>The peer's Finished was right.</summary>
        internal void Complete(Association association, long now)
        {
            Handshake handshake = association.Handshake;
            association.Take(handshake);
            _endpoint.Statistics.HandshakesCompleted++;
            for (int i = 0; i < _features.Length; i++)
            {
                _features[i].OnConnected(association, handshake, now);
            }

            bool isSecond = handshake.IsRenegotiation;
            ReleaseHandshake(association);
            association.Epochs.Settle(_endpoint, now);
            association.Inbox.Hidden = 0;
            association.LastHeard = now;
            if (association.State == AssociationState.Closing)
            {
                return;
            }

            association.State = AssociationState.Connected;
            _endpoint.Trace("state", (int)association.State, 0);
            int events = isSecond ? AssociationEvents.Renegotiated : AssociationEvents.Connected;
            association.Raise(association.Inbox.Count > 0 ? events | AssociationEvents.Data : events);
        }

        /// <summary>A handshake within the association comes to nothing, before it has changed anything: all is as it was.</summary>
        internal void GiveUp(Association association)
        {
            ReleaseHandshake(association);
            association.Raise(AssociationEvents.RenegotiationRefused);
        }

        /// <summary>The peer goes on from another address: what is sent to it goes there from here on, and nothing is known of the path.</summary>
        internal void Move(Association association, byte[] address, int addressLength)
        {
            SetAddress(association, address, addressLength);
            association.ResetPathMtu();
            _endpoint.Trace("moved", association.Index, addressLength);
            for (int i = 0; i < _features.Length; i++)
            {
                _features[i].OnMoved(association);
            }

            if (association.IsServer)
            {
                _endpoint.Statistics.PeersMoved++;
                association.Raise(AssociationEvents.Moved);
            }
        }

        internal void OnPending(Association association)
        {
            if (association.PskRequest != null)
            {
                association.Raise(AssociationEvents.PskWanted);
            }
            else if (association.ConnectRequest != null)
            {
                association.Raise(AssociationEvents.Connecting);
            }
        }

        /// <summary>Sends close_notify and begins to wait for the peer's, or is less patient than before: never more.</summary>
        internal void Close(Association association, long timeout, long now)
        {
            AssociationState state = association.State;
            if (state == AssociationState.Connected)
            {
                DtlsError error = _endpoint.Sender.SendAlert(association, Alert.LevelWarning, Alert.CloseNotify);
                if (error != DtlsError.None)
                {
                    End(association, error);
                    return;
                }

                association.State = AssociationState.Closing;
                _endpoint.Trace("state", (int)association.State, 0);
                association.CloseDeadline = timeout < 0 ? Deadline.Never : Deadline.After(now, timeout);
                if (timeout == 0)
                {
                    End(association, DtlsError.CloseFail);
                }
            }
            else if (state == AssociationState.Connecting)
            {
                End(association, DtlsError.SessionClosed);
            }
            else if (state == AssociationState.Closing)
            {
                ShortenClose(association, timeout, now);
            }
        }

        /// <summary>Does what the time has come for.</summary>
        internal void HandleTimeout(Association association, long now)
        {
            Handshake handshake = association.Handshake;
            if (handshake != null && handshake.NextDeadline <= now)
            {
                try
                {
                    handshake.HandleTimeout(now);
                }
                catch (Exception e)
                {
                    association.Break(e);
                }
            }

            if (association.CloseDeadline <= now)
            {
                End(association, DtlsError.CloseFail);
            }

            if (association.LastFlight.Expires <= now)
            {
                association.LastFlight.Forget();
            }

            Epoch newest = association.ReadEpoch;
            if (newest != null && newest.Before != null && newest.Before.ReadUntil <= now)
            {
                association.Epochs.EndBefore(newest, _endpoint);
            }

            for (int i = 0; i < _features.Length; i++)
            {
                try
                {
                    if (_features[i].DeadlineOf(association) <= now)
                    {
                        _features[i].HandleTimeout(association, now);
                    }
                }
                catch (Exception e)
                {
                    association.Break(e);
                }
            }
        }

        /// <summary>Ends with an error of ours: its alert goes out, under the keys of now.</summary>
        internal void Fail(Association association, DtlsError error)
        {
            Handshake handshake = association.Handshake;
            int alert = handshake != null ? handshake.Role.AlertFor(error) : AlertTable.AlertFor(error);
            if (alert == Alert.None && association.State == AssociationState.Connected)
            {
                // A handshake within the association that nobody answers. As long as no keys were made, the old ones go on.
                if (handshake != null && association.Epochs.Newest.IsProven)
                {
                    GiveUp(association);
                    return;
                }

                alert = Alert.CloseNotify;
            }

            if (alert != Alert.None)
            {
                _endpoint.Sender.SendAlert(association, AlertTable.IsFatal(error) ? Alert.LevelFatal : Alert.LevelWarning, alert);
            }

            End(association, error);
        }

        /// <summary>Ends: wipes the keys, gives back what is held. What was received stays for the application.</summary>
        internal void End(Association association, DtlsError error)
        {
            AssociationState state = association.State;
            if (state == AssociationState.Closed || state == AssociationState.Idle)
            {
                return;
            }

            association.LastError = error;
            if (association.Handshake != null)
            {
                _endpoint.Statistics.Fail(error);
            }

            association.Inbox.DropHidden();

            WipeKeys(association);
            association.State = AssociationState.Closed;
            _endpoint.Trace("state", (int)association.State, (int)error);
            association.Raise(AssociationEvents.Closed);
        }

        /// <summary>Back to nothing, without a word to anyone.</summary>
        internal void Wipe(Association association)
        {
            WipeKeys(association);
            association.Inbox.ReturnAll();
            association.Inbox.Hidden = 0;
            association.State = AssociationState.Idle;
            association.Events = 0;
            association.Older = null;
        }

        /// <summary>A second close may be less patient than the first, never more.</summary>
        private void ShortenClose(Association association, long timeout, long now)
        {
            if (timeout == 0)
            {
                End(association, DtlsError.CloseFail);
            }
            else if (timeout > 0 && Deadline.After(now, timeout) < association.CloseDeadline)
            {
                association.CloseDeadline = Deadline.After(now, timeout);
            }
        }

        private static void SetAddress(Association association, byte[] address, int length)
        {
            if (length > 0)
            {
                Array.Copy(address, 0, association.Address, 0, length);
            }

            association.AddressLength = length;
        }

        internal void ReleaseHandshake(Association association)
        {
            Handshake handshake = association.Handshake;
            association.Handshake = null;
            if (handshake != null)
            {
                handshake.Clear();
            }
        }

        private void WipeKeys(Association association)
        {
            ReleaseHandshake(association);
            association.LastFlight.Clear();
            association.Epochs.Clear(_endpoint);
            association.ReadEpoch = null;
            association.WriteEpoch = null;
            association.CloseDeadline = Deadline.Never;
            for (int i = 0; i < _features.Length; i++)
            {
                _features[i].Forget(association);
            }
        }
    }
}

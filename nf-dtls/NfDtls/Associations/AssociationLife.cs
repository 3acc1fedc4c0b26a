using System;

namespace NfDtls
{
    /// <summary>Life of an association: begin, epochs, alerts, end, timers.</summary>
    public sealed partial class Association
    {
        internal OutgoingFlight CurrentFlight
        {
            get
            {
                if (Handshake != null)
                {
                    return Handshake.Flight;
                }

                return _lastFlight.IsKept ? _lastFlight : null;
            }
        }

        internal long NextDeadline
        {
            get
            {
                long deadline = _closeDeadline;
                if (Handshake != null && Handshake.NextDeadline < deadline)
                {
                    deadline = Handshake.NextDeadline;
                }

                if (_lastFlight.Expires < deadline)
                {
                    deadline = _lastFlight.Expires;
                }

                return deadline;
            }
        }

        /// <summary>Begins anew under a handshake; whatever was before is gone.</summary>
        internal void Begin(Handshake handshake, byte[] address, int addressLength, long now)
        {
            Wipe();
            if (addressLength > 0)
            {
                Array.Copy(address, 0, Address, 0, addressLength);
            }

            AddressLength = addressLength;
            Handshake = handshake;
            _state = AssociationState.Connecting;
            _lastError = DtlsError.None;
            _alertSent = Alert.None;
            _alertReceived = Alert.None;
            _suite = null;
            _version = 0;
            _flags = 0;
            _pskIdentity = null;
            _peerCertificates = null;
            FlightBytes = 0;
            _pathMtu = Engine.Options.Mtu;
            LastHeard = now;
            Epoch epoch = new Epoch(0, Engine.Codec, null);
            epoch.WriteProtection = Engine.Null;
            epoch.ReadProtection = Engine.Null;
            _epochs[0] = epoch;
            ReadEpoch = epoch;
            WriteEpoch = epoch;
            Engine.Trace("state", (int)_state, 0);
        }

        /// <summary>Keeps the random of the ClientHello that a server's association comes from.</summary>
        internal override void RememberHello(byte[] buffer, int random)
        {
            if (_helloRandom == null)
            {
                _helloRandom = new byte[ClientHello.RandomLength];
            }

            Array.Copy(buffer, random, _helloRandom, 0, ClientHello.RandomLength);
        }

        /// <summary>Whether a connected association came from the ClientHello with this random.</summary>
        internal bool HasBegunWith(byte[] buffer, ClientHello hello)
        {
            return Handshake == null && _helloRandom != null && hello.RandomCount == ClientHello.RandomLength
                && ConstantTime.AreEqual(_helloRandom, 0, buffer, hello.Random, ClientHello.RandomLength);
        }

        /// <summary>Makes the epoch behind the newest, with the limits of a suite; its protection is the key schedule's to add.</summary>
        internal override Epoch AddEpoch(CipherSuite suite)
        {
            DtlsOptions options = Engine.Options;
            int slot = (int)((WriteEpoch.Number + 1) % MaxEpochs);
            if (_windows[slot] == null)
            {
                _windows[slot] = new ReplayWindow(options.ReplayWindow);
            }

            _windows[slot].Reset();
            Epoch epoch = new Epoch(WriteEpoch.Number + 1, Engine.Codec, _windows[slot]);
            epoch.SealLimit = options.SealLimit > 0 ? options.SealLimit : suite.SealLimit;
            epoch.ForgeryLimit = options.ForgeryLimit > 0 ? options.ForgeryLimit : suite.ForgeryLimit;
            _epochs[slot] = epoch;
            return epoch;
        }

        /// <summary>Our ChangeCipherSpec was written: what follows goes out in the next epoch.</summary>
        internal override void ChangeWriteEpoch()
        {
            WriteEpoch = FindEpoch(WriteEpoch.Number + 1);
        }

        internal Epoch FindEpoch(long number)
        {
            Epoch epoch = _epochs[(int)(number % MaxEpochs)];
            return epoch != null && epoch.Number == number ? epoch : null;
        }

        /// <summary>The peer's Finished was right.</summary>
        internal override void Complete(long now)
        {
            Handshake handshake = Handshake;
            _suite = handshake.Suite;
            _version = DtlsVersion.Dtls12;
            _flags = handshake.Flags;
            _pskIdentity = handshake.PskIdentity;
            _peerCertificates = handshake.PeerCertificates;
            Engine.Statistics.HandshakesCompleted++;
            ReleaseHandshake();
            _epochs[0] = null;
            _state = AssociationState.Connected;
            LastHeard = now;
            Engine.Trace("state", (int)_state, 0);
            Raise(_inbox.Count > 0 ? AssociationEvents.Connected | AssociationEvents.Data : AssociationEvents.Connected);
        }

        internal override void SendFlight()
        {
            Engine.MakeReady(this);
        }

        /// <summary>
        /// Ours was the last flight, and nobody will confirm it: it is kept, apart from the handshake's slot, until the peer
        /// shows that it came.
        /// </summary>
        internal override void KeepLastFlight(Flight flight, long now)
        {
            _lastFlight.Keep(flight, now);
        }

        internal override void RememberFinished(int sequence, byte[] verifyData)
        {
            _lastFlight.RememberPeers(sequence, verifyData);
        }

        /// <summary>Flights went unanswered: perhaps their datagrams are too long for the path.</summary>
        internal override void LowerPathMtu(int size)
        {
            if (size < _pathMtu)
            {
                Engine.Trace("path mtu", size, _pathMtu);
                _pathMtu = size;
            }
        }

        /// <summary>
        /// A datagram of this length is more than the network takes: from now on they are a step smaller, and a flight goes out again
        /// as such. Where others of the same length were made before, that has happened.
        /// </summary>
        internal void OnDatagramTooLong(int length)
        {
            int size = MtuBackOff.StepBelow(length);
            if (size > 0 && size < _pathMtu)
            {
                LowerPathMtu(size);
                FlightBytes = 0;
                if (Handshake != null)
                {
                    Handshake.Patience.DatagramTooLong();
                }
            }
        }

        internal void OnDatagramMade(int length)
        {
            FlightBytes += length;
            if (Handshake != null)
            {
                Handshake.Patience.DatagramMade(length);
            }
        }

        internal void OnFlightSent(long now)
        {
            OutgoingFlight flight = CurrentFlight;
            if (flight != null)
            {
                Engine.Trace("flight sent", flight.Count, FlightBytes);
            }

            FlightBytes = 0;
            if (Handshake != null)
            {
                Handshake.Patience.FlightSent(now);
            }
            else
            {
                _lastFlightSent = now;
            }

            Engine.DeadlineChanged(this);
        }

        internal override void OnPending(CryptoOperation operation)
        {
            OperationSequence sequence = operation as OperationSequence;
            CryptoOperation current = sequence == null ? operation : sequence.Current;
            _pskRequest = current as PskRequest;
            _connectRequest = current as ConnectRequest;
            if (_pskRequest != null)
            {
                Raise(AssociationEvents.PskWanted);
            }
            else if (_connectRequest != null)
            {
                Raise(AssociationEvents.Connecting);
            }
        }

        internal override void OnPendingEnded()
        {
            _pskRequest = null;
            _connectRequest = null;
        }

        internal void HandleTimeout(long now)
        {
            if (Handshake != null && Handshake.NextDeadline <= now)
            {
                try
                {
                    Handshake.HandleTimeout(now);
                }
                catch (Exception e)
                {
                    Break(e);
                }
            }

            if (_closeDeadline <= now)
            {
                End(DtlsError.CloseFail);
            }

            if (_lastFlight.Expires <= now)
            {
                _lastFlight.Forget();
            }
        }

        /// <summary>Ends with an error of ours: its alert goes out, under the keys of now.</summary>
        internal override void Fail(DtlsError error)
        {
            int alert = AlertTable.AlertFor(error);
            if (alert != Alert.None)
            {
                SendAlert(AlertTable.IsFatal(error) ? Alert.LevelFatal : Alert.LevelWarning, alert);
            }

            End(error);
        }

        /// <summary>
        /// The provider, or something else that was plugged in, threw. There is no going on: half of a message or record may be
        /// accounted for, and keys may be made of half of what they need.
        /// </summary>
        internal void Break(Exception exception)
        {
            Fail(Engine.NoteFailure(exception));
        }

        /// <summary>Ends with an alert of the peer's.</summary>
        internal override void FailWithAlert(int alert)
        {
            _alertReceived = alert;
            End(AlertTable.ErrorOf(alert, !_isServer && _state == AssociationState.Connecting));
        }

        /// <summary>Ends: wipes the keys, gives back what is held. What was received stays for the application.</summary>
        internal void End(DtlsError error)
        {
            if (_state == AssociationState.Closed || _state == AssociationState.Idle)
            {
                return;
            }

            _lastError = error;
            if (_state == AssociationState.Connecting)
            {
                Engine.Statistics.Fail(error);
                _inbox.Clear();
            }

            WipeKeys();
            _state = AssociationState.Closed;
            Engine.Trace("state", (int)_state, (int)error);
            Raise(AssociationEvents.Closed);
        }

        /// <summary>Back to nothing, without a word to anyone.</summary>
        internal void Wipe()
        {
            WipeKeys();
            _inbox.Clear();
            _state = AssociationState.Idle;
            Events = 0;
            Older = null;
        }

        /// <summary>Sends an alert, as far as a packet is free. Returns an error where it could not be protected.</summary>
        internal DtlsError SendAlert(int level, int description)
        {
            Packet packet = WriteEpoch != null && WriteEpoch.MaySealLast ? Engine.HeldShare.Rent() : null;
            if (packet == null)
            {
                Engine.Drop(DropReason.NoBuffer, ContentType.Alert);
                return DtlsError.None;
            }

            packet.Buffer[packet.Offset] = (byte)level;
            packet.Buffer[packet.Offset + 1] = (byte)description;
            packet.SetRange(packet.Offset, 2);
            try
            {
                QueueRecord(packet, ContentType.Alert);
            }
            catch (Exception e)
            {
                packet.Return();
                return Engine.NoteFailure(e);
            }

            _alertSent = description;
            Engine.Trace("alert sent", description, level);
            return DtlsError.None;
        }

        /// <summary>Makes a record of a packet's content and queues it; where the provider throws, the packet is still the caller's.</summary>
        private void QueueRecord(Packet packet, int type)
        {
            Epoch epoch = WriteEpoch;
            int version = Handshake != null ? Handshake.RecordVersion : DtlsVersion.Dtls12;
            int content = packet.Offset;
            int length = epoch.Seal(Engine.WriteHeader, type, version, packet.Buffer, content, packet.Length);
            packet.SetRange(content - epoch.WriteProtection.PrefixLength - epoch.Codec.HeaderLength, length);
            packet.SetAddress(Address, AddressLength);
            Engine.Transmit.Add(packet);
            Engine.Statistics.RecordsSent++;
        }

        private void Raise(int which)
        {
            Events |= which;
            Engine.EventsChanged(this);
        }

        private void ReleaseHandshake()
        {
            Handshake handshake = Handshake;
            Handshake = null;
            _pskRequest = null;
            _connectRequest = null;
            if (handshake != null)
            {
                handshake.Clear();
            }
        }

        private void WipeKeys()
        {
            ReleaseHandshake();
            _lastFlight.Clear();
            for (int i = 0; i < MaxEpochs; i++)
            {
                ClearEpoch(_epochs[i]);
                _epochs[i] = null;
            }

            ReadEpoch = null;
            WriteEpoch = null;
            _closeDeadline = Deadline.Never;
            _heldMayGo = false;
        }

        private void ClearEpoch(Epoch epoch)
        {
            try
            {
                if (epoch != null && epoch.Number > 0)
                {
                    epoch.Clear();
                }
            }
            catch (Exception e)
            {
                Engine.NoteFailure(e);
            }
        }
    }
}

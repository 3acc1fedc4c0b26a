using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// New keys for a connection that exists: another handshake within it, bound to the one before (RFC 5746), while data flow on.
    /// Stands in <see cref="DtlsOptions.Features"/>; <see cref="DtlsEngine.Renegotiate"/> begins it. A peer's own wish is refused
    /// with no_renegotiation, as without this, unless <see cref="AllowPeer"/> is set. Never happens with a peer that does not know
    /// secure renegotiation. The extended master secret must not be lost, nor encrypt_then_mac where both suites are of CBC, and the
    /// version stays: anything else is a fatal handshake_failure, which ends the connection. Keeps what both ends said in their last
    /// Finished, and a digest of the peer's identity.
    /// </summary>
    public sealed class Renegotiation : Feature
    {
        /// <summary>A server asks so often for a client's hello: in 31 s with a first wait of 1 s.</summary>
        private const int MostRequests = 5;

        private const long LastEpoch = 65535;

        // With repetitions; a durable association must have promised them.
        private const long RecordsOfHandshake = 64;

        private readonly HelloExtension[] _extensions;
        private AssociationHost _endpoint;

        /// <summary>One that begins when the application says so, and refuses what the peer begins.</summary>
        public Renegotiation()
        {
            _extensions = new HelloExtension[] { new BoundRenegotiationInfo(this) };
            PeerInterval = 60000;
        }

        /// <summary>Whether the peer may begin. Default false.</summary>
        public bool AllowPeer { get; set; }

        /// <summary>
        /// Milliseconds from one beginning of the peer's to its next, within a connection; sooner it is refused. A handshake costs what
        /// the first one did, and a server a slot of <see cref="EndpointOptions.MaxHandshakes"/>. Default 60,000.
        /// </summary>
        public int PeerInterval { get; set; }

        /// <summary>
        /// Whether the peer may prove to be another than before: another PSK identity, certificate or raw key, or one where it had
        /// none. Whoever trusts a connection for who its peer is must then look again. Default false.
        /// </summary>
        public bool AllowIdentityChange { get; set; }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(7) + HeapBytes.OfArray(4) + HeapBytes.OfObject(1); }
        }

        /// <summary>The extension with what both ends said.</summary>
        internal override int HelloBytes
        {
            get { return 5 + (2 * Finished.VerifyDataLength); }
        }

        internal override int SessionBytes
        {
            get { return RenegotiationState.PlannedBytes; }
        }

        internal override void Attach(AssociationHost endpoint)
        {
            if (PeerInterval < 0)
            {
                throw new ArgumentException("Renegotiation.PeerInterval is 0 milliseconds or more, not " + PeerInterval.ToString() + ".");
            }

            _endpoint = endpoint;
        }

        internal override bool Renegotiate(Association association, long now)
        {
            if (association.State == AssociationState.Closed || association.State == AssociationState.Closing)
            {
                throw association.Ended();
            }

            RenegotiationState state = StateOf(association);
            if (association.State != AssociationState.Connected || state == null)
            {
                throw new DtlsException(DtlsError.NotConnected, "There is no connection of DTLS 1.2 yet.");
            }

            if (association.Handshake != null || state.IsAsking)
            {
                return true;
            }

            if (!IsSecure(association))
            {
                throw new DtlsException(DtlsError.InsufficientSecurity, "The peer does not know secure renegotiation (RFC 5746).");
            }

            if (!HasEpoch(association))
            {
                throw new DtlsException(DtlsError.SequenceExhausted, "The connection has had all epochs, or this one all numbers that it may have for now.");
            }

            if (association.IsServer)
            {
                state.BeginAsking();
                Ask(association, state, now);
            }
            else
            {
                BeginAsClient(association, state, now);
            }

            return true;
        }

        internal override bool HandleMessage(Association association, byte[] buffer, long now)
        {
            MessageHeader message = _endpoint.MessageHeader;
            RenegotiationState state = StateOf(association);
            if (state == null)
            {
                return false;
            }

            bool asks = message.Type == (association.IsServer ? HandshakeType.ClientHello : HandshakeType.HelloRequest);
            if (association.State != AssociationState.Connected || (!asks && state.IsUnfinished))
            {
                // What is still on its way of a handshake that was given up, or closed over. But a client that goes on with one has
                // keys that we have not: nothing of its data will ever open, and it had better know.
                _endpoint.Drop(DropReason.Duplicate, ContentType.Handshake);
                if (association.IsServer && association.State == AssociationState.Connected)
                {
                    association.Fail(DtlsError.Timeout);
                }

                return true;
            }

            if (!asks || message.Sequence != 0 || !IsSecure(association) || !HasEpoch(association))
            {
                return false;
            }

            if (state.Asked == 0)
            {
                // Of itself; else we have asked for it.
                if (!AllowPeer || now < state.PeerMayBeginAt)
                {
                    return false;
                }

                state.PeerMayBeginAt = Deadline.After(now, PeerInterval);
            }

            return association.IsServer ? BeginAsServer(association, state, buffer, now) : BeginAsClient(association, state, now);
        }

        internal override DtlsError OnMessage(Association association, Handshake handshake, int type)
        {
            RenegotiationState state = handshake.IsRenegotiation ? StateOf(association) : null;
            if (state == null)
            {
                return DtlsError.None;
            }

            if (type == HandshakeType.ClientHello || type == HandshakeType.ServerHello)
            {
                return IsWeaker(association, handshake) ? DtlsError.HandshakeFailure : DtlsError.None;
            }

            // By then the peer has named itself, and no key was made yet.
            bool isNamed = type == (association.IsServer ? HandshakeType.ClientKeyExchange : HandshakeType.ServerHelloDone);
            return isNamed && !AllowIdentityChange && !IsSamePeer(association, state, handshake) ? DtlsError.HandshakeFailure : DtlsError.None;
        }

        internal override void OnNoRenegotiation(Association association)
        {
            RenegotiationState state = StateOf(association);
            if (state == null || association.State != AssociationState.Connected)
            {
                return;
            }

            Handshake handshake = association.Handshake;
            if (handshake != null && !association.IsServer && handshake.Suite == null)
            {
                state.IsUnfinished = false;
                _endpoint.Life.GiveUp(association);
            }
            else if (handshake == null && state.IsAsking)
            {
                state.EndAsking();
                association.Raise(AssociationEvents.RenegotiationRefused);
            }
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            if (association.Version != DtlsVersion.Dtls12)
            {
                return;
            }

            RenegotiationState state = StateOf(association);
            if (state == null)
            {
                state = new RenegotiationState();
                association.SetState(this, state);
            }

            state.Remember(association, handshake);
        }

        internal override long DeadlineOf(Association association)
        {
            RenegotiationState state = StateOf(association);
            return state == null ? Deadline.Never : state.AskAt;
        }

        internal override void HandleTimeout(Association association, long now)
        {
            RenegotiationState state = StateOf(association);
            state.AskAt = Deadline.Never;
            if (association.State != AssociationState.Connected || association.Handshake != null)
            {
                return;
            }

            if (state.Asked < MostRequests)
            {
                Ask(association, state, now);
            }
            else
            {
                association.Raise(AssociationEvents.RenegotiationRefused);
            }
        }

        internal override void Forget(Association association)
        {
            RenegotiationState state = StateOf(association);
            if (state != null)
            {
                state.Clear();
                association.SetState(this, null);
            }
        }

        internal override int SavedTag
        {
            get { return 5; }
        }

        internal override void Save(Association association, WireWriter writer)
        {
            RenegotiationState state = StateOf(association);
            if (state != null)
            {
                state.Write(writer);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            return RenegotiationState.Read(reader);
        }

        internal override void Restore(Association association, object saved)
        {
            association.SetState(this, saved);
        }

        internal RenegotiationState StateOf(Association association)
        {
            return (RenegotiationState)association.GetState(this);
        }

        private static bool IsSecure(Association association)
        {
            return (association.Flags & HandshakeFlags.SecureRenegotiation) != 0;
        }

        /// <summary>Whether the peer of a handshake has named itself as before. By a pre-shared key it does so to a server alone.</summary>
        private static bool IsSamePeer(Association association, RenegotiationState state, Handshake handshake)
        {
            byte[] shown = new byte[PeerProofHash.Length];
            PeerProofHash.Write(handshake, shown);
            return (!association.IsServer || Bytes.AreEqual(association.PskIdentity, handshake.PskIdentity))
                && ConstantTime.AreEqual(shown, 0, state.Peer, 0, PeerProofHash.Length);
        }

        /// <summary>Whether there is an epoch to follow, and numbers in this one to get there.</summary>
        private static bool HasEpoch(Association association)
        {
            Epoch epoch = association.WriteEpoch;
            return epoch.Number < LastEpoch && epoch.NextSequence < epoch.LastWritable - RecordsOfHandshake;
        }

        /// <summary>Whether what was agreed on falls behind what protects the connection so far (RFC 7627 section 5.4, RFC 7366 section 3.1).</summary>
        private static bool IsWeaker(Association association, Handshake handshake)
        {
            int lost = association.Flags & ~handshake.Flags;
            bool isCbc = association.Suite.IsCbc && handshake.Suite.IsCbc;
            return (lost & HandshakeFlags.ExtendedMasterSecret) != 0 || (isCbc && (lost & HandshakeFlags.EncryptThenMac) != 0);
        }

        private bool BeginAsServer(Association association, RenegotiationState state, byte[] buffer, long now)
        {
            Handshake handshake = Host(association, state);
            if (handshake == null)
            {
                return false;
            }

            // The HelloRequest has the first number (RFC 6347 section 4.2.2).
            int first = state.Asked > 0 ? 1 : 0;
            state.EndAsking();
            handshake.Begin(association, 0, first, now);
            handshake.Role.Start(association, now);
            handshake.Receiver.HandleFragments(_endpoint.Header, buffer, now);
            return true;
        }

        private bool BeginAsClient(Association association, RenegotiationState state, long now)
        {
            Handshake handshake = Host(association, state);
            bool began = false;
            try
            {
                handshake.Role.Start(association, now);
                began = true;
            }
            finally
            {
                if (!began)
                {
                    _endpoint.Life.ReleaseHandshake(association);
                }
            }

            return true;
        }

        /// <summary>Gives the association a slot for a handshake of its version; null where none is free.</summary>
        private Handshake Host(Association association, RenegotiationState state)
        {
            Handshake handshake = _endpoint.TakeSlot(association);
            if (handshake != null)
            {
                association.Handshake = handshake;
                handshake.Take(_endpoint.Versions.Find(association.Version));
                state.IsUnfinished = true;
            }

            return handshake;
        }

        /// <summary>Sends a HelloRequest; without a packet or a number for it this counts as sent and lost.</summary>
        private void Ask(Association association, RenegotiationState state, long now)
        {
            state.Sent(_endpoint.Options, now);
            Packet packet = association.WriteEpoch.MaySeal ? _endpoint.HeldShare.Rent() : null;
            if (packet == null)
            {
                _endpoint.Drop(DropReason.NoBuffer, ContentType.Handshake);
                return;
            }

            MessageHeader.Write(packet.Buffer, packet.Offset, HandshakeType.HelloRequest, 0, 0, 0, 0);
            packet.SetRange(packet.Offset, MessageHeader.Length);
            try
            {
                _endpoint.Sender.Queue(association, packet, ContentType.Handshake);
            }
            catch (Exception e)
            {
                packet.Return();
                association.Break(e);
            }
        }
    }
}

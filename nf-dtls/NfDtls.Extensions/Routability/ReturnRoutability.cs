using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Return routability (RFC 9853), beside <see cref="ConnectionIdFeature"/> in <see cref="DtlsOptions.Features"/>: a session follows
    /// its client to another address only after the client has answered there. Until then what is sent goes where it went, and the
    /// new address gets no more than three times the bytes that came from it. A check that fails is told
    /// (<see cref="AssociationEvents.PathFailed"/>); the next record from elsewhere begins another. One object serves one endpoint.
    /// </summary>
    public sealed class ReturnRoutability : Feature
    {
        private const int DefaultTimeout = 1000;
        private const int LongestTimeout = 600000;

        private readonly RoutabilityExtension _extension = new RoutabilityExtension();
        private readonly HelloExtension[] _extensions;
        private readonly RecordType[] _types;
        private readonly byte[] _message = new byte[RoutabilityMessages.Length];
        private AssociationHost _endpoint;
        private bool _asksOldPath = true;
        private int _timeout = DefaultTimeout;
        private long _now;

        /// <summary>Makes one for one client or server.</summary>
        public ReturnRoutability()
        {
            _extensions = new HelloExtension[] { _extension };
            _types = new RecordType[] { new RoutabilityMessages(this) };
        }

        /// <summary>
        /// Whether the client is asked first at the address that it had (the enhanced check of RFC 9853 section 5.2; default). Somebody
        /// who copies records to come before the originals, and forwards what comes back, gets no session to go through him then. Where
        /// the old path is dead, a session follows <see cref="Timeout"/> later than with the basic check.
        /// </summary>
        public bool AsksOldPath
        {
            get { return _asksOldPath; }
            set { _asksOldPath = value; }
        }

        /// <summary>
        /// Milliseconds for an answer at either address, in which a challenge is sent up to three times: 1,000 by default, as
        /// RFC 9853 section 5.5 has it where the time of a round trip is not known; else three such times. 30 to 600,000.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int Timeout
        {
            get
            {
                return _timeout;
            }

            set
            {
                if (value < 30 || value > LongestTimeout)
                {
                    throw new ArgumentOutOfRangeException("value", "A check of a path takes 30 to " + LongestTimeout.ToString() + " ms, not " + value.ToString() + ".");
                }

                _timeout = value;
            }
        }

        /// <summary>Whether a check runs for a session.</summary>
        public bool IsChecking(Association association)
        {
            PathCheck check = association == null ? null : CheckOf(association);
            return check != null && check.Stage != PathCheck.Idle;
        }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override RecordType[] RecordTypes
        {
            get { return _types; }
        }

        internal override int HelloBytes
        {
            get { return 4; }
        }

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(9) + (2 * HeapBytes.OfArray(4)) + HeapBytes.OfObject(0) + HeapBytes.OfObject(1) + HeapBytes.OfArray(RoutabilityMessages.Length); }
        }

        internal override int SessionBytes
        {
            get { return PathCheck.PlannedBytes; }
        }

        internal override int SavedTag
        {
            get { return RoutabilityExtension.Number; }
        }

        /// <summary>The one among an endpoint's features, or null.</summary>
        internal static ReturnRoutability Of(AssociationHost endpoint)
        {
            for (int i = 0; i < endpoint.Features.Length; i++)
            {
                ReturnRoutability found = endpoint.Features[i] as ReturnRoutability;
                if (found != null)
                {
                    return found;
                }
            }

            return null;
        }

        internal override void Attach(AssociationHost endpoint)
        {
            _endpoint = endpoint;
        }

        /// <summary>Whether both ends agreed on it.</summary>
        internal bool Guards(Association association)
        {
            return CheckOf(association) != null;
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            bool isAgreed = _extension.IsAgreed(handshake);
            if (!isAgreed || CheckOf(association) == null)
            {
                association.SetState(this, isAgreed ? new PathCheck() : null);
            }
        }

        internal override void Save(Association association, WireWriter writer)
        {
            if (Guards(association))
            {
                writer.WriteUInt8(1);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            return reader.ReadUInt8() == 1 && reader.IsAtEnd ? new PathCheck() : null;
        }

        internal override void Restore(Association association, object saved)
        {
            association.SetState(this, saved);
        }

        internal override void Forget(Association association)
        {
            association.SetState(this, null);
        }

        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            _now = now;
            PathCheck check = CheckOf(association);
            if (check == null || !association.IsServer || association.State != AssociationState.Connected)
            {
                return;
            }

            RecordHeader header = _endpoint.Header;
            bool isElsewhere = PeerPath.IsElsewhere(_endpoint, association);
            bool isFinished = header.Type == ContentType.Handshake && association.LastFlight.IsKept;
            if (check.Stage == PathCheck.Idle)
            {
                if (isElsewhere && isNewest && association.ReadEpoch.ReadCodec.ReadId != null)
                {
                    int stage = _asksOldPath ? PathCheck.AskingOld : PathCheck.AskingNew;
                    check.Begin(_endpoint.PeerAddress, _endpoint.PeerAddressLength, header.End - header.Offset, stage, now);
                    check.WantsLastFlight = isFinished;
                    Challenge(association, check);
                }
            }
            else if (isElsewhere)
            {
                if (IsFrom(check))
                {
                    check.Received(header.End - header.Offset);
                    check.WantsLastFlight |= isFinished;
                }
            }
            else if (isNewest && header.Type != ContentType.ReturnRoutability && _endpoint.PeerAddressLength != AssociationHost.NotKnown)
            {
                // The peer goes on from where it was.
                Fail(association, check);
            }
        }

        /// <summary>A client that moved behind its Finished gets our last flight at the new address, as far as that may be sent anything.</summary>
        internal override void OnLastFlight(Association association, Packet packet)
        {
            PathCheck check = CheckOf(association);
            if (check != null && check.WantsLastFlight && check.TrySpend(packet.Length))
            {
                packet.SetAddress(check.Address, check.AddressLength);
            }
        }

        internal override long DeadlineOf(Association association)
        {
            PathCheck check = CheckOf(association);
            return check == null ? Deadline.Never : check.Next;
        }

        internal override void HandleTimeout(Association association, long now)
        {
            PathCheck check = CheckOf(association);
            if (association.State != AssociationState.Connected)
            {
                check.End();
            }
            else if (check.Challenges < PathCheck.MostChallenges)
            {
                Challenge(association, check);
            }
            else if (check.Stage == PathCheck.AskingOld)
            {
                check.Ask(PathCheck.AskingNew, now);
                Challenge(association, check);
            }
            else
            {
                Fail(association, check);
            }
        }

        /// <summary>A message of the peer's, with its cookie.</summary>
        internal void OnMessage(Association association, int type, byte[] buffer, int cookie)
        {
            PathCheck check = CheckOf(association);
            if (type == RoutabilityMessages.PathChallenge)
            {
                Answer(association, check, buffer, cookie);
                return;
            }

            // That the old path is alive, or was left, is true by whichever path the answer comes: somebody may be faster with a copy.
            bool isExpected = check.Stage == PathCheck.AskingOld
                || (check.Stage == PathCheck.AskingNew && IsFrom(check) && type == RoutabilityMessages.PathResponse);
            if (!isExpected || !check.Knows(buffer, cookie))
            {
                _endpoint.Trace("path answer ignored", type, check.Stage);
            }
            else if (check.Stage == PathCheck.AskingNew)
            {
                check.End();
                _endpoint.Move(association, check.Address, check.AddressLength);
            }
            else if (type == RoutabilityMessages.PathDrop)
            {
                check.Ask(PathCheck.AskingNew, _now);
                Challenge(association, check);
            }
            else
            {
                Fail(association, check);
            }
        }

        /// <summary>
        /// Answers a challenge, where it came from (section 5.4): the path is dropped if this end has left it. An address that is not
        /// proven gets no more for that than it may have.
        /// </summary>
        private void Answer(Association association, PathCheck check, byte[] buffer, int cookie)
        {
            bool isElsewhere = PeerPath.IsElsewhere(_endpoint, association);
            if (isElsewhere && association.IsServer && !MayAnswer(association, check))
            {
                return;
            }

            bool isKnown = _endpoint.PeerAddressLength != AssociationHost.NotKnown;
            _message[0] = (byte)(isElsewhere && !association.IsServer ? RoutabilityMessages.PathDrop : RoutabilityMessages.PathResponse);
            Array.Copy(buffer, cookie, _message, 1, PathCheck.CookieLength);
            _endpoint.Sender.SendTo(
                association,
                ContentType.ReturnRoutability,
                _message,
                isKnown ? _endpoint.PeerAddress : association.Address,
                isKnown ? _endpoint.PeerAddressLength : association.AddressLength);
        }

        private bool MayAnswer(Association association, PathCheck check)
        {
            int length = association.WriteEpoch.Overhead + RoutabilityMessages.Length;
            return check.Stage != PathCheck.Idle && IsFrom(check) && check.TrySpend(length);
        }

        private void Challenge(Association association, PathCheck check)
        {
            if (!_endpoint.TryRandom(_message, 1, PathCheck.CookieLength))
            {
                Fail(association, check);
                return;
            }

            bool asksNew = check.Stage == PathCheck.AskingNew;
            int length = association.WriteEpoch.Overhead + RoutabilityMessages.Length;
            check.Keep(_message, 1);
            check.Schedule(_timeout);
            if (!asksNew || check.TrySpend(length))
            {
                _message[0] = RoutabilityMessages.PathChallenge;
                _endpoint.Sender.SendTo(
                    association,
                    ContentType.ReturnRoutability,
                    _message,
                    asksNew ? check.Address : association.Address,
                    asksNew ? check.AddressLength : association.AddressLength);
            }
        }

        private void Fail(Association association, PathCheck check)
        {
            check.End();
            _endpoint.Statistics.PathsFailed++;
            _endpoint.Trace("path failed", association.Index, check.AddressLength);
            association.Raise(AssociationEvents.PathFailed);
        }

        private bool IsFrom(PathCheck check)
        {
            return _endpoint.PeerAddressLength == check.AddressLength
                && ConstantTime.AreEqual(_endpoint.PeerAddress, 0, check.Address, 0, check.AddressLength);
        }

        private PathCheck CheckOf(Association association)
        {
            return (PathCheck)association.GetState(this);
        }
    }
}

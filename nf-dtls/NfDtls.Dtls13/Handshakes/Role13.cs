using System;

namespace NfDtls.Dtls13
{
    /// <summary>What both roles' parts in DTLS 1.3 have in common: Finished, epochs, and what is acknowledged.</summary>
    internal abstract class Role13 : HandshakeRole
    {
        // More records than a flight of a usual chain has; of more the oldest are left out of an ACK.
        private const int MostAcknowledged = 16;

        internal readonly Version13 Version13;
        internal readonly Share Share;

        /// <summary>What a HelloRetryRequest asked to be repeated, or what a ClientHello repeats; null where there is none.</summary>
        internal byte[] Cookie;

        /// <summary>The extensions that are read are those of a HelloRetryRequest.</summary>
        internal bool IsReadingRetry;

        /// <summary>What the client's psk_key_exchange_modes allow.</summary>
        internal bool OffersPskAlone;
        internal bool OffersAgreement;

        /// <summary>Which of the identities offered a server takes.</summary>
        internal int ChosenIdentity;

        /// <summary>The server's hello has pre_shared_key.</summary>
        internal bool IsKeyChosen;

        /// <summary>The binder of the chosen identity, or null.</summary>
        internal byte[] Binder;

        /// <summary>Where the identities begin in the hello that is read, where their binders do, and the byte behind those.</summary>
        internal int OfferAt;
        internal int BindersAt;
        internal int OfferEnd;

        /// <summary>The keys that a client offers; null at a server.</summary>
        internal readonly OfferedKeys Offered;

        /// <summary>The key that the server has taken, or null.</summary>
        internal OfferedKey Taken;

        private readonly SendingLog13 _log = new SendingLog13();
        private readonly RecordList _arrived = new RecordList(MostAcknowledged);
        private long _ackAt = NfDtls.Deadline.Never;
        private readonly Proofs13 _proofs = new Proofs13();
        private bool _isFinishedRead;
        private bool _isFinishedKnown;

        internal Role13(Version13 version, Handshake handshake, OfferedKeys offered)
            : base(version, handshake)
        {
            Version13 = version;
            Share = version.ShareOf();
            Offered = offered;
        }

        /// <inheritdoc/>
        internal override long Deadline
        {
            get { return _ackAt; }
        }

        /// <summary>A flight that was answered is heard again in the epoch that it was sent in.</summary>
        internal override bool HearsEarlierEpochs
        {
            get { return true; }
        }

        /// <summary>A client waits for the ACK of its Finished. A ticket says the same: none is given before (RFC 8446 section 4.6.1).</summary>
        internal override bool HearsNoMore(int type)
        {
            if (_isFinishedRead && type == HandshakeType.NewSessionTicket)
            {
                _isFinishedKnown = true;
                _ackAt = 0;
            }

            return _isFinishedRead;
        }

        /// <summary>Epochs 2 and 3 follow on 0.</summary>
        internal override long NextReadEpoch
        {
            get { return Handshake.Host.ReadEpoch.Number == 0 ? 2 : 3; }
        }

        protected KeySchedule13 Secrets
        {
            get { return (KeySchedule13)KeySchedule; }
        }

        protected Transcript13 Messages
        {
            get { return (Transcript13)Transcript; }
        }

        /// <summary>Whether the peer's Finished was right.</summary>
        protected bool IsFinishedRead
        {
            get { return _isFinishedRead; }
        }

        internal override bool MayCarry(HelloExtension extension, int messageType)
        {
            // A HelloRetryRequest has those of its own alone.
            return extension is Extension13 || (Placement.Allows(extension.Type, messageType) && !IsReadingRetry);
        }

        internal override bool MaySign(int scheme, int keyKind)
        {
            return Schemes13.Allows(scheme, keyKind);
        }

        internal override int AlertFor(DtlsError error)
        {
            return error == DtlsError.CertificateMissing ? Alert.CertificateRequired : base.AlertFor(error);
        }

        internal override HandshakePart PartFor(int type)
        {
            bool isProof = type == HandshakeType.Certificate || type == HandshakeType.CertificateRequest || type == HandshakeType.CertificateVerify;
            return isProof && Handshake.Authenticator != null ? _proofs : null;
        }

        internal override bool BeginsAnew(int type)
        {
            return false;
        }

        internal override bool Skips(int type)
        {
            // A server sends one and asks for one, a client sends one when it was asked and signs when it has one.
            int needed = Handshake.IsServer ? HandshakeFlags.ServerCertificate : HandshakeFlags.ClientCertificateRequested;
            switch (type)
            {
                case HandshakeType.CertificateRequest: return (Handshake.Flags & HandshakeFlags.ClientCertificateRequested) == 0;
                case HandshakeType.Certificate: return (Handshake.Flags & needed) == 0;
                case HandshakeType.CertificateVerify:
                    return (Handshake.Flags & (Handshake.IsServer ? needed : HandshakeFlags.ClientCertificateSent)) == 0;
                default: return false;
            }
        }

        internal override DtlsError Read(int type, WireReader reader, long now)
        {
            if (type != HandshakeType.Finished)
            {
                return ReadOther(type, reader);
            }

            byte[] right = Secrets.VerifyData(Handshake, !Handshake.IsServer);
            int received = reader.Skip(right.Length);
            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            _isFinishedRead = ConstantTime.AreEqual(reader.Buffer, received, right, 0, right.Length);
            Array.Clear(right, 0, right.Length);
            return _isFinishedRead ? DtlsError.None : DtlsError.DecryptError;
        }

        internal override void Write(int type, WireWriter writer)
        {
            if (type != HandshakeType.Finished)
            {
                WriteOther(type, writer);
                return;
            }

            byte[] own = Secrets.VerifyData(Handshake, Handshake.IsServer);
            writer.WriteBytes(own, 0, own.Length);
        }

        internal override void OnFlightWritten(long now)
        {
            // The flight says that what it answers has come.
            _arrived.Clear();
            _ackAt = NfDtls.Deadline.Never;
        }

        /// <summary>
        /// A record of the peer's flight was taken, whole or in pieces. If its flight does not go on at once, or has a gap, the peer is
        /// told what has come (RFC 9147 section 7.1).
        /// </summary>
        internal override void OnRecord(long epoch, long sequence, bool hasGap, long now)
        {
            _arrived.Add(epoch, sequence);
            if (hasGap)
            {
                _ackAt = now;
            }
            else if (_ackAt == NfDtls.Deadline.Never)
            {
                _ackAt = NfDtls.Deadline.After(now, Handshake.Options.RetransmitTimeout / 4);
            }
        }

        internal override void HandleTimeout(long now)
        {
            if (now >= _ackAt)
            {
                _ackAt = NfDtls.Deadline.Never;
                if (_isFinishedKnown)
                {
                    EndFlight(now);
                }
                else if (Handshake.Suite != null)
                {
                    Acknowledge();
                }
            }
        }

        /// <summary>An ACK of the peer's: what has come is not sent again, and what has not is, at once.</summary>
        internal DtlsError OnAck(WireReader reader, long epoch, long now)
        {
            int count = AckMessage.ReadCount(reader);
            if (count < 0)
            {
                return DtlsError.DecodeError;
            }

            Handshake.Endpoint.Trace("ack received", count, 0);
            Flight flight = Handshake.Flight;
            for (int i = 0; i < count; i++)
            {
                long of = AckMessage.ReadNumber(reader);
                long sequence = AckMessage.ReadNumber(reader);
                if (of > epoch)
                {
                    return DtlsError.IllegalParameter;
                }

                _log.Acknowledge(flight, of, sequence);
            }

            if (_log.IsWholeKnown(flight))
            {
                EndFlight(now);
            }
            else
            {
                Handshake.Patience.AnswerLack(now);
            }

            return DtlsError.None;
        }

        private void EndFlight(long now)
        {
            Handshake.Flight.Stop();
            Handshake.Patience.Stop();
            OnFlightKnown(now);
        }

        /// <summary>The peer has all of the flight.</summary>
        protected virtual void OnFlightKnown(long now)
        {
        }

        internal override void Clear()
        {
            Share.Clear();
            if (Handshake.Flight.Log == _log)
            {
                Handshake.Flight.Log = null;
            }

            _log.Clear();
            _arrived.Clear();
            _ackAt = NfDtls.Deadline.Never;
            _isFinishedRead = false;
            _isFinishedKnown = false;
            Cookie = null;
            Binder = null;
            if (Offered != null)
            {
                Offered.Clear();
            }

            if (Taken != null && Taken.Key != null)
            {
                Taken.Clear();
            }

            Taken = null;
            IsReadingRetry = false;
            IsKeyChosen = false;
            OffersPskAlone = false;
            OffersAgreement = false;
            ChosenIdentity = 0;
            OfferAt = 0;
            BindersAt = 0;
            OfferEnd = 0;

            // The provider's hashes may throw: they come last.
            base.Clear();
        }

        /// <summary>A group that the peer has named as one of its own.</summary>
        internal virtual void OnGroup(int group)
        {
        }

        /// <summary>The group that a HelloRetryRequest asks for.</summary>
        internal virtual DtlsError OnRetryGroup(int group)
        {
            return DtlsError.IllegalParameter;
        }

        /// <summary>A public key of the peer's.</summary>
        internal abstract DtlsError OnShare(int group, byte[] buffer, int offset, int count);

        /// <summary>Whether the client may come back by a ticket, as its hello and this end's options have it.</summary>
        internal bool MayResumeLater
        {
            get { return (OffersAgreement && Version13.FirstGroup(Handshake) != 0) || (OffersPskAlone && Version13.AllowsPskAlone); }
        }

        /// <summary>An identity that a client offers, with its obfuscated age.</summary>
        internal virtual void OnIdentity(int index, byte[] buffer, int offset, int count, long age)
        {
        }

        /// <summary>Reads one of the role's own messages.</summary>
        protected abstract DtlsError ReadOther(int type, WireReader reader);

        /// <summary>Writes one of the role's own messages.</summary>
        protected abstract void WriteOther(int type, WireWriter writer);

        /// <summary>Begins to keep what was sent in which record.</summary>
        protected void Watch()
        {
            _log.Clear();
            Handshake.Flight.Log = _log;
        }

        /// <summary>Sends what has come of the flight that is read.</summary>
        protected void Acknowledge()
        {
            byte[] ack = new byte[2 + (_arrived.Count * AckMessage.NumberLength)];
            WireWriter writer = Handshake.Endpoint.Writer;
            writer.Reset(ack, 0, ack.Length);
            AckMessage.Write(writer, _arrived, Handshake.Host.WriteEpoch.MostContent);
            Association association = (Association)Handshake.Host;
            Handshake.Endpoint.Trace("ack sent", _arrived.Count, 0);
            DtlsError error = association.Engine.Sender.SendShort(association, ContentType.Ack, ack, writer.Length);
            if (error != DtlsError.None)
            {
                association.End(error);
            }
        }

        /// <summary>Both ends have what they need: from here on nothing is read that is not protected.</summary>
        protected void Complete(byte[] identity, long now)
        {
            Handshake.Host.ReadEpoch.Before.Before = null;
            if (identity != null)
            {
                Handshake.SetPskIdentity(identity, 0, identity.Length);
            }

            Handshake.Host.Complete(now);
        }

        /// <summary>The server has taken a key: what it says of the peer, and what the secrets begin with.</summary>
        protected void TakeKey(OfferedKey key)
        {
            Taken = key;
            IsKeyChosen = true;
            Handshake.Flags |= key.IsResumption ? HandshakeFlags.Abbreviated : 0;
        }

        /// <summary>What comes next of the peer is in another epoch: what was begun before it was not the peer's.</summary>
        protected void ReadFrom(Epoch epoch)
        {
            Handshake.Receiver.Assembler.ForgetParts();
            Handshake.Host.ChangeReadEpoch(epoch);
        }
    }
}

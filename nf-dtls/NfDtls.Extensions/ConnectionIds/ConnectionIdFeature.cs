using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Connection IDs (RFC 9146; RFC 9147 section 9): protected records carry an ID of the receiver's choice, so that a session goes on
    /// when its client's address changes, with no handshake. Offered by a client, accepted by a server that has this too, in DTLS 1.2 and
    /// 1.3. A record's type is encrypted then, and its length may be padded. In DTLS 1.3 IDs can change: <see cref="Spares"/>, and
    /// <c>ConnectionIdUpdates</c> of NfDtls.Dtls13. Goes into <see cref="DtlsOptions.Features"/>; one object serves one endpoint.
    /// </summary>
    public sealed class ConnectionIdFeature : IdentifyingFeature
    {
        /// <summary>The largest <see cref="PaddingBlock"/>.</summary>
        public const int MaxPaddingBlock = 256;

        // A Finished in the longest protection that a suite has: what of a datagram must be left beside the ID.
        private const int LeastRecord = 101;

        private readonly ConnectionIds _ids;
        private readonly HelloExtension[] _extensions;
        private readonly ConnectionIdCodec _headers;
        private AssociationHost _endpoint;
        private RestoredIds _restored;
        private ReturnRoutability _routability;
        private int _paddingBlock = 1;
        private int _maxPeerLength = 255;
        private int _spares;

        /// <summary>Random IDs of a length (<see cref="RandomConnectionIds"/>); of 0 to use the peer's and ask for none.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not 0 to 32.</exception>
        public ConnectionIdFeature(int length)
            : this(new RandomConnectionIds(length))
        {
        }

        /// <summary>IDs from somewhere else.</summary>
        /// <exception cref="ArgumentException">Their length is not 0 to 32.</exception>
        public ConnectionIdFeature(ConnectionIds ids)
            : this(ids, ConnectionIds.MaxLength)
        {
        }

        /// <summary>IDs of up to so many bytes: what a peer of another make may have is tested by this.</summary>
        internal ConnectionIdFeature(ConnectionIds ids, int most)
        {
            if (ids == null)
            {
                throw new ArgumentNullException("ids");
            }

            if (ids.Length < 0 || ids.Length > most)
            {
                throw new ArgumentException("A connection ID has 0 to " + most.ToString() + " bytes, not " + ids.Length.ToString() + ".", "ids");
            }

            _ids = ids;
            _headers = new ConnectionIdCodec(new byte[ids.Length], 1);
            _extensions = new HelloExtension[] { new ConnectionIdExtension(this) };
        }

        /// <summary>
        /// Content and type of each record with an ID are padded with zeros to a multiple of this many bytes, 1 (the default, no
        /// padding) to <see cref="MaxPaddingBlock"/>, so that its length says less; <see cref="Association.MaxPayload"/> is that
        /// much smaller. Read when a handshake agrees on IDs.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int PaddingBlock
        {
            get
            {
                return _paddingBlock;
            }

            set
            {
                if (value < 1 || value > MaxPaddingBlock)
                {
                    throw new ArgumentOutOfRangeException("value", "Records are padded to a multiple of 1 to " + MaxPaddingBlock.ToString() + " bytes, not " + value.ToString() + ".");
                }

                _paddingBlock = value;
            }
        }

        /// <summary>
        /// The longest ID of the peer's that is accepted, 0 to 255 (default) bytes: it stands in each record sent, and is kept with
        /// the session. With a longer one a server goes on without IDs, and a client fails.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int MaxPeerLength
        {
            get
            {
                return _maxPeerLength;
            }

            set
            {
                if (value < 0 || value > 255)
                {
                    throw new ArgumentOutOfRangeException("value", "A peer's connection ID has 0 to 255 bytes, not " + value.ToString() + ".");
                }

                _maxPeerLength = value;
            }
        }

        /// <summary>
        /// In DTLS 1.3 the peer is asked for so many IDs to spare once a session is connected, and again when one was used, 0 (default)
        /// to <see cref="IdentifyingFeature.MostSpares"/>. A client that moves goes on with one of them, so that who watches both paths
        /// cannot tell that it is the same. Not every stack knows the request: some end the session by unexpected_message.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int Spares
        {
            get
            {
                return _spares;
            }

            set
            {
                if (value < 0 || value > MostSpares)
                {
                    throw new ArgumentOutOfRangeException("value", "There are 0 to " + MostSpares.ToString() + " spare connection IDs, not " + value.ToString() + ".");
                }

                _spares = value;
            }
        }

        /// <summary>The ID that the peer puts into its records, or null where it puts none. Not to be changed.</summary>
        public byte[]? IdOf(Association association)
        {
            Epoch epoch = association == null ? null : association.ReadEpoch;
            return epoch == null ? null : epoch.ReadCodec.ReadId;
        }

        /// <summary>The ID that this end puts into its records, or null where the peer wants none. Not to be changed.</summary>
        public byte[]? PeerIdOf(Association association)
        {
            Epoch epoch = association == null ? null : association.WriteEpoch;
            return epoch == null ? null : epoch.WriteCodec.WriteId;
        }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override RecordCodec Codec
        {
            get { return _headers; }
        }

        internal override void Attach(AssociationHost endpoint)
        {
            _endpoint = endpoint;
            _routability = ReturnRoutability.Of(endpoint);
            _ids.Attach(endpoint.Crypto, endpoint.IsServer ? endpoint.Options.ServerPlaces : 1);
            endpoint.Header.Reserve(ConnectionIdCodec.AdditionalDataFor(_ids.Length));
        }

        internal override int FindPlace(byte[] buffer)
        {
            return FindPlace(buffer, _endpoint.Header.Offset + ConnectionIdCodec.IdAt);
        }

        internal override bool Names(Association association, byte[] buffer)
        {
            ConnectionIdCodec own = (ConnectionIdCodec)association.GetState(this);
            return own != null && own.Matches(buffer, _endpoint.Header);
        }

        /// <summary>
        /// A peer moves by a record newer than all before it (RFC 9146 section 6), once its handshake is over, unless the path is
        /// checked first.
        /// </summary>
        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            bool moves = isNewest && association.IsServer && association.State != AssociationState.Connecting
                && association.ReadEpoch.ReadCodec.ReadId != null && PeerPath.IsElsewhere(_endpoint, association);
            if (moves && (_routability == null || !_routability.Guards(association)))
            {
                _endpoint.Move(association, _endpoint.PeerAddress, _endpoint.PeerAddressLength);
            }
        }

        internal override void Forget(Association association)
        {
            ConnectionIdCodec own = (ConnectionIdCodec)association.GetState(this);
            if (_restored != null && own != null)
            {
                RestoredIdCodec several = own as RestoredIdCodec;
                for (int i = 1; several != null && i < several.All.Length; i++)
                {
                    _restored.Remove(several.All[i], association.Index);
                }

                _restored.Remove(own.Id, association.Index);
            }

            association.SetState(this, null);
        }

        internal override int HelloBytes
        {
            get { return 5 + _ids.Length; }
        }

        internal override int SavedTag
        {
            get { return 54; }
        }

        /// <summary>Both IDs, each with its length.</summary>
        internal override void Save(Association association, WireWriter writer)
        {
            byte[][] own = association.ReadEpoch.ReadCodec.ListIds(true);
            byte[][] peers = association.ReadEpoch.ReadCodec.ListIds(false);
            own = own != null ? own : SavedIds.ListOf(IdOf(association));
            peers = peers != null ? peers : SavedIds.ListOf(PeerIdOf(association));
            if (own.Length > 0 || peers.Length > 0)
            {
                SavedIds.Write(writer, own, peers);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            SavedIds saved = SavedIds.Read(reader);
            bool isRight = saved != null;
            for (int i = 0; isRight && i < saved.Peers.Length; i++)
            {
                isRight = saved.Peers[i].Length > 0 && HasRoomFor(saved.Peers[i].Length);
            }

            for (int i = 0; isRight && i < saved.Own.Length; i++)
            {
                isRight = saved.Own[i].Length > 0 && saved.Own[i].Length == _ids.Length;
            }

            if (!isRight)
            {
                return null;
            }

            if (_endpoint.IsServer && saved.Own.Length > 0)
            {
                // Allocates, and may lack entropy, so not when everything else is done.
                _restored = _restored == null ? new RestoredIds(_endpoint.Crypto, _endpoint.Options.ServerPlaces) : _restored;
                _restored.Reserve(saved.Own.Length);
                byte[] alive = IdOf(_endpoint.AtPlace(FindPlace(saved.Own[0], 0)));
                if (alive != null && ConstantTime.AreEqual(alive, 0, saved.Own[0], 0, alive.Length))
                {
                    // A second one with the same keys would use the same numbers.
                    throw new DtlsException(DtlsError.AlreadyConnected, "There is a session with the saved one's connection ID.");
                }
            }

            return saved;
        }

        internal override bool NamesReceiver(object saved)
        {
            return ((SavedIds)saved).Own.Length > 0;
        }

        internal override void Restore(Association association, object saved)
        {
            SavedIds ids = (SavedIds)saved;
            bool isTaken = association.ReadEpoch.ReadCodec.TakeIds(association.Epochs.Newest, ids.Own, ids.Peers, _paddingBlock);
            if (ids.Own.Length > 0)
            {
                ConnectionIdCodec own = ids.Own.Length > 1 ? new RestoredIdCodec(ids.Own) : new ConnectionIdCodec(ids.Own[0], 1);
                association.SetState(this, own);
                association.ReadEpoch.ReadCodec = isTaken ? association.ReadEpoch.ReadCodec : own;
                for (int i = 0; i < ids.Own.Length && _restored != null; i++)
                {
                    _restored.Add(ids.Own[i], association.Index);
                }
            }

            if (ids.Peers.Length > 0 && !isTaken)
            {
                _endpoint.WriteHeader.Reserve(ConnectionIdCodec.AdditionalDataFor(ids.Peers[0].Length));
                association.WriteEpoch.WriteCodec = new ConnectionIdCodec(ids.Peers[0], _paddingBlock);
            }
        }

        internal override int EngineBytes
        {
            get
            {
                const int FeatureFields = 10;
                const int CodecFields = 2;
                const int IdsFields = 7;
                return HeapBytes.OfObject(FeatureFields) + HeapBytes.OfArray(4) + HeapBytes.OfObject(1)
                    + HeapBytes.OfObject(CodecFields) + HeapBytes.OfArray(_ids.Length)
                    + HeapBytes.OfObject(IdsFields) + HeapBytes.OfArray(32)
                    + ConnectionIdCodec.AdditionalDataFor(_ids.Length) + ConnectionIdCodec.AdditionalDataFor(_maxPeerLength);
            }
        }

        internal override int SessionBytes
        {
            get
            {
                const int CodecFields = 2;
                return (2 * HeapBytes.OfObject(CodecFields)) + HeapBytes.OfArray(_ids.Length) + HeapBytes.OfArray(_maxPeerLength);
            }
        }

        internal override int IdLength
        {
            get { return _ids.Length; }
        }

        internal override int WantedSpares
        {
            get { return _spares; }
        }

        internal override byte[] CreateId(Association association)
        {
            byte[] id = new byte[_ids.Length];
            if (id.Length > 0)
            {
                _ids.Create(association.IsServer ? association.Index : 0, id, 0);
            }

            return id;
        }

        /// <summary>The ID of an association's own, which is made when it is first asked for.</summary>
        internal byte[] OwnId(Association association)
        {
            ConnectionIdCodec own = (ConnectionIdCodec)association.GetState(this);
            if (own == null)
            {
                own = new ConnectionIdCodec(CreateId(association), 1);
                association.SetState(this, own);
            }

            return own.Id;
        }

        /// <summary>Whether records with an ID of the peer's of this length fit into the datagrams that may be sent.</summary>
        internal override bool HasRoomFor(int length)
        {
            return length <= _maxPeerLength && (length == 0 || length + _paddingBlock + LeastRecord <= _endpoint.Options.Mtu);
        }

        /// <summary>Both ends have said their IDs, or will have: protected records have this form.</summary>
        internal void Agree(Handshake handshake, byte[] buffer, int offset, int length)
        {
            Association association = (Association)handshake.Host;
            if (OwnId(association).Length > 0)
            {
                handshake.ReadCodec = (ConnectionIdCodec)association.GetState(this);
            }

            if (length > 0)
            {
                byte[] peers = new byte[length];
                Array.Copy(buffer, offset, peers, 0, length);
                _endpoint.WriteHeader.Reserve(ConnectionIdCodec.AdditionalDataFor(length));
                handshake.WriteCodec = new ConnectionIdCodec(peers, _paddingBlock);
            }
        }

        /// <summary>The place that an ID leads to, of this boot or the one before, or -1; whether it is its ID is still to be asked.</summary>
        internal override int FindPlace(byte[] buffer, int at)
        {
            int place = _restored == null ? -1 : _restored.Find(buffer, at, _ids.Length);
            return place >= 0 ? place : _ids.FindPlace(buffer, at);
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>The connection IDs of one association, of all its epochs, and what is under way about them. Without any it has none of these.</summary>
    internal sealed class SessionIds
    {
        internal readonly OwnIds Own;
        internal readonly PeerIds Peers;

        /// <summary>Content and type of what goes out are padded to a multiple of this, 1 for no padding.</summary>
        internal readonly int Block;

        /// <summary>A message about IDs whose ACK has not come, or null: one at a time.</summary>
        internal IdSending Sending;

        /// <summary>The peer is to get so many IDs to spare, perhaps none; -1 where it is to get no message.</summary>
        internal int Gives = -1;

        /// <summary>The peer is to get one that it must use at once.</summary>
        internal bool Renews;

        /// <summary>IDs that the peer is to be asked for.</summary>
        internal int Asks;

        /// <summary>The peer was asked, and has not answered.</summary>
        internal bool IsAsking;

        /// <summary>Requests of the peer's in a row for which there was nothing to give.</summary>
        internal int IdleRequests;

        /// <summary>The parts of a message that comes in pieces, and what is there of it, or null.</summary>
        internal RangeSet Parts;
        internal byte[] Body;

        internal SessionIds(byte[] own, byte[] peers, int block)
        {
            Own = new OwnIds(own);
            Peers = new PeerIds(peers);
            Block = block;
        }

        /// <summary>Those that were saved, the ones in use first.</summary>
        internal SessionIds(byte[][] own, byte[][] peers, int block)
            : this(own.Length == 0 ? new byte[0] : own[0], peers.Length == 0 ? null : peers[0], peers.Length == 0 ? 1 : block)
        {
            for (int i = 1; i < own.Length && Own.HasPlace; i++)
            {
                Own.Add(own[i]);
            }

            for (int i = 1; i < peers.Length; i++)
            {
                Peers.Add(peers[i]);
            }
        }

        /// <summary>There is more to send: a message that rests goes on before it.</summary>
        internal void Wake(long now)
        {
            if (Sending != null)
            {
                Sending.Wake(now);
            }
        }

        /// <summary>All of one direction, the one in use first.</summary>
        internal byte[][] List(bool areOwn)
        {
            return areOwn ? Own.List() : Peers.List();
        }

        /// <summary>Those of an association, or null.</summary>
        internal static SessionIds Of(Association association)
        {
            UnifiedCodec codec = association.ReadEpoch == null ? null : association.ReadEpoch.ReadCodec as UnifiedCodec;
            return codec == null ? null : codec.Ids;
        }

        /// <summary>A message of an association that was saved goes on; its IDs follow.</summary>
        internal static void Resume(Epoch epoch, IdSending sending)
        {
            SessionIds ids = new SessionIds(new byte[0], null, 1);
            ids.Resume(sending);
            ((UnifiedCodec)epoch.ReadCodec).Ids = ids;
        }

        /// <summary>Goes on with a message, or with none.</summary>
        internal void Resume(IdSending sending)
        {
            Sending = sending;
            IsAsking = sending != null && sending.Message[0] == HandshakeType13.RequestConnectionId;
        }

        /// <summary>What a handshake agreed on, or null.</summary>
        internal static SessionIds Agreed(Handshake handshake)
        {
            byte[] own = handshake.ReadCodec == null ? null : handshake.ReadCodec.ReadId;
            byte[] peers = handshake.WriteCodec == null ? null : handshake.WriteCodec.WriteId;
            if (own == null && peers == null)
            {
                return null;
            }

            return new SessionIds(own == null ? new byte[0] : own, peers, peers == null ? 1 : handshake.WriteCodec.MaxTrailerLength);
        }

        /// <summary>An epoch has the IDs of the one before it.</summary>
        internal static void Carry(Epoch from, Epoch to)
        {
            UnifiedCodec before = from.ReadCodec as UnifiedCodec;
            if (before != null && before.Ids != null)
            {
                ((UnifiedCodec)to.ReadCodec).Ids = before.Ids;
            }
        }
    }
}

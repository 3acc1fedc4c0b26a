namespace NfDtls
{
    /// <summary>A feature that has connection IDs, as a version sees it whose records carry them in a form of its own.</summary>
    public abstract class IdentifyingFeature : Feature
    {
        /// <summary>The most IDs to spare that an end keeps of its peer's, and that a peer gets of its own.</summary>
        public const int MostSpares = 4;

        internal IdentifyingFeature()
        {
        }

        /// <summary>Bytes of this end's own IDs.</summary>
        internal abstract int IdLength { get; }

        /// <summary>IDs to spare that the peer is asked for.</summary>
        internal abstract int WantedSpares { get; }

        /// <summary>Makes an ID for what comes in, beside those that an association has; throws where there is no entropy.</summary>
        internal abstract byte[] CreateId(Association association);

        /// <summary>Whether records with an ID of the peer's of this length fit into the datagrams that may be sent.</summary>
        internal abstract bool HasRoomFor(int length);

        /// <summary>The place of a server's table that an ID leads to, or -1.</summary>
        internal abstract int FindPlace(byte[] buffer, int at);
    }
}

namespace NfDtls.Extensions
{
    /// <summary>What a handshake, and then its association, knows of sessions.</summary>
    internal sealed class HandshakeSession
    {
        /// <summary>Bytes of one on nanoFramework, with an id and a hash.</summary>
        internal const int PlannedBytes = (12 * 14) + 36 + 56;

        /// <summary>When the handshake began: seconds of the time that sessions are dated by, and the engine's milliseconds.</summary>
        internal long Seconds;
        internal long Now;

        /// <summary>What a client offers or a server found; resumed only if the handshake is abbreviated.</summary>
        internal SessionState Session;

        /// <summary>Of a client what it sent; of a server what the client sent.</summary>
        internal byte[] ClientId = new byte[0];
        internal byte[] Ticket = new byte[0];

        /// <summary>What the server's hello has, where it does not repeat the client's.</summary>
        internal byte[] ServerId = new byte[0];

        /// <summary>The client understands tickets.</summary>
        internal bool KnowsTickets;

        /// <summary>The server will send one.</summary>
        internal bool SendsTicket;

        /// <summary>A client was given this one, for so many seconds; null for none.</summary>
        internal byte[] NewTicket;
        internal long NewTicketSeconds;

        /// <summary>Of a server: the id that the store has it under, or the end of its ticket; where the connection fails, neither may be used again.</summary>
        internal byte[] StoredId;
        internal long TicketMark;

        /// <summary>Of a client: the type of the last authentic record of its connection, or 0; where <see cref="TicketMark"/> is a server's.</summary>
        internal int LastType
        {
            get { return (int)TicketMark; }
            set { TicketMark = value; }
        }

        /// <summary>SHA-256 of what the peer proved itself with, empty without.</summary>
        internal byte[] CertificateHash = new byte[0];

        /// <summary>The session goes to its own keeper: what was kept of it here is zeroed.</summary>
        internal void ClearSecrets()
        {
            if (Session != null)
            {
                Session.Clear();
                Session = null;
            }

            Ticket = null;
            NewTicket = null;
        }
    }
}

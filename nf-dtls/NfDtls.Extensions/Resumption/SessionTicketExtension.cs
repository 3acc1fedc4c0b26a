namespace NfDtls.Extensions
{
    /// <summary>SessionTicket (RFC 5077 section 3.2): a client's ticket, or that it understands tickets; the server's word that one will follow.</summary>
    internal sealed class SessionTicketExtension : HelloExtension
    {
        internal const int ExtensionType = 35;

        private readonly SessionResumption _resumption;

        internal SessionTicketExtension(SessionResumption resumption)
        {
            _resumption = resumption;
        }

        public override int Type
        {
            get { return ExtensionType; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            HandshakeSession session = _resumption.Of(handshake);
            if (session == null)
            {
                return false;
            }

            if (!handshake.IsServer)
            {
                return _resumption.Tickets;
            }

            if (session.SendsTicket)
            {
                handshake.Flags |= HandshakeFlags.TicketExpected;
            }

            return session.SendsTicket;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            if (!handshake.IsServer)
            {
                byte[] ticket = _resumption.Of(handshake).Ticket;
                writer.WriteBytes(ticket, 0, ticket.Length);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            if (!handshake.IsServer)
            {
                handshake.Flags |= HandshakeFlags.TicketExpected;
                return DtlsError.None;
            }

            // A longer ticket than ours are is nobody's that we know.
            int count = reader.Remaining;
            int at = reader.Skip(count);
            HandshakeSession session = _resumption.Begin(handshake);
            if (session != null)
            {
                session.KnowsTickets = true;
                session.Ticket = Bytes.Copy(reader.Buffer, at, count > _resumption.MaxTicketLength ? 0 : count);
            }

            return DtlsError.None;
        }
    }
}

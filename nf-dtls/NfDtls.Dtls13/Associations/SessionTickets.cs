using System;

namespace NfDtls.Dtls13
{
    /// <summary>Tickets after the handshake, given and taken; what they are is the feature's that keeps sessions. One of these for all associations of an endpoint.</summary>
    internal sealed class SessionTickets
    {
        /// <summary>The longest message of a ticket that is put together.</summary>
        internal const int LongestMessage = 1536;

        // Of a message's header, and of a record's number and length in full.
        private const int PieceOverhead = MessageHeader.Length + 4;

        /// <summary>The longest nonce of a ticket that is kept: what stands for a digest in a derivation has no more room.</summary>
        internal const int LongestNonce = Hkdf.MaxHash;

        private readonly Associations13 _feature;

        internal SessionTickets(Associations13 feature)
        {
            _feature = feature;
        }

        /// <summary>A handshake has succeeded: what is needed of it is kept, and a server gives a ticket.</summary>
        internal void OnConnected(Association association, Handshake handshake, KeyState state, long now)
        {
            Resumption resumption = handshake.Endpoint.Resumption;
            Role13 role = (Role13)handshake.Role;
            if (resumption == null)
            {
                return;
            }

            byte[] secret = new byte[state.Size];
            Array.Copy(((KeySchedule13)role.KeySchedule).Resumption, secret, secret.Length);
            resumption.Capture(handshake, secret, role.Taken == null ? null : role.Taken.External, now);
            Array.Clear(secret, 0, secret.Length);
            byte[] ageAdd = new byte[4];
            if (!handshake.IsServer || !role.MayResumeLater || !handshake.TryRandom(ageAdd, 0, ageAdd.Length))
            {
                return;
            }

            // One ticket a connection: its nonce differs from no other's.
            byte[] nonce = new byte[1];
            int seconds;
            byte[] ticket = resumption.GiveTicket(handshake, ((long)ageAdd[0] << 24) | (uint)(ageAdd[1] << 16) | (uint)(ageAdd[2] << 8) | ageAdd[3], nonce, out seconds);
            if (ticket == null)
            {
                return;
            }

            WireWriter writer = new WireWriter();
            byte[] body = new byte[NewSessionTicket.Overhead + nonce.Length + ticket.Length];
            writer.Reset(body, 0, body.Length);
            NewSessionTicket.Write(writer, seconds, ageAdd, nonce, ticket);
            state.Ticket = new TicketSending(body, state.NextToSend);
            state.NextToSend++;
            state.Ticket.BeginAt(now);
        }

        /// <summary>Sends what of a ticket has not come: first, and again where its ACK is late.</summary>
        internal void HandleTimeout(Association association, KeyState state, long now)
        {
            TicketSending ticket = state.Ticket;
            if (!ticket.IsSentNow(association.Engine, now))
            {
                return;
            }

            int room = association.MaxPayload - PieceOverhead;
            for (int offset = 0; offset < ticket.Body.Length && association.State == AssociationState.Connected; offset += room)
            {
                int length = ticket.Body.Length - offset < room ? ticket.Body.Length - offset : room;
                if (!ticket.Knows(offset, length))
                {
                    SendPiece(association, ticket, offset, length);
                }
            }
        }

        /// <summary>The peer says what has come.</summary>
        internal void OnAcknowledged(KeyState state, long epoch, long number)
        {
            if (state.Ticket != null)
            {
                state.Ticket.Acknowledge(epoch, number);
                state.Ticket = state.Ticket.IsKnown ? null : state.Ticket;
            }
        }

        /// <summary>Room for a ticket that begins to come, or null: it is let fall.</summary>
        internal byte[] RoomFor(Association association, int length)
        {
            return association.Engine.Resumption != null && length <= LongestMessage ? new byte[length] : null;
        }

        /// <summary>A whole NewSessionTicket has come.</summary>
        internal DtlsError Read(Association association, KeyState state, byte[] body, long now)
        {
            NewSessionTicket message = new NewSessionTicket();
            WireReader reader = new WireReader();
            reader.Reset(body, 0, body.Length);
            DtlsError error = message.Read(reader);
            if (error != DtlsError.None || message.NonceLength > LongestNonce)
            {
                return error;
            }

            association.Engine.Resumption.TakeTicket(
                association, Piece.Of(body, message.Ticket, message.TicketLength), (int)message.Lifetime, message.AgeAdd,
                Piece.Of(body, message.Nonce, message.NonceLength), now);
            return DtlsError.None;
        }

        private void SendPiece(Association association, TicketSending ticket, int offset, int length)
        {
            byte[] record = new byte[MessageHeader.Length + length];
            MessageHeader.Write(record, 0, HandshakeType.NewSessionTicket, ticket.Body.Length, ticket.Sequence, offset, length);
            Array.Copy(ticket.Body, offset, record, MessageHeader.Length, length);
            Epoch epoch = association.WriteEpoch;
            long number = epoch.NextSequence;
            _feature.Send(association, ContentType.Handshake, record, record.Length);
            if (epoch.NextSequence > number)
            {
                ticket.Add(epoch.Number, number, offset, length);
            }
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>NewSessionTicket (RFC 8446 section 4.6.1): where its parts stand in the message's bytes.</summary>
    internal sealed class NewSessionTicket
    {
        /// <summary>Seconds that it may be used for: at most a week.</summary>
        internal const int LongestLifetime = 604800;

        /// <summary>Bytes beside nonce and ticket.</summary>
        internal const int Overhead = 4 + Size32 + 1 + 2 + 2;

        private const int Size32 = 4;

        internal long Lifetime;
        internal long AgeAdd;
        internal int Nonce;
        internal int NonceLength;
        internal int Ticket;
        internal int TicketLength;

        /// <summary>Writes one without extensions: no early data.</summary>
        internal static void Write(WireWriter writer, int lifetime, byte[] ageAdd, byte[] nonce, byte[] ticket)
        {
            writer.WriteUInt16(lifetime >> 16);
            writer.WriteUInt16(lifetime);
            writer.WriteBytes(ageAdd, 0, Size32);
            writer.WriteUInt8(nonce.Length);
            writer.WriteBytes(nonce, 0, nonce.Length);
            writer.WriteUInt16(ticket.Length);
            writer.WriteBytes(ticket, 0, ticket.Length);
            writer.WriteUInt16(0);
        }

        /// <summary>Reads it; what its extensions say is not used.</summary>
        internal DtlsError Read(WireReader reader)
        {
            Lifetime = ReadUInt32(reader);
            AgeAdd = ReadUInt32(reader);
            NonceLength = reader.ReadUInt8();
            Nonce = reader.Skip(NonceLength);
            TicketLength = reader.ReadUInt16();
            Ticket = reader.Skip(TicketLength);
            int outer = reader.Enter(reader.ReadUInt16());
            while (reader.Remaining > 0)
            {
                reader.ReadUInt16();
                reader.Skip(reader.ReadUInt16());
            }

            reader.Leave(outer);
            if (!reader.IsAtEnd || TicketLength == 0)
            {
                return DtlsError.DecodeError;
            }

            return Lifetime > LongestLifetime ? DtlsError.IllegalParameter : DtlsError.None;
        }

        private static long ReadUInt32(WireReader reader)
        {
            long high = reader.ReadUInt16();
            return (high << 16) | (uint)reader.ReadUInt16();
        }
    }
}

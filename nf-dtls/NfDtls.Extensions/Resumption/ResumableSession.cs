using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// What a client needs in order to resume a session: taken from <see cref="SessionResumption.Session"/> once connected, kept in
    /// memory or, as bytes, in flash, and given back before it connects again. Holds the session's master secret: its bytes are to
    /// be kept as a key is. It does not hold the pre-shared key.
    /// </summary>
    public sealed class ResumableSession
    {
        private const int Magic = 0x5E55;
        private const int Form = 1;
        private const int AbsoluteBit = 1;
        private const int HeaderLength = 8;
        private const int CheckLength = 4;

        internal readonly SessionState State;

        /// <summary>The server's id of it, where it has no ticket.</summary>
        internal readonly byte[] Id;

        /// <summary>The server's ticket; empty where it has an id.</summary>
        internal readonly byte[] Ticket;

        /// <summary>Seconds that it may be used for.</summary>
        internal readonly long Lifetime;

        /// <summary>Whether the times in it are of the clock, and not of the engine's time, which begins anew.</summary>
        internal readonly bool IsAbsolute;

        internal ResumableSession(SessionState state, byte[] id, byte[] ticket, long lifetime, bool isAbsolute)
        {
            State = state;
            Id = id;
            Ticket = ticket;
            Lifetime = lifetime;
            IsAbsolute = isAbsolute;
        }

        /// <summary>Whether it has a ticket of the server's (RFC 5077), and not an id.</summary>
        public bool HasTicket
        {
            get { return Ticket.Length > 0; }
        }

        /// <summary>The number of its cipher suite.</summary>
        public int SuiteId
        {
            get { return State.Suite; }
        }

        /// <summary>Its bytes, for flash: some 100, and the ticket. Without a <see cref="SessionClock"/> its age is counted anew from <see cref="Import"/>.</summary>
        public byte[] Export()
        {
            byte[] buffer = new byte[HeaderLength + SessionState.MaxLength + 33 + 2 + Ticket.Length + CheckLength];
            WireWriter writer = new WireWriter();
            writer.Reset(buffer, 0, buffer.Length);
            writer.WriteUInt16(Magic);
            writer.WriteUInt8(Form);
            writer.WriteUInt8(IsAbsolute ? AbsoluteBit : 0);
            SessionState.WriteUInt32(writer, Lifetime);
            State.Write(writer);
            SessionState.WriteVector(writer, Id);
            writer.WriteUInt16(Ticket.Length);
            writer.WriteBytes(Ticket, 0, Ticket.Length);
            SessionState.WriteUInt32(writer, Check(buffer, writer.Length));
            byte[] bytes = Bytes.Copy(buffer, 0, writer.Length);
            Bytes.Clear(buffer);
            return bytes;
        }

        /// <summary>A session of bytes that <see cref="Export"/> made.</summary>
        /// <exception cref="ArgumentException">They are none, of another version of this library, cut short, or damaged; the message says which.</exception>
        public static ResumableSession Import(byte[] bytes)
        {
            if (bytes == null)
            {
                throw new ArgumentNullException("bytes");
            }

            WireReader reader = new WireReader();
            reader.Reset(bytes, 0, bytes.Length);
            if (reader.ReadUInt16() != Magic)
            {
                throw new ArgumentException("These bytes are no exported session.", "bytes");
            }

            int form = reader.ReadUInt8();
            if (form != Form && !reader.Failed)
            {
                throw new ArgumentException("The session was exported in form " + form.ToString() + "; this version of NfDtls reads form " + Form.ToString() + ".", "bytes");
            }

            int flags = reader.ReadUInt8();
            long lifetime = SessionState.ReadUInt32(reader);
            SessionState state = new SessionState();
            bool isWhole = state.Read(reader);
            byte[] id = SessionState.ReadVector(reader);
            int length = reader.ReadUInt16();
            int at = reader.Skip(length);
            int end = reader.Position;
            long check = SessionState.ReadUInt32(reader);
            if (!isWhole || reader.Failed)
            {
                state.Clear();
                throw new ArgumentException("The exported session is cut short or damaged.", "bytes");
            }

            if (!reader.IsAtEnd || check != Check(bytes, end))
            {
                state.Clear();
                throw new ArgumentException("The exported session is damaged: its bytes do not agree with their check.", "bytes");
            }

            return new ResumableSession(state, id, Bytes.Copy(bytes, at, length), lifetime, (flags & AbsoluteBit) != 0);
        }

        /// <summary>Zeroes the secret: the object is of no use any more. What a client was given is a copy.</summary>
        public void Clear()
        {
            State.Clear();
        }

        internal ResumableSession Copy()
        {
            return new ResumableSession(State.Copy(), Id, Ticket, Lifetime, IsAbsolute);
        }

        /// <summary>CRC-32: flash wears out.</summary>
        private static long Check(byte[] bytes, int count)
        {
            uint crc = 0xFFFFFFFF;
            for (int i = 0; i < count; i++)
            {
                crc ^= bytes[i];
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
                }
            }

            return (long)(crc ^ 0xFFFFFFFF);
        }
    }
}

using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// What an association keeps of its handshake, so that keys can follow each other: its secrets, and where messages stand. It is part of every
    /// session, so what is there for a time only has an object of its own.
    /// </summary>
    internal sealed class KeyState
    {
        /// <summary>Bytes of a secret.</summary>
        internal readonly int Size;

        /// <summary>The secret that comes in is read with, and at <see cref="Size"/> the one of what goes out.</summary>
        internal readonly byte[] Secrets;

        /// <summary>message_seq of the next message of either end.</summary>
        internal int NextToSend;
        internal int NextToRead;

        /// <summary>Keys before those of <see cref="Secrets"/> that something may still come under, where they are not kept as an epoch alone; or null.</summary>
        internal EpochBefore Before;

        /// <summary>How far it was saved, or null where it never was.</summary>
        internal SavedMarks Saved;

        /// <summary>The parts of a ticket that comes, or null; and its bytes, where it is not let fall when it is whole.</summary>
        internal RangeSet Parts;
        internal byte[] Body;

        /// <summary>A ticket that was given, until its ACK has come, or null.</summary>
        internal TicketSending Ticket;

        /// <summary>An update of the own keys that is wanted or under way, or null.</summary>
        internal UpdateSending Update;

        /// <param name="size">Bytes of a secret.</param>
        internal KeyState(int size)
        {
            Size = size;
            Secrets = new byte[2 * size];
        }

        /// <summary>
        /// Whether there is a message_seq for another message: they never wrap (RFC 9147 section 5.2), and the one behind the last must still
        /// be saved in 16 bits. Without one a session goes on with the keys and IDs that it has, until the keys' limit.
        /// </summary>
        internal bool HasNumber
        {
            get { return NextToSend < 0xFFFF; }
        }

        /// <summary>Whether an update is wanted that was not sent yet.</summary>
        internal bool IsWanted
        {
            get { return Update != null && Update.IsWanted; }
        }

        /// <summary>Whether an update was sent whose ACK has not come.</summary>
        internal bool IsUnderWay
        {
            get { return Update != null && Update.IsUnderWay; }
        }

        /// <summary>Whether it will be sent again.</summary>
        internal bool IsSending
        {
            get { return IsUnderWay && Update.ResendAt != Deadline.Never; }
        }

        /// <summary>When the first of what is its own is due, or never: of what is sent only while the association is open.</summary>
        internal long DueAt(bool isOpen)
        {
            long due = Update == null || !isOpen ? Deadline.Never : Update.IsWanted ? 0 : Update.ResendAt;
            due = Ticket != null && isOpen && Ticket.ResendAt < due ? Ticket.ResendAt : due;
            return Before != null && Before.Ends < due ? Before.Ends : due;
        }

        /// <summary>Where the peer's messages stood in what is stored.</summary>
        internal int StoredToRead
        {
            get { return Saved == null ? 0 : Saved.Stored; }
        }

        /// <summary>Whether a message has come in part.</summary>
        internal bool HasParts(SessionIds ids)
        {
            return Parts != null || (ids != null && ids.Parts != null);
        }

        /// <summary>An update is wanted.</summary>
        internal void Want()
        {
            Update = Update == null ? new UpdateSending() : Update;
            Update.IsWanted = true;
        }

        /// <summary>Wipes the secret of the keys before.</summary>
        internal void ForgetBefore()
        {
            if (Before != null)
            {
                Before.Clear();
                Before = null;
            }
        }

        internal void Clear()
        {
            Array.Clear(Secrets, 0, Secrets.Length);
            Body = null;
            Ticket = null;
            ForgetBefore();
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>A NewSessionTicket on its way: its pieces, the records that carried them, and which have come (RFC 9147 section 5.8.4).</summary>
    internal sealed class TicketSending : Resending
    {
        private const int Kept = 16;

        internal readonly byte[] Body;

        /// <summary>Its message_seq.</summary>
        internal readonly int Sequence;

        private readonly RangeSet _known;
        private readonly SentRecords _records = new SentRecords(Kept);
        private readonly ushort[] _offsets = new ushort[Kept];
        private readonly ushort[] _lengths = new ushort[Kept];

        internal TicketSending(byte[] body, int sequence)
        {
            Body = body;
            Sequence = sequence;
            _known = new RangeSet(body.Length);
        }

        /// <summary>Whether the peer has all of it.</summary>
        internal bool IsKnown
        {
            get { return _known.IsWhole(Body.Length); }
        }

        /// <summary>Whether the peer has a piece.</summary>
        internal bool Knows(int offset, int length)
        {
            return _known.Contains(offset, offset + length);
        }

        /// <summary>A record has carried a piece.</summary>
        internal void Add(long epoch, long number, int offset, int length)
        {
            int slot = _records.Add(epoch, number);
            _offsets[slot] = (ushort)offset;
            _lengths[slot] = (ushort)length;
        }

        /// <summary>The peer says that a record has come.</summary>
        internal void Acknowledge(long epoch, long number)
        {
            int slot = _records.Find(epoch, number);
            if (slot >= 0)
            {
                _known.Add(_offsets[slot], _offsets[slot] + _lengths[slot]);
            }
        }
    }
}

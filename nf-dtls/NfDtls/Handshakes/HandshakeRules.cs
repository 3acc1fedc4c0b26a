namespace NfDtls
{
    /// <summary>
    /// Which handshake message may come next, as a table: rows in the order of the handshake, each with the flags under which
    /// it holds. The engine walks it for every message; nothing else decides what is expected.
    /// </summary>
    public sealed class HandshakeRules
    {
        private const int MaxRows = 12;

        // Kinds of rows.
        private const byte Optional = 0;
        private const byte Required = 1;
        private const byte Repeated = 2;

        private readonly ushort[] _types = new ushort[MaxRows];
        private readonly int[] _when = new int[MaxRows];
        private readonly int[] _unless = new int[MaxRows];
        private readonly byte[] _kinds = new byte[MaxRows];
        private int _count;

        /// <summary>An empty table.</summary>
        public HandshakeRules()
        {
        }

        /// <summary>Rows in the table.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>The message of a row: a <see cref="HandshakeType"/>.</summary>
        public int TypeAt(int row)
        {
            return _types[row];
        }

        /// <summary>Whether the message of a row must come before anything behind it, given the flags.</summary>
        public bool IsRequired(int row, int flags)
        {
            return _kinds[row] == Required && IsAllowed(row, flags);
        }

        /// <summary>Whether the message of a row may come, given the flags.</summary>
        public bool IsAllowed(int row, int flags)
        {
            return (_when[row] == 0 || (flags & _when[row]) != 0) && (flags & _unless[row]) == 0;
        }

        /// <summary>Whether the message of a row may come more than once.</summary>
        public bool Repeats(int row)
        {
            return _kinds[row] == Repeated;
        }

        /// <summary>The row behind the message that came, or -1 if it must not come now.</summary>
        /// <param name="row">Where the handshake stands: 0 at first, then what this method returned.</param>
        /// <param name="type">The message that came.</param>
        /// <param name="flags">What has been agreed on so far.</param>
        public int Next(int row, int type, int flags)
        {
            for (int i = row; i < _count; i++)
            {
                if (!IsAllowed(i, flags))
                {
                    continue;
                }

                int kind = _kinds[i];
                if (_types[i] == type)
                {
                    return kind == Repeated ? i : i + 1;
                }

                if (kind == Required)
                {
                    return -1;
                }
            }

            return -1;
        }

        /// <summary>Adds a message that must come.</summary>
        /// <param name="type">The message: a <see cref="HandshakeType"/>.</param>
        /// <param name="when">One of these <see cref="HandshakeFlags"/> must be set; 0: always.</param>
        /// <param name="unless">None of these may be set.</param>
        public void Require(int type, int when, int unless)
        {
            Add(type, when, unless, Required);
        }

        /// <summary>Adds a message that may come.</summary>
        public void Allow(int type, int when, int unless)
        {
            Add(type, when, unless, Optional);
        }

        /// <summary>Adds a message that may come any number of times.</summary>
        public void Repeat(int type, int when, int unless)
        {
            Add(type, when, unless, Repeated);
        }

        private void Add(int type, int when, int unless, byte kind)
        {
            _types[_count] = (ushort)type;
            _when[_count] = when;
            _unless[_count] = unless;
            _kinds[_count] = kind;
            _count++;
        }
    }
}

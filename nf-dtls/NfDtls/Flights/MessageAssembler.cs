namespace NfDtls
{
    /// <summary>
    /// Puts handshake messages together: the one whose turn it is in a buffer of the largest size allowed, a few that come
    /// after it in smaller ones. Nothing is allocated, whatever lengths are declared.
    /// </summary>
    internal sealed class MessageAssembler
    {
        private readonly MessageSlot _current;
        private readonly MessageSlot[] _later;
        private int _next;

        internal MessageAssembler(int maxMessage, int laterSlots, int laterBytes)
        {
            _current = new MessageSlot(maxMessage);
            _later = new MessageSlot[laterSlots];
            for (int i = 0; i < laterSlots; i++)
            {
                // A later message moves into the current one's buffer when its turn comes.
                _later[i] = new MessageSlot(laterBytes < maxMessage ? laterBytes : maxMessage);
            }
        }

        /// <summary>The message_seq whose turn it is.</summary>
        internal int NextSequence
        {
            get { return _next; }
        }

        /// <summary>The message whose turn it is, if it is there whole, else null.</summary>
        internal MessageSlot Ready
        {
            get { return _current.IsWhole ? _current : null; }
        }

        /// <summary>Whether the message whose turn it is has been begun.</summary>
        internal bool IsBegun
        {
            get { return !_current.IsFree; }
        }

        internal int MaxMessage
        {
            get { return _current.Buffer.Length; }
        }

        internal void Reset(int nextSequence)
        {
            _next = nextSequence;
            _current.Free();
            for (int i = 0; i < _later.Length; i++)
            {
                _later[i].Free();
            }
        }

        /// <summary>The messages begin with the second number.</summary>
        internal void SkipFirst()
        {
            if (_next == 0 && _current.IsFree)
            {
                Advance();
            }
        }

        /// <summary>Takes a fragment, always of the epoch that is read. Returns -1, or why it was dropped.</summary>
        internal int Add(MessageHeader header, byte[] bytes, int offset)
        {
            int sequence = header.Sequence;
            if (sequence < _next)
            {
                return DropReason.Duplicate;
            }

            if (sequence > _next + _later.Length)
            {
                return DropReason.MessageSequence;
            }

            MessageSlot slot = sequence == _next ? _current : Find(sequence);
            if (slot == null || header.MessageLength > slot.Buffer.Length)
            {
                return DropReason.NoBuffer;
            }

            bool isWhole = header.FragmentLength == header.MessageLength;
            if (slot.IsFree || (isWhole && !slot.IsWhole && !slot.Agrees(header)))
            {
                // Pieces that somebody made up must not keep out the message itself.
                slot.Begin(header);
            }
            else if (!slot.Agrees(header))
            {
                return DropReason.Fragment;
            }
            else if (slot.Has(header))
            {
                return DropReason.Duplicate;
            }

            slot.Add(header, bytes, offset);
            return -1;
        }

        /// <summary>Forgets all that was begun: it was of an epoch whose time is over.</summary>
        internal void ForgetParts()
        {
            Reset(_next);
        }

        /// <summary>The message whose turn it was is done with: the next one's turn.</summary>
        internal void Advance()
        {
            _next++;
            _current.Free();
            for (int i = 0; i < _later.Length; i++)
            {
                if (_later[i].Sequence == _next)
                {
                    _current.CopyFrom(_later[i]);
                    _later[i].Free();
                }
            }
        }

        /// <summary>The slot of a later message, or a free one for it.</summary>
        private MessageSlot Find(int sequence)
        {
            MessageSlot free = null;
            for (int i = 0; i < _later.Length; i++)
            {
                if (_later[i].Sequence == sequence)
                {
                    return _later[i];
                }

                if (_later[i].IsFree)
                {
                    free = _later[i];
                }
            }

            return free;
        }
    }
}

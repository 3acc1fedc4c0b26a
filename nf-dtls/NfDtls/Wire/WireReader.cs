namespace NfDtls
{
    /// <summary>
    /// Reads a range of bytes in network order and never past its end. A read that does not fit gives zero and sets
    /// <see cref="Failed"/>, once and for all: a parser reads to its end and asks then.
    /// </summary>
    public sealed class WireReader
    {
        private byte[] _buffer;
        private int _position;
        private int _end;
        private bool _failed;

        /// <summary>The bytes being read; the positions of this reader are indexes into it.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Index of the next byte.</summary>
        public int Position
        {
            get { return _position; }
        }

        /// <summary>Bytes left in the range.</summary>
        public int Remaining
        {
            get { return _end - _position; }
        }

        /// <summary>Whether something was read that was not there.</summary>
        public bool Failed
        {
            get { return _failed; }
        }

        /// <summary>Whether all was read, and all was there.</summary>
        public bool IsAtEnd
        {
            get { return !_failed && _position == _end; }
        }

        /// <summary>Begins anew on a range, which must lie inside the buffer.</summary>
        public void Reset(byte[] buffer, int offset, int count)
        {
            _buffer = buffer;
            _position = offset;
            _end = offset + count;
            _failed = false;
        }

        /// <summary>Reads one byte.</summary>
        public int ReadUInt8()
        {
            return Take(1) ? _buffer[_position - 1] : 0;
        }

        /// <summary>Reads two bytes.</summary>
        public int ReadUInt16()
        {
            return Take(2) ? (_buffer[_position - 2] << 8) | _buffer[_position - 1] : 0;
        }

        /// <summary>Reads three bytes.</summary>
        public int ReadUInt24()
        {
            return Take(3) ? (_buffer[_position - 3] << 16) | (_buffer[_position - 2] << 8) | _buffer[_position - 1] : 0;
        }

        /// <summary>Reads six bytes.</summary>
        public long ReadUInt48()
        {
            long high = ReadUInt24();
            return (high << 24) | (long)ReadUInt24();
        }

        /// <summary>Steps over bytes and returns the index of the first of them; what comes back is meaningless once <see cref="Failed"/>.</summary>
        public int Skip(int count)
        {
            return Take(count) ? _position - count : _position;
        }

        /// <summary>Narrows the range to the next <paramref name="count"/> bytes.</summary>
        /// <returns>What <see cref="Leave"/> needs to restore the range.</returns>
        public int Enter(int count)
        {
            int outer = _end;
            if ((uint)count > (uint)(_end - _position))
            {
                Fail();
            }
            else
            {
                _end = _position + count;
            }

            return outer;
        }

        /// <summary>Ends what <see cref="Enter"/> began; bytes left unread in the narrow range are an error.</summary>
        public void Leave(int outer)
        {
            if (_position != _end)
            {
                _failed = true;
            }

            _end = outer;
            if (_failed)
            {
                _position = _end;
            }
        }

        /// <summary>Declares what was read to be wrong.</summary>
        public void Fail()
        {
            _failed = true;
            _position = _end;
        }

        private bool Take(int count)
        {
            // One that failed stands at its end; a negative count is a large one here.
            if ((uint)count > (uint)(_end - _position))
            {
                Fail();
                return false;
            }

            _position += count;
            return true;
        }
    }
}

using System;

namespace NfDtls
{
    /// <summary>
    /// Writes bytes in network order into a range and never past its end. A write that does not fit writes nothing and sets
    /// <see cref="Failed"/>, once and for all.
    /// </summary>
    public sealed class WireWriter
    {
        private byte[] _buffer;
        private int _start;
        private int _position;
        private int _end;
        private bool _failed;

        /// <summary>The array being written; positions are indexes into it.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Index of the next byte.</summary>
        public int Position
        {
            get { return _position; }
        }

        /// <summary>Bytes written since <see cref="Reset"/>.</summary>
        public int Length
        {
            get { return _position - _start; }
        }

        /// <summary>Whether something did not fit.</summary>
        public bool Failed
        {
            get { return _failed; }
        }

        /// <summary>Begins anew on a range, which must lie inside the buffer.</summary>
        public void Reset(byte[] buffer, int offset, int count)
        {
            _buffer = buffer;
            _start = offset;
            _position = offset;
            _end = offset + count;
            _failed = false;
        }

        /// <summary>Writes one byte.</summary>
        public void WriteUInt8(int value)
        {
            if (Take(1))
            {
                _buffer[_position - 1] = (byte)value;
            }
        }

        /// <summary>Writes two bytes.</summary>
        public void WriteUInt16(int value)
        {
            if (Take(2))
            {
                _buffer[_position - 2] = (byte)(value >> 8);
                _buffer[_position - 1] = (byte)value;
            }
        }

        /// <summary>Writes three bytes.</summary>
        public void WriteUInt24(int value)
        {
            WriteUInt8(value >> 16);
            WriteUInt16(value);
        }

        /// <summary>Writes six bytes.</summary>
        public void WriteUInt48(long value)
        {
            WriteUInt24((int)(value >> 24));
            WriteUInt24((int)value);
        }

        /// <summary>Writes a range of bytes.</summary>
        public void WriteBytes(byte[] source, int offset, int count)
        {
            if (Take(count))
            {
                Array.Copy(source, offset, _buffer, _position - count, count);
            }
        }

        /// <summary>Leaves room for a length of <paramref name="size"/> bytes (1 to 3) and returns what <see cref="EndVector"/> needs.</summary>
        public int BeginVector(int size)
        {
            Take(size);
            return _position;
        }

        /// <summary>Fills in the length of all that was written since <see cref="BeginVector"/>.</summary>
        public void EndVector(int begin, int size)
        {
            if (_failed)
            {
                return;
            }

            int length = _position - begin;
            if (length >> (8 * size) != 0)
            {
                _failed = true;
                _end = _position;
                return;
            }

            for (int i = 1; i <= size; i++)
            {
                _buffer[begin - i] = (byte)length;
                length >>= 8;
            }
        }

        /// <summary>Steps over bytes that the caller fills in itself; returns the index of the first.</summary>
        public int Skip(int count)
        {
            return Take(count) ? _position - count : _position;
        }

        /// <summary>Takes back the last bytes, to write them otherwise.</summary>
        internal void Back(int count)
        {
            _position -= count;
        }

        private bool Take(int count)
        {
            // A negative count is a large one here.
            if ((uint)count > (uint)(_end - _position))
            {
                // Nothing that comes from here on has room either.
                _failed = true;
                _end = _position;
                return false;
            }

            _position += count;
            return true;
        }
    }
}

namespace NfDtls.X509
{
    /// <summary>
    /// Reads DER (X.690) strictly, from outside to inside, without recursion: one-byte tags, definite and minimal lengths below
    /// 16 MB, at most <see cref="MaxDepth"/> levels. The first violation makes it fail for good: it is then at its end, and every
    /// further reading fails too, so that a caller may look once. Never throws, never allocates.
    /// </summary>
    internal sealed class DerReader
    {
        internal const int MaxDepth = 16;

        private readonly int[] _ends = new int[MaxDepth];
        private byte[] _buffer;
        private int _position;
        private int _end;
        private int _depth;
        private bool _failed;
        private int _offset;
        private int _length;

        internal bool Failed
        {
            get { return _failed; }
        }

        internal byte[] Buffer
        {
            get { return _buffer; }
        }

        internal int Position
        {
            get { return _position; }
        }

        /// <summary>Where the content of the element read last begins.</summary>
        internal int Offset
        {
            get { return _offset; }
        }

        /// <summary>Bytes of its content.</summary>
        internal int Length
        {
            get { return _length; }
        }

        /// <summary>Whether nothing more stands on this level.</summary>
        internal bool IsAtEnd
        {
            get { return _position >= _end; }
        }

        /// <summary>The tag that comes next, -1 at the end.</summary>
        internal int Tag
        {
            get { return _position < _end ? _buffer[_position] : -1; }
        }

        internal void Reset(byte[] buffer, int offset, int count)
        {
            _buffer = buffer;
            _position = offset;
            _end = offset + count;
            _depth = 0;
            _failed = false;
        }

        /// <summary>Fails, for good.</summary>
        internal bool Fail()
        {
            _failed = true;
            _end = _position;
            _length = 0;
            return false;
        }

        /// <summary>Reads an element of this tag and goes behind it.</summary>
        internal bool Read(int tag)
        {
            return Tag == tag ? ReadAny() : Fail();
        }

        /// <summary>Reads an element of any tag and goes behind it.</summary>
        internal bool ReadAny()
        {
            if (!ReadHeader())
            {
                return false;
            }

            _position = _offset + _length;
            return true;
        }

        /// <summary>Reads the header of an element of this tag and goes into it; <see cref="Leave"/> goes out again.</summary>
        internal bool Enter(int tag)
        {
            if (Tag != tag || _depth == MaxDepth || !ReadHeader())
            {
                return Fail();
            }

            _ends[_depth++] = _end;
            _position = _offset;
            _end = _offset + _length;
            return true;
        }

        /// <summary>Enters a bit string of whole bytes.</summary>
        internal bool EnterBits()
        {
            if (!Enter(DerTag.BitString) || IsAtEnd || _buffer[_position] != 0)
            {
                return Fail();
            }

            _position++;
            return true;
        }

        /// <summary>Goes out of an element, all of which must have been read.</summary>
        internal bool Leave()
        {
            if (_failed || !IsAtEnd)
            {
                return Fail();
            }

            _end = _ends[--_depth];
            return true;
        }

        /// <summary>Reads an integer in its shortest form; its bytes are the content.</summary>
        internal bool ReadInteger()
        {
            if (!Read(DerTag.Integer) || _length == 0)
            {
                return Fail();
            }

            if (_length > 1 && ((_buffer[_offset] == 0 && _buffer[_offset + 1] < 0x80) || (_buffer[_offset] == 0xFF && _buffer[_offset + 1] >= 0x80)))
            {
                return Fail();
            }

            return true;
        }

        /// <summary>Reads an integer above zero; its bytes without a leading zero are the content.</summary>
        internal bool ReadPositive()
        {
            if (!ReadInteger() || _buffer[_offset] >= 0x80 || (_length == 1 && _buffer[_offset] == 0))
            {
                return Fail();
            }

            if (_buffer[_offset] == 0)
            {
                _offset++;
                _length--;
            }

            return true;
        }

        /// <summary>Reads an integer from 0 to 65535; a larger one counts as 65535, and -1 is a failure.</summary>
        internal int ReadSmall()
        {
            if (!ReadInteger() || _buffer[_offset] >= 0x80)
            {
                Fail();
                return -1;
            }

            int value = 0;
            for (int i = 0; i < _length; i++)
            {
                value = (value << 8) | _buffer[_offset + i];
                if (value > 0xFFFF)
                {
                    return 0xFFFF;
                }
            }

            return value;
        }

        /// <summary>Reads a boolean; false also where it failed.</summary>
        internal bool ReadBoolean()
        {
            if (!Read(DerTag.Boolean) || _length != 1 || (_buffer[_offset] != 0 && _buffer[_offset] != 0xFF))
            {
                return Fail();
            }

            return _buffer[_offset] != 0;
        }

        /// <summary>Reads NULL.</summary>
        internal bool ReadNull()
        {
            return Read(DerTag.Null) && _length == 0 ? true : Fail();
        }

        /// <summary>Reads an object identifier as a number of <see cref="X509.Oid"/>.</summary>
        internal long ReadOid()
        {
            if (!Read(DerTag.Oid) || _length == 0)
            {
                Fail();
                return 0;
            }

            return X509.Oid.Number(_buffer, _offset, _length);
        }

        /// <summary>Reads a bit string of whole bytes; they are the content.</summary>
        internal bool ReadBits()
        {
            return ReadBits(DerTag.BitString);
        }

        /// <summary>Reads a bit string of whole bytes under a tag of its own; they are the content.</summary>
        internal bool ReadBits(int tag)
        {
            if (!Read(tag) || _length == 0 || _buffer[_offset] != 0)
            {
                return Fail();
            }

            _offset++;
            _length--;
            return true;
        }

        /// <summary>Goes to the end of this level without looking.</summary>
        internal void SkipRest()
        {
            _position = _end;
        }

        /// <summary>Where the content of an element begins that was read before.</summary>
        internal static int ContentOf(byte[] buffer, int offset)
        {
            int length = buffer[offset + 1];
            return offset + 2 + (length < 0x80 ? 0 : length - 0x80);
        }

        /// <summary>Where an element ends that was read before.</summary>
        internal static int EndOf(byte[] buffer, int offset)
        {
            int content = ContentOf(buffer, offset);
            int length = buffer[offset + 1];
            if (length >= 0x80)
            {
                length = 0;
                for (int i = offset + 2; i < content; i++)
                {
                    length = (length << 8) | buffer[i];
                }
            }

            return content + length;
        }

        private bool ReadHeader()
        {
            int left = _end - _position;
            if (left < 2 || (_buffer[_position] & 0x1F) == 0x1F)
            {
                return Fail();
            }

            int at = _position + 1;
            int length = _buffer[at++];
            if (length >= 0x80)
            {
                int bytes = length - 0x80;
                if (bytes == 0 || bytes > 3 || left < 2 + bytes || _buffer[at] == 0)
                {
                    return Fail();
                }

                length = 0;
                for (int i = 0; i < bytes; i++)
                {
                    length = (length << 8) | _buffer[at++];
                }

                if (length < 0x80)
                {
                    return Fail();
                }
            }

            if (length > _end - at)
            {
                return Fail();
            }

            _offset = at;
            _length = length;
            return true;
        }
    }
}

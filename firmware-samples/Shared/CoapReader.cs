namespace NfDtls.Samples
{
    /// <summary>A CoAP message that came (RFC 7252 section 3), read in its place.</summary>
    internal sealed class CoapReader
    {
        private const int MaxTokenLength = 8;
        private const int MaxPath = 32;

        /// <summary>What <see cref="ContentFormat"/> is where the message says none.</summary>
        internal const int NoFormat = -1;

        internal int Type;
        internal int Code;
        internal int MessageId;
        internal int TokenOffset;
        internal int TokenLength;

        /// <summary>The segments of the path with slashes between them; null where it is longer than any here, or no plain text.</summary>
        internal string Path;

        internal int ContentFormat;
        internal int PayloadOffset;
        internal int PayloadLength;

        /// <summary>Whether it has an option that must be understood (RFC 7252 section 5.4.1), and is not here.</summary>
        internal bool HasUnknownOption;

        private readonly char[] _path = new char[MaxPath];
        private int _pathLength;
        private byte[] _bytes;
        private int _position;
        private int _end;

        internal bool IsRequest
        {
            get { return Code > 0 && Code < 32; }
        }

        /// <summary>Reads so many bytes of an array from the beginning on; false where they are no message.</summary>
        internal bool Read(byte[] bytes, int count)
        {
            if (count < CoapMessage.HeaderLength || bytes[0] >> 6 != 1)
            {
                return false;
            }

            _bytes = bytes;
            _end = count;
            Type = (bytes[0] >> 4) & 3;
            Code = bytes[1];
            MessageId = (bytes[2] << 8) | bytes[3];
            TokenOffset = CoapMessage.HeaderLength;
            TokenLength = bytes[0] & 15;
            _position = TokenOffset + TokenLength;
            _pathLength = 0;
            ContentFormat = NoFormat;
            HasUnknownOption = false;
            PayloadOffset = count;
            PayloadLength = 0;
            if (TokenLength > MaxTokenLength || _position > count || !ReadOptions())
            {
                return false;
            }

            Path = _pathLength < 0 ? null : new string(_path, 0, _pathLength);
            return true;
        }

        /// <summary>Whether the token is this message id, as <see cref="CoapExchange"/> makes it.</summary>
        internal bool HasToken(int messageId)
        {
            return TokenLength == 2 && ((_bytes[TokenOffset] << 8) | _bytes[TokenOffset + 1]) == messageId;
        }

        private bool ReadOptions()
        {
            int number = 0;
            while (_position < _end)
            {
                int first = _bytes[_position];
                _position++;
                if (first == CoapMessage.PayloadMarker)
                {
                    PayloadOffset = _position;
                    PayloadLength = _end - _position;
                    return PayloadLength > 0;
                }

                int delta = ReadNumber(first >> 4);
                int length = ReadNumber(first & 15);
                if (delta < 0 || length < 0 || length > _end - _position)
                {
                    return false;
                }

                number += delta;
                Take(number, length);
                _position += length;
            }

            return true;
        }

        // Up to 12 as it is, then one byte more, or two; -1 where it is none.
        private int ReadNumber(int nibble)
        {
            int more = nibble < CoapMessage.OneByteMore ? 0 : nibble - CoapMessage.OneByteMore + 1;
            if (more == 0)
            {
                return nibble;
            }

            if (more > 2 || more > _end - _position)
            {
                return -1;
            }

            int number = more == 1
                ? _bytes[_position] + CoapMessage.OneByteMore
                : ((_bytes[_position] << 8) | _bytes[_position + 1]) + CoapMessage.TwoBytesMore;
            _position += more;
            return number;
        }

        private void Take(int number, int length)
        {
            if (number == CoapMessage.UriPath)
            {
                TakePath(length);
            }
            else if (number == CoapMessage.ContentFormat)
            {
                TakeFormat(length);
            }
            else if ((number & 1) != 0 && number != CoapMessage.UriQuery)
            {
                HasUnknownOption = true;
            }
        }

        private void TakePath(int length)
        {
            // A slash before each segment but the first.
            int room = _pathLength < 0 ? -1 : MaxPath - _pathLength - (_pathLength > 0 ? 1 : 0);
            if (length > room)
            {
                _pathLength = -1;
                return;
            }

            if (_pathLength > 0)
            {
                _path[_pathLength] = '/';
                _pathLength++;
            }

            for (int i = 0; i < length; i++)
            {
                int letter = _bytes[_position + i];
                if (letter <= ' ' || letter > '~' || letter == '/')
                {
                    _pathLength = -1;
                    return;
                }

                _path[_pathLength] = (char)letter;
                _pathLength++;
            }
        }

        private void TakeFormat(int length)
        {
            ContentFormat = 0;
            for (int i = 0; i < length; i++)
            {
                ContentFormat = ((ContentFormat << 8) | _bytes[_position + i]) & 0xFFFF;
            }

            HasUnknownOption |= length > 2;
        }
    }
}

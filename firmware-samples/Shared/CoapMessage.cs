using System;
using System.Text;

namespace NfDtls.Samples
{
    /// <summary>A CoAP message that is written (RFC 7252 section 3): header, options in the order of their numbers, payload.</summary>
    internal sealed class CoapMessage
    {
        internal const int Confirmable = 0;
        internal const int Acknowledgement = 2;
        internal const int Reset = 3;

        internal const int Post = 2;
        internal const int Put = 3;
        internal const int Delete = 4;

        /// <summary>2.01 Created.</summary>
        internal const int Created = 0x41;
        /// <summary>2.02 Deleted.</summary>
        internal const int Deleted = 0x42;
        /// <summary>2.04 Changed.</summary>
        internal const int Changed = 0x44;
        /// <summary>4.00 Bad Request.</summary>
        internal const int BadRequest = 0x80;
        /// <summary>4.02 Bad Option: one that must be understood, and is not.</summary>
        internal const int BadOption = 0x82;
        /// <summary>4.04 Not Found.</summary>
        internal const int NotFound = 0x84;
        /// <summary>4.05 Method Not Allowed.</summary>
        internal const int MethodNotAllowed = 0x85;
        /// <summary>4.06 Not Acceptable.</summary>
        internal const int NotAcceptable = 0x86;
        /// <summary>4.15 Unsupported Content-Format.</summary>
        internal const int UnsupportedFormat = 0x8F;

        internal const int UriPath = 11;
        internal const int ContentFormat = 12;
        internal const int UriQuery = 15;

        internal const int HeaderLength = 4;
        internal const int PayloadMarker = 0xFF;
        internal const int VersionBits = 1 << 6;

        // A delta or a length from here on has a byte of its own, and from there on two.
        internal const int OneByteMore = 13;
        internal const int TwoBytesMore = 269;

        internal readonly byte[] Bytes;
        internal int Length;

        private int _number;

        /// <param name="capacity">Bytes of the longest message that is written with it.</param>
        internal CoapMessage(int capacity)
        {
            Bytes = new byte[capacity];
        }

        /// <summary>Begins a message; what was written before is gone.</summary>
        internal void Begin(int type, int code, int messageId, byte[] token, int tokenOffset, int tokenLength)
        {
            Length = 0;
            _number = 0;
            Write(VersionBits | (type << 4) | tokenLength);
            Write(code);
            Write(messageId >> 8);
            Write(messageId);
            Write(token, tokenOffset, tokenLength);
        }

        /// <summary>Adds an option of up to 268 bytes; its number is no less than that of the one before.</summary>
        internal void AddOption(int number, byte[] value)
        {
            int delta = number - _number;
            _number = number;
            Write((Nibble(delta) << 4) | Nibble(value.Length));
            WriteRest(delta);
            WriteRest(value.Length);
            Write(value, 0, value.Length);
        }

        /// <summary>Adds a path, an option for each of its segments.</summary>
        internal void AddPath(string path)
        {
            int start = 0;
            for (int i = 0; i <= path.Length; i++)
            {
                if (i == path.Length || path[i] == '/')
                {
                    AddOption(UriPath, Encoding.UTF8.GetBytes(path.Substring(start, i - start)));
                    start = i + 1;
                }
            }
        }

        /// <summary>Adds a payload that is text. An empty value of Content-Format is 0: text/plain.</summary>
        internal void AddText(string text)
        {
            AddOption(ContentFormat, new byte[0]);
            AddPayload(Encoding.UTF8.GetBytes(text));
        }

        /// <summary>Adds a payload of a byte or more, behind all options.</summary>
        internal void AddPayload(byte[] payload)
        {
            Write(PayloadMarker);
            Write(payload, 0, payload.Length);
        }

        /// <summary>A code as people write it: 2.04.</summary>
        internal static string Describe(int code)
        {
            return (code >> 5).ToString() + "." + ((code & 31) / 10).ToString() + ((code & 31) % 10).ToString();
        }

        private static int Nibble(int number)
        {
            if (number >= TwoBytesMore)
            {
                throw new ArgumentException("An option has at most 268 bytes here.");
            }

            return number < OneByteMore ? number : OneByteMore;
        }

        private void WriteRest(int number)
        {
            if (number >= OneByteMore)
            {
                Write(number - OneByteMore);
            }
        }

        private void Write(int value)
        {
            if (Length == Bytes.Length)
            {
                throw new ArgumentException("The message is longer than " + Bytes.Length.ToString() + " bytes.");
            }

            Bytes[Length] = (byte)value;
            Length++;
        }

        private void Write(byte[] bytes, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Write(bytes[offset + i]);
            }
        }
    }
}

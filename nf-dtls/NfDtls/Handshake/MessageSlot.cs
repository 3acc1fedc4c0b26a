using System;

namespace NfDtls
{
    /// <summary>One handshake message being put together. Its first fragment fixes type and length; all others must agree.</summary>
    internal sealed class MessageSlot
    {
        internal readonly byte[] Buffer;
        internal int Sequence = -1;
        internal int Type;
        internal int Length;
        private readonly RangeSet _ranges = new RangeSet();

        internal MessageSlot(int size)
        {
            Buffer = new byte[size];
        }

        internal bool IsFree
        {
            get { return Sequence < 0; }
        }

        internal bool IsWhole
        {
            get { return Sequence >= 0 && _ranges.IsWhole(Length); }
        }

        internal void Free()
        {
            Sequence = -1;
            _ranges.Clear();
        }

        internal void Begin(MessageHeader header)
        {
            Sequence = header.Sequence;
            Type = header.Type;
            Length = header.MessageLength;
            _ranges.Clear();
        }

        internal bool Agrees(MessageHeader header)
        {
            return header.Type == Type && header.MessageLength == Length;
        }

        internal bool Has(MessageHeader header)
        {
            return Length == 0 || _ranges.Contains(header.FragmentOffset, header.FragmentOffset + header.FragmentLength);
        }

        /// <summary>Takes a fragment; false if it brings nothing new, or there would be too many gaps.</summary>
        internal bool Add(MessageHeader header, byte[] bytes, int offset)
        {
            if (Length == 0)
            {
                return true;
            }

            int begin = header.FragmentOffset;
            int end = begin + header.FragmentLength;
            if (_ranges.Contains(begin, end) || !_ranges.Add(begin, end))
            {
                return false;
            }

            Array.Copy(bytes, offset, Buffer, begin, header.FragmentLength);
            return true;
        }

        internal void CopyFrom(MessageSlot other)
        {
            Sequence = other.Sequence;
            Type = other.Type;
            Length = other.Length;
            _ranges.CopyFrom(other._ranges);
            Array.Copy(other.Buffer, Buffer, Length);
        }
    }
}

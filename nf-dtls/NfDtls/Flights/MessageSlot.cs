using System;

namespace NfDtls
{
    /// <summary>
    /// One handshake message being put together, of pieces of one epoch. Its first fragment fixes type and length; all others
    /// must agree.
    /// </summary>
    internal sealed class MessageSlot
    {
        internal readonly byte[] Buffer;
        internal int Sequence = -1;
        internal int Type;
        internal int Length;
        private readonly RangeSet _ranges;

        internal MessageSlot(int size)
        {
            Buffer = new byte[size];
            _ranges = new RangeSet(size);
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
            return IsWhole || _ranges.Contains(header.FragmentOffset, header.FragmentOffset + header.FragmentLength);
        }

        /// <summary>Takes a fragment that brings something new.</summary>
        internal void Add(MessageHeader header, byte[] bytes, int offset)
        {
            if (header.FragmentLength == Length)
            {
                _ranges.AddAll(Length);
            }
            else
            {
                _ranges.Add(header.FragmentOffset, header.FragmentOffset + header.FragmentLength);
            }

            Array.Copy(bytes, offset, Buffer, header.FragmentOffset, header.FragmentLength);
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

using System;

namespace NfDtls
{
    /// <summary>
    /// Which of the newest sequence numbers of an epoch came already (RFC 6347 section 4.1.2.6). Asked before a record is
    /// opened, moved only after it was authenticated.
    /// </summary>
    internal sealed class ReplayWindow
    {
        private readonly uint[] _bits;
        private long _highest = -1;

        /// <param name="size">Records, a multiple of 32.</param>
        internal ReplayWindow(int size)
        {
            _bits = new uint[size / 32];
        }

        internal long Highest
        {
            get { return _highest; }
        }

        private int Size
        {
            get { return _bits.Length << 5; }
        }

        internal bool IsNew(long sequence)
        {
            if (sequence > _highest)
            {
                return true;
            }

            if (_highest - sequence >= Size)
            {
                return false;
            }

            int slot = (int)(sequence % Size);
            return (_bits[slot >> 5] & (1u << (slot & 31))) == 0;
        }

        internal void Accept(long sequence)
        {
            if (sequence > _highest)
            {
                if (sequence > _highest + 1)
                {
                    ForgetBefore(sequence);
                }

                _highest = sequence;
            }

            _bits[(int)((sequence >> 5) % _bits.Length)] |= 1u << (int)sequence;
        }

        /// <summary>Begins anew behind a number: it and all before it came already.</summary>
        internal void BeginAfter(long sequence)
        {
            _highest = sequence;
            for (int i = 0; i < _bits.Length; i++)
            {
                _bits[i] = 0xFFFFFFFF;
            }
        }

        /// <summary>Begins anew. What is left in the window is emptied as that moves over it.</summary>
        internal void Reset()
        {
            _highest = -1;
        }

        /// <summary>The slots of the numbers that the window moves over belong to older numbers: empty them.</summary>
        private void ForgetBefore(long sequence)
        {
            if (sequence - _highest >= Size)
            {
                Array.Clear(_bits, 0, _bits.Length);
                return;
            }

            for (long passed = _highest + 1; passed < sequence; passed++)
            {
                int slot = (int)(passed % Size);
                _bits[slot >> 5] &= ~(1u << (slot & 31));
            }
        }
    }
}

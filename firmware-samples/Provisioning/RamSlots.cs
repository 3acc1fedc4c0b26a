using System;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>Stands for such places on any board, until its power is off. README.md has what a board's own are.</summary>
    internal sealed class RamSlots : SlotMemory
    {
        private readonly byte[][] _slots = new byte[2][];

        internal override byte[] Read(int slot)
        {
            return _slots[slot] == null ? null : Copy(_slots[slot]);
        }

        internal override void Write(int slot, byte[] bytes)
        {
            byte[] before = _slots[slot];
            _slots[slot] = Copy(bytes);
            if (before != null)
            {
                Array.Clear(before, 0, before.Length);
            }
        }

        private static byte[] Copy(byte[] bytes)
        {
            byte[] copy = new byte[bytes.Length];
            Array.Copy(bytes, 0, copy, 0, bytes.Length);
            return copy;
        }
    }
}

using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Sixteen numbers, of which a secret index selects one: every one is read, so that nothing tells which.</summary>
    internal sealed class PowerTable
    {
        private const int Entries = 16;

        private readonly uint[][] _entries = new uint[Entries][];

        /// <summary>Makes room for numbers of so many limbs, of up to 32 bits.</summary>
        internal PowerTable(int limbs)
        {
            for (int i = 0; i < Entries; i++)
            {
                _entries[i] = new uint[limbs];
            }
        }

        internal void Store(int index, ulong[] number, int limbs)
        {
            uint[] entry = _entries[index];
            for (int i = 0; i < limbs; i++)
            {
                entry[i] = (uint)number[i];
            }
        }

        internal void Select(int index, ulong[] number, int limbs)
        {
            Gather(index, 0, number, limbs, 0);
            Gather(index, Entries / 2, number, limbs, uint.MaxValue);
        }

        internal void Clear()
        {
            for (int i = 0; i < Entries; i++)
            {
                Array.Clear(_entries[i], 0, _entries[i].Length);
            }
        }

        /// <summary>Eight entries at a time, in local variables, which an interpreter reads faster than arrays of arrays.</summary>
        private void Gather(int index, int first, ulong[] number, int limbs, uint kept)
        {
            uint[] e0 = _entries[first];
            uint[] e1 = _entries[first + 1];
            uint[] e2 = _entries[first + 2];
            uint[] e3 = _entries[first + 3];
            uint[] e4 = _entries[first + 4];
            uint[] e5 = _entries[first + 5];
            uint[] e6 = _entries[first + 6];
            uint[] e7 = _entries[first + 7];
            uint m0 = Mask(index ^ first);
            uint m1 = Mask(index ^ first + 1);
            uint m2 = Mask(index ^ first + 2);
            uint m3 = Mask(index ^ first + 3);
            uint m4 = Mask(index ^ first + 4);
            uint m5 = Mask(index ^ first + 5);
            uint m6 = Mask(index ^ first + 6);
            uint m7 = Mask(index ^ first + 7);
            for (int i = 0; i < limbs; i++)
            {
                number[i] = (uint)number[i] & kept | e0[i] & m0 | e1[i] & m1 | e2[i] & m2 | e3[i] & m3 | e4[i] & m4 | e5[i] & m5 | e6[i] & m6 | e7[i] & m7;
            }
        }

        /// <summary>All ones for 0, nothing for another small number.</summary>
        private static uint Mask(int difference)
        {
            return (uint)((difference - 1) >> 31);
        }
    }
}

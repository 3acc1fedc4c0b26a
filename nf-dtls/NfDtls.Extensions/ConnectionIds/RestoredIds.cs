using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// The IDs of a server's sessions that were taken back from storage: made by another boot, so that they lead to no place of this
    /// one by themselves. A table by hash, at least twice as large as it will ever be full; made when the first one comes back.
    /// </summary>
    internal sealed class RestoredIds
    {
        private byte[][] _ids;
        private int[] _places;
        private int _mask;
        private int _count;
        private readonly uint _seed;

        /// <param name="crypto">Draws the seed, so that nobody can choose IDs that collide.</param>
        /// <param name="places">The most sessions that there may be.</param>
        internal RestoredIds(CryptoProvider crypto, int places)
        {
            int size = 4;
            while (size < 2 * places)
            {
                size *= 2;
            }

            _ids = new byte[size][];
            _places = new int[size];
            _mask = size - 1;
            byte[] seed = new byte[4];
            crypto.Random(seed, 0, seed.Length);
            _seed = (uint)((seed[0] << 24) | (seed[1] << 16) | (seed[2] << 8) | seed[3]);
        }

        /// <summary>The place of an ID, or -1.</summary>
        internal int Find(byte[] buffer, int offset, int length)
        {
            int slot = Locate(buffer, offset, length);
            return _ids[slot] == null ? -1 : _places[slot];
        }

        /// <summary>Makes room for more, so that adding them cannot fail: a session may have several.</summary>
        internal void Reserve(int more)
        {
            int size = _ids.Length;
            while (size < 2 * (_count + more))
            {
                size *= 2;
            }

            if (size == _ids.Length)
            {
                return;
            }

            byte[][] ids = _ids;
            int[] places = _places;
            _ids = new byte[size][];
            _places = new int[size];
            _mask = size - 1;
            _count = 0;
            for (int i = 0; i < ids.Length; i++)
            {
                if (ids[i] != null)
                {
                    Add(ids[i], places[i]);
                }
            }
        }

        internal void Add(byte[] id, int place)
        {
            int slot = Locate(id, 0, id.Length);
            _count += _ids[slot] == null ? 1 : 0;
            _ids[slot] = id;
            _places[slot] = place;
        }

        /// <summary>Forgets an ID, where it leads to a place.</summary>
        internal void Remove(byte[] id, int place)
        {
            int hole = Locate(id, 0, id.Length);
            if (_ids[hole] == null || _places[hole] != place)
            {
                return;
            }

            _count--;

            // Those behind the hole that could not be found past it move into it.
            _ids[hole] = null;
            for (int next = (hole + 1) & _mask; _ids[next] != null; next = (next + 1) & _mask)
            {
                int home = Home(_ids[next], 0, _ids[next].Length);
                if (((next - home) & _mask) >= ((next - hole) & _mask))
                {
                    _ids[hole] = _ids[next];
                    _places[hole] = _places[next];
                    _ids[next] = null;
                    hole = next;
                }
            }
        }

        /// <summary>The slot of an ID, or the free one where it would go.</summary>
        private int Locate(byte[] buffer, int offset, int length)
        {
            int slot = Home(buffer, offset, length);
            while (_ids[slot] != null && !(_ids[slot].Length == length && ConstantTime.AreEqual(buffer, offset, _ids[slot], 0, length)))
            {
                slot = (slot + 1) & _mask;
            }

            return slot;
        }

        private int Home(byte[] buffer, int offset, int length)
        {
            uint hash = _seed;
            for (int i = offset; i < offset + length; i++)
            {
                hash = (hash ^ buffer[i]) * 16777619;
                hash ^= hash >> 15;
            }

            return (int)(hash & (uint)_mask);
        }
    }
}

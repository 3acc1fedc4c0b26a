using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Sessions in memory: so many, and the one that was used least recently gives way. What one costs does not depend on how many
    /// there are. May be shared by endpoints.
    /// </summary>
    public sealed class MemorySessionStore : SessionStore
    {
        private const int None = -1;

        private readonly object _lock = new object();
        private readonly byte[][] _ids;
        private readonly byte[][] _sessions;
        private readonly long[] _ends;
        private readonly int[] _buckets;
        private readonly int[] _next;
        private readonly int[] _newer;
        private readonly int[] _older;
        private int _count;
        private int _free = None;
        private int _newest = None;
        private int _oldest = None;

        /// <summary>A store of so many sessions, 1 to 65,535.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is out of that range.</exception>
        public MemorySessionStore(int capacity)
        {
            if (capacity < 1 || capacity > 65535)
            {
                throw new ArgumentOutOfRangeException("capacity", "A store holds 1 to 65535 sessions, not " + capacity.ToString() + ".");
            }

            _ids = new byte[capacity][];
            _sessions = new byte[capacity][];
            _ends = new long[capacity];
            _next = new int[capacity];
            _newer = new int[capacity];
            _older = new int[capacity];
            _buckets = new int[capacity];
            for (int i = 0; i < capacity; i++)
            {
                _buckets[i] = None;
                _next[i] = _free;
                _free = i;
            }
        }

        /// <summary>Sessions in it.</summary>
        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _count;
                }
            }
        }

        /// <inheritdoc/>
        public override void Put(byte[] id, byte[] session, int seconds, long now)
        {
            lock (_lock)
            {
                Forget(IndexOf(id));
                if (_free == None)
                {
                    Forget(_oldest);
                }

                int index = _free;
                _free = _next[index];
                _ids[index] = id;
                _sessions[index] = session;
                _ends[index] = now + (1000L * seconds);
                int bucket = BucketOf(id);
                _next[index] = _buckets[bucket];
                _buckets[bucket] = index;
                Link(index);
                _count++;
            }
        }

        /// <inheritdoc/>
        public override byte[]? Find(byte[] id, long now)
        {
            lock (_lock)
            {
                int index = IndexOf(id);
                if (index == None)
                {
                    return null;
                }

                if (now >= _ends[index])
                {
                    Forget(index);
                    return null;
                }

                Unlink(index);
                Link(index);
                byte[] copy = new byte[_sessions[index].Length];
                Array.Copy(_sessions[index], copy, copy.Length);
                return copy;
            }
        }

        /// <inheritdoc/>
        public override void Remove(byte[] id)
        {
            lock (_lock)
            {
                Forget(IndexOf(id));
            }
        }

        /// <summary>Bytes on nanoFramework of a store and all that it may hold.</summary>
        internal static int Plan(int capacity, int sessionLength)
        {
            return 200 + (capacity * (4 + 4 + 8 + (4 * 4) + 56 + 32 + sessionLength));
        }

        private int IndexOf(byte[] id)
        {
            int index = _buckets[BucketOf(id)];
            while (index != None && !Bytes.AreEqual(_ids[index], id))
            {
                index = _next[index];
            }

            return index;
        }

        /// <summary>Ids are random.</summary>
        private int BucketOf(byte[] id)
        {
            int hash = 0;
            for (int i = 0; i < id.Length && i < 3; i++)
            {
                hash = (hash << 8) | id[i];
            }

            return hash % _buckets.Length;
        }

        private void Forget(int index)
        {
            if (index == None)
            {
                return;
            }

            int bucket = BucketOf(_ids[index]);
            if (_buckets[bucket] == index)
            {
                _buckets[bucket] = _next[index];
            }
            else
            {
                int before = _buckets[bucket];
                while (_next[before] != index)
                {
                    before = _next[before];
                }

                _next[before] = _next[index];
            }

            Unlink(index);
            Array.Clear(_sessions[index], 0, _sessions[index].Length);
            _sessions[index] = null;
            _ids[index] = null;
            _next[index] = _free;
            _free = index;
            _count--;
        }

        private void Link(int index)
        {
            _older[index] = _newest;
            _newer[index] = None;
            if (_newest == None)
            {
                _oldest = index;
            }
            else
            {
                _newer[_newest] = index;
            }

            _newest = index;
        }

        private void Unlink(int index)
        {
            if (_newer[index] == None)
            {
                _newest = _older[index];
            }
            else
            {
                _older[_newer[index]] = _older[index];
            }

            if (_older[index] == None)
            {
                _oldest = _newer[index];
            }
            else
            {
                _newer[_older[index]] = _newer[index];
            }
        }
    }
}

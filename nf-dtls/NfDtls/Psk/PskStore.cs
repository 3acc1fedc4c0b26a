using System;
using System.Collections;

namespace NfDtls
{
    /// <summary>
    /// Pre-shared keys with their identities and hints (RFC 4279). Keys may be added and removed at any time, from any
    /// thread: a handshake that runs keeps the key it found, the next one sees the change. Identities and hints are bytes, any
    /// of them, and compared over their exact length; UTF-8, which RFC 4279 section 5.1 asks of text, is what strings become.
    /// </summary>
    public sealed class PskStore
    {
        /// <summary>The most bytes of an identity or a hint (RFC 7925 section 4.2).</summary>
        public const int MaxIdentityLength = 128;

        /// <summary>Bytes of most devices' keys: AES-128's.</summary>
        internal const int UsualKeyLength = 16;

        private readonly object _lock = new object();
        private readonly ArrayList _entries = new ArrayList();
        private readonly int _maxKeyLength;

        /// <summary>A store for keys up to 64 bytes.</summary>
        public PskStore()
            : this(64)
        {
        }

        /// <summary>A store for keys up to a length of its own, in bytes, 64 to 1,024.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The length is out of that range.</exception>
        public PskStore(int maxKeyLength)
        {
            if (maxKeyLength < 64 || maxKeyLength > 1024)
            {
                throw new ArgumentOutOfRangeException("maxKeyLength", "A store holds keys of at most 64 to 1024 bytes, not " + maxKeyLength.ToString() + ".");
            }

            _maxKeyLength = maxKeyLength;
        }

        /// <summary>The most bytes of a key.</summary>
        public int MaxKeyLength
        {
            get { return _maxKeyLength; }
        }

        /// <summary>Keys in the store.</summary>
        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _entries.Count;
                }
            }
        }

        /// <summary>Adds a key; the arrays are copied. The first key added is the default one.</summary>
        /// <param name="key">1 byte to <see cref="MaxKeyLength"/>.</param>
        /// <param name="identity">0 to 128 bytes, of any value; no two keys have the same.</param>
        /// <param name="hint">What a server's hint must be for a client to take this key: 0 to 128 bytes, of any value, or null.</param>
        /// <exception cref="ArgumentException">One of them is too long, empty, or there already; nothing was added.</exception>
        public void Add(byte[] key, byte[] identity, byte[] hint)
        {
            if (key == null || key.Length == 0 || key.Length > _maxKeyLength)
            {
                throw new ArgumentException("A key has 1 to " + _maxKeyLength.ToString() + " bytes.", "key");
            }

            CheckLength(identity, "identity");
            if (hint != null)
            {
                CheckLength(hint, "hint");
            }

            PskEntry entry = new PskEntry(Copy(key), Copy(identity), hint == null ? null : Copy(hint));
            lock (_lock)
            {
                if (Find(identity, 0, identity.Length) != null)
                {
                    throw new ArgumentException("The store has a key for this identity already; remove that first.", "identity");
                }

                _entries.Add(entry);
            }
        }

        /// <summary>Adds a key without a hint.</summary>
        public void Add(byte[] key, string identity)
        {
            Add(key, Utf8.Encode(identity, "identity"), null);
        }

        /// <summary>Adds a key; the strings are taken as UTF-8.</summary>
        /// <exception cref="ArgumentException">As above, or a string has a NUL or half a surrogate pair: pass bytes then.</exception>
        public void Add(byte[] key, string identity, string hint)
        {
            Add(key, Utf8.Encode(identity, "identity"), Utf8.Encode(hint, "hint"));
        }

        /// <summary>Removes the key of an identity; false if there is none.</summary>
        public bool Remove(byte[] identity)
        {
            if (identity == null)
            {
                throw new ArgumentNullException("identity");
            }

            lock (_lock)
            {
                PskEntry entry = Find(identity, 0, identity.Length);
                if (entry != null)
                {
                    _entries.Remove(entry);
                }

                return entry != null;
            }
        }

        /// <summary>Removes the key of an identity; false if there is none.</summary>
        public bool Remove(string identity)
        {
            return Remove(Utf8.Encode(identity, "identity"));
        }

        /// <summary>Bytes of a key that stands for one that is not here: as many as the default key has, so that as much is computed.</summary>
        internal int DecoyLength
        {
            get
            {
                lock (_lock)
                {
                    return _entries.Count == 0 ? UsualKeyLength : ((PskEntry)_entries[0]).Key.Length;
                }
            }
        }

        internal PskEntry FindByIdentity(byte[] identity, int offset, int count)
        {
            lock (_lock)
            {
                return Find(identity, offset, count);
            }
        }

        /// <summary>The first key with this hint, else the default key, else null.</summary>
        internal PskEntry FindByHint(byte[] hint, int offset, int count)
        {
            lock (_lock)
            {
                for (int i = 0; i < _entries.Count; i++)
                {
                    PskEntry entry = (PskEntry)_entries[i];
                    if (count > 0 && entry.Hint != null && Same(entry.Hint, hint, offset, count))
                    {
                        return entry;
                    }
                }

                return _entries.Count == 0 ? null : (PskEntry)_entries[0];
            }
        }

        internal static void CheckLength(byte[] name, string parameter)
        {
            if (name == null)
            {
                throw new ArgumentNullException(parameter);
            }

            if (name.Length > MaxIdentityLength)
            {
                throw new ArgumentException("It has " + name.Length.ToString() + " bytes; at most " + MaxIdentityLength.ToString() + " are allowed.", parameter);
            }
        }

        /// <summary>Looks at every key, so that the time does not tell where one is, or whether it is.</summary>
        private PskEntry Find(byte[] identity, int offset, int count)
        {
            PskEntry found = null;
            for (int i = 0; i < _entries.Count; i++)
            {
                PskEntry entry = (PskEntry)_entries[i];
                if (Same(entry.Identity, identity, offset, count))
                {
                    found = entry;
                }
            }

            return found;
        }

        private static bool Same(byte[] name, byte[] other, int offset, int count)
        {
            return name.Length == count && ConstantTime.AreEqual(name, 0, other, offset, count);
        }

        private static byte[] Copy(byte[] source)
        {
            byte[] copy = new byte[source.Length];
            Array.Copy(source, copy, source.Length);
            return copy;
        }
    }
}

using System;

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
        private readonly int _maxKeyLength;

        // Never changed but replaced, by one thread at a time: who reads takes the array as it is, and needs no lock.
        private PskEntry[] _entries = new PskEntry[0];

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
            get { return _entries.Length; }
        }

        /// <summary>Adds a key; the arrays are copied. The first key added is the default one.</summary>
        /// <param name="key">1 byte to <see cref="MaxKeyLength"/>.</param>
        /// <param name="identity">0 to 128 bytes, of any value; no two keys have the same.</param>
        /// <param name="hint">What a server's hint must be for a client to take this key: 0 to 128 bytes, of any value, or null.</param>
        /// <exception cref="ArgumentException">One of them is too long, empty, or there already; nothing was added.</exception>
        public void Add(byte[] key, byte[] identity, byte[]? hint)
        {
            CheckKey(key, _maxKeyLength);
            CheckLength(identity, "identity");
            if (hint != null)
            {
                CheckLength(hint, "hint");
            }

            lock (_lock)
            {
                if (FindByIdentity(identity, 0, identity.Length) != null)
                {
                    throw new ArgumentException("The store has a key for this identity already; remove that first.", "identity");
                }

                Replace(null, new PskEntry(key, identity, hint));
            }
        }

        /// <summary>Adds a key without a hint.</summary>
        public void Add(byte[] key, string identity)
        {
            Add(key, Utf8.Encode(identity, "identity"), null);
        }

        /// <summary>Adds a key; the strings are taken as UTF-8.</summary>
        /// <exception cref="ArgumentException">As above, or a string has a NUL or half a surrogate pair: pass bytes then.</exception>
        public void Add(byte[] key, string identity, string? hint)
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
                PskEntry entry = FindByIdentity(identity, 0, identity.Length);
                if (entry != null)
                {
                    Replace(entry, null);
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
                PskEntry[] entries = _entries;
                return entries.Length == 0 ? UsualKeyLength : entries[0].Key.Length;
            }
        }

        /// <summary>The key of an identity, or null. Looks at every key, so that the time does not tell where one is, or whether it is.</summary>
        internal PskEntry FindByIdentity(byte[] identity, int offset, int count)
        {
            PskEntry found = null;
            PskEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (Same(entries[i].Identity, identity, offset, count))
                {
                    found = entries[i];
                }
            }

            return found;
        }

        /// <summary>The first key with this hint, else the default key, else null.</summary>
        internal PskEntry FindByHint(byte[] hint, int offset, int count)
        {
            PskEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (count > 0 && entries[i].Hint != null && Same(entries[i].Hint, hint, offset, count))
                {
                    return entries[i];
                }
            }

            return entries.Length == 0 ? null : entries[0];
        }

        internal static void CheckKey(byte[] key, int maxLength)
        {
            if (key == null || key.Length == 0 || key.Length > maxLength)
            {
                throw new ArgumentException("A key has 1 to " + maxLength.ToString() + " bytes.", "key");
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

        /// <summary>Makes an array of the entries without one of them, or with one more.</summary>
        private void Replace(PskEntry removed, PskEntry added)
        {
            PskEntry[] entries = new PskEntry[_entries.Length + (added != null ? 1 : -1)];
            int count = 0;
            for (int i = 0; i < _entries.Length; i++)
            {
                if (_entries[i] != removed)
                {
                    entries[count] = _entries[i];
                    count++;
                }
            }

            if (added != null)
            {
                entries[count] = added;
            }

            _entries = entries;
        }

        private static bool Same(byte[] name, byte[] other, int offset, int count)
        {
            return name.Length == count && ConstantTime.AreEqual(name, 0, other, offset, count);
        }
    }
}

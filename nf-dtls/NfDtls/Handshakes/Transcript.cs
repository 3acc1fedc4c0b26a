using System;

namespace NfDtls
{
    /// <summary>
    /// The hash over the handshake's messages; what is hashed of them, and in which form, is the version's. Until the suite is
    /// known it keeps every hash that may be needed.
    /// </summary>
    internal abstract class Transcript
    {
        /// <summary>What is hashed with, each by its own algorithm.</summary>
        internal readonly HashContext[] Contexts;

        private readonly int[] _hashes;
        private readonly byte[] _header = new byte[MessageHeader.Length];
        private readonly byte[] _bytes;
        private int _selected = -1;
        private bool _keepsAll;
        private int _length;
        private int _missing;

        internal Transcript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept)
        {
            _bytes = new byte[bytesKept];
            int[] hashes = new int[suites.Count];
            int count = 0;
            for (int i = 0; i < suites.Count; i++)
            {
                int hash = suites.At(i).Hash;
                if (IndexOf(hashes, count, hash) < 0 && crypto.Supports(hash))
                {
                    hashes[count] = hash;
                    count++;
                }
            }

            _hashes = new int[count];
            Contexts = new HashContext[count];
            for (int i = 0; i < count; i++)
            {
                _hashes[i] = hashes[i];
                Contexts[i] = crypto.CreateHash(hashes[i]);
            }
        }

        /// <summary>The messages as they were hashed, where bytes are kept.</summary>
        internal byte[] Bytes
        {
            get { return _bytes; }
        }

        /// <summary>How many bytes of messages are kept; -1 where not all of them had room.</summary>
        internal int Length
        {
            get { return _length; }
        }

        /// <summary>Whether a message was begun and has more pieces.</summary>
        internal bool IsInside
        {
            get { return _missing > 0; }
        }

        /// <summary>Begins anew with every hash.</summary>
        internal void Reset()
        {
            Array.Clear(_bytes, 0, _bytes.Length);
            _length = 0;
            _keepsAll = false;
            _selected = -1;
            _missing = 0;
            for (int i = 0; i < Contexts.Length; i++)
            {
                Contexts[i].Reset();
            }
        }

        /// <summary>The suite's hash. From now on only this one is needed, unless signatures may take another.</summary>
        internal void Select(int hash, bool keepsAll)
        {
            _selected = IndexOf(_hashes, _hashes.Length, hash);
            _keepsAll = keepsAll;
        }

        /// <summary>Whether <see cref="Peek(int, byte[], int)"/> can tell a hash.</summary>
        internal bool Keeps(int hash)
        {
            int index = IndexOf(_hashes, _hashes.Length, hash);
            return index >= 0 && (_keepsAll || _selected < 0 || _selected == index);
        }

        /// <summary>Whether <see cref="CopySigned"/> can tell what a signature is over, by a hash; by 0: the messages themselves.</summary>
        internal virtual bool Signs(int hash)
        {
            return hash == 0 ? _bytes.Length > 0 : Keeps(hash);
        }

        /// <summary>What a signature over the messages so far is made of, in an array of its own; null where there were more than are kept.</summary>
        internal virtual byte[] CopySigned(int hash)
        {
            int length = hash == 0 ? _length : CryptoAlgorithm.HashSize(hash);
            if (length < 0)
            {
                return null;
            }

            byte[] copy = new byte[length];
            if (hash == 0)
            {
                Array.Copy(_bytes, copy, length);
            }
            else
            {
                Peek(hash, copy, 0);
            }

            return copy;
        }

        /// <summary>Adds a message, or the next piece of one whose first piece said how long it is.</summary>
        internal virtual void Add(int type, int messageSequence, int length, byte[] bytes, int offset, int count)
        {
            if (!Takes(type))
            {
                return;
            }

            if (_missing == 0)
            {
                Update(_header, 0, WriteHeader(_header, type, length, messageSequence));
                _missing = length;
            }

            Update(bytes, offset, count);
            _missing -= count;
        }

        /// <summary>Writes the selected hash of all that was added; returns its length.</summary>
        internal int Peek(byte[] destination, int offset)
        {
            return Peek(_hashes[_selected], destination, offset);
        }

        /// <summary>Writes a hash that it <see cref="Keeps"/> of all that was added; returns its length.</summary>
        internal int Peek(int hash, byte[] destination, int offset)
        {
            HashContext context = Contexts[IndexOf(_hashes, _hashes.Length, hash)];
            context.Peek(destination, offset);
            return context.Size;
        }

        /// <summary>Whether a message is hashed. It may be one that begins the transcript anew.</summary>
        internal abstract bool Takes(int type);

        /// <summary>Writes what is hashed before a message's body; returns how many bytes that is, at most <see cref="MessageHeader.Length"/>.</summary>
        internal abstract int WriteHeader(byte[] destination, int type, int length, int messageSequence);

        private void Update(byte[] bytes, int offset, int count)
        {
            if (_length >= 0 && count <= _bytes.Length - _length)
            {
                Array.Copy(bytes, offset, _bytes, _length, count);
                _length += count;
            }
            else
            {
                _length = -1;
            }

            for (int i = 0; i < Contexts.Length; i++)
            {
                if (_keepsAll || _selected < 0 || _selected == i)
                {
                    Contexts[i].Update(bytes, offset, count);
                }
            }
        }

        private static int IndexOf(int[] hashes, int count, int hash)
        {
            for (int i = 0; i < count; i++)
            {
                if (hashes[i] == hash)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}

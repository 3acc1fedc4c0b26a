using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// The secrets of TLS 1.3 (RFC 8446 section 7.1) with the labels of DTLS (RFC 9147 section 5.9): a trunk of three, which the
    /// pre-shared key and the key agreement go into, and what is derived from each. It knows no handshake: hashes of the transcript
    /// are passed in.
    /// </summary>
    internal sealed class SecretTree
    {
        /// <summary>What stands before a label of DTLS 1.3.</summary>
        internal const string Prefix = "dtls13";

        /// <summary>Whose binder a secret is for.</summary>
        internal const string ExternalBinder = "ext binder";
        internal const string ResumptionBinder = "res binder";
        internal const string ImportedBinder = "imp binder";

        // Length, prefix and label with their length, and a hash with its own.
        private const int MaxLabel = 6 + 64;
        private const int MaxInfo = 2 + 1 + MaxLabel + 1 + Hkdf.MaxHash;

        private readonly Hkdf _hkdf;
        private readonly CryptoProvider _crypto;
        private readonly string _prefix;
        private readonly byte[] _info = new byte[MaxInfo];
        private readonly byte[] _trunk = new byte[Hkdf.MaxHash];
        private readonly byte[] _empty = new byte[Hkdf.MaxHash];
        private readonly byte[] _zeros = new byte[Hkdf.MaxHash];
        private readonly byte[] _key = new byte[Hkdf.MaxHash];
        private int _hash;
        private int _size;

        /// <param name="crypto">Has the HMAC.</param>
        /// <param name="prefix">What stands before each label: six characters.</param>
        internal SecretTree(CryptoProvider crypto, string prefix)
        {
            _crypto = crypto;
            _hkdf = new Hkdf(crypto, MaxInfo);
            _prefix = prefix;
        }

        /// <summary>Bytes of a secret.</summary>
        internal int Size
        {
            get { return _size; }
        }

        /// <summary>The secret that the trunk has come to.</summary>
        internal byte[] Trunk
        {
            get { return _trunk; }
        }

        /// <summary>Begins with the early secret, of a pre-shared key or, where the count is 0, of none.</summary>
        /// <param name="hash">The suite's hash.</param>
        /// <param name="empty">Holds its digest of no bytes.</param>
        /// <param name="key">The pre-shared key, or null.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        internal void Begin(int hash, byte[] empty, byte[] key, int offset, int count)
        {
            _hash = hash;
            _size = CryptoAlgorithm.HashSize(hash);
            Array.Copy(empty, 0, _empty, 0, _size);
            Mix(_zeros, key, offset, count);
        }

        /// <summary>Goes on to the handshake's secret, and then to the master secret.</summary>
        /// <param name="secret">What the key agreement gave, or null: without one, and for the master secret.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        internal void Advance(byte[] secret, int offset, int count)
        {
            Expand(_trunk, 0, "derived", _empty, 0, _size, _key, 0, _size);
            Mix(_key, secret, offset, count);
            Array.Clear(_key, 0, _size);
        }

        /// <summary>Derive-Secret of the trunk, with a hash of the transcript.</summary>
        internal void Derive(string label, byte[] transcript, int offset, byte[] destination, int destinationOffset)
        {
            Expand(_trunk, 0, label, transcript, offset, _size, destination, destinationOffset, _size);
        }

        /// <summary>HKDF-Expand-Label of a secret of the tree.</summary>
        internal void Expand(
            byte[] secret, int secretOffset, string label, byte[] context, int contextOffset, int contextCount,
            byte[] destination, int offset, int count)
        {
            _info[0] = (byte)(count >> 8);
            _info[1] = (byte)count;
            _info[2] = (byte)(_prefix.Length + label.Length);
            int at = Write(label, Write(_prefix, 3));
            _info[at] = (byte)contextCount;
            Array.Copy(context, contextOffset, _info, at + 1, contextCount);
            _hkdf.Expand(_hash, secret, secretOffset, _info, 0, at + 1 + contextCount, destination, offset, count);
        }

        /// <summary>The same without a context.</summary>
        internal void Expand(byte[] secret, int secretOffset, string label, byte[] destination, int offset, int count)
        {
            Expand(secret, secretOffset, label, _zeros, 0, 0, destination, offset, count);
        }

        /// <summary>What a Finished says (RFC 8446 section 4.4.4) under the secret of its sender, or a binder under its own: a hash's length.</summary>
        internal void Verify(byte[] secret, int secretOffset, byte[] transcript, int offset, byte[] destination, int destinationOffset)
        {
            Expand(secret, secretOffset, "finished", _key, 0, _size);
            _crypto.Hmac(_hash, _key, 0, _size, transcript, offset, _size, destination, destinationOffset);
            Array.Clear(_key, 0, _size);
        }

        /// <summary>
        /// The binder of the key that the tree was begun with (RFC 8446 section 4.2.11.2), over the transcript up to the binders.
        /// Before <see cref="Advance"/>.
        /// </summary>
        internal void Bind(string label, byte[] transcript, int offset, byte[] destination, int destinationOffset)
        {
            byte[] secret = new byte[_size];
            Derive(label, _empty, 0, secret, 0);
            Verify(secret, 0, transcript, offset, destination, destinationOffset);
            Array.Clear(secret, 0, _size);
        }

        /// <summary>Takes a traffic secret to that of the next epoch (RFC 8446 section 7.2), in place.</summary>
        internal void Update(byte[] secret, int offset)
        {
            Expand(secret, offset, "traffic upd", secret, offset, _size);
        }

        /// <summary>Takes the hash of a connection that is there, to go on from secrets that were kept.</summary>
        internal void Resume(int hash)
        {
            _hash = hash;
            _size = CryptoAlgorithm.HashSize(hash);
        }

        /// <summary>Zeroes it.</summary>
        internal void Clear()
        {
            Array.Clear(_trunk, 0, _trunk.Length);
            Array.Clear(_info, 0, _info.Length);
        }

        private void Mix(byte[] salt, byte[] secret, int offset, int count)
        {
            if (count == 0)
            {
                _hkdf.Extract(_hash, salt, 0, _size, _zeros, 0, _size, _trunk, 0);
            }
            else
            {
                _hkdf.Extract(_hash, salt, 0, _size, secret, offset, count, _trunk, 0);
            }
        }

        private int Write(string text, int at)
        {
            for (int i = 0; i < text.Length; i++)
            {
                _info[at + i] = (byte)text[i];
            }

            return at + text.Length;
        }
    }
}

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

        private readonly LabelHkdf _labels;
        private byte[] _trunk;
        private byte[] _empty;
        private int _hash;
        private int _size;

        /// <summary>One with the endpoint's derivations.</summary>
        internal SecretTree(LabelHkdf labels)
        {
            _labels = labels;
        }

        /// <param name="crypto">Has the HMAC.</param>
        /// <param name="prefix">What stands before each label: six characters.</param>
        internal SecretTree(CryptoProvider crypto, string prefix)
            : this(new LabelHkdf(crypto, prefix, Hkdf.MaxHash))
        {
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
        /// <param name="empty">Its digest of no bytes, which stays as it is.</param>
        /// <param name="key">The pre-shared key, or null.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        internal void Begin(int hash, byte[] empty, byte[] key, int offset, int count)
        {
            Resume(hash);
            _empty = empty;
            if (_trunk == null || _trunk.Length < _size)
            {
                Clear();
                _trunk = new byte[_size];
            }

            _labels.Extract(_hash, _labels.Zeros, key, offset, count, _trunk);
        }

        /// <summary>Goes on to the handshake's secret, and then to the master secret.</summary>
        /// <param name="secret">What the key agreement gave, or null: without one, and for the master secret.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        internal void Advance(byte[] secret, int offset, int count)
        {
            _labels.Expand(_hash, _trunk, 0, "derived", _empty, 0, _size, _labels.Key, 0, _size);
            _labels.Extract(_hash, _labels.Key, secret, offset, count, _trunk);
            Array.Clear(_labels.Key, 0, _size);
        }

        /// <summary>Derive-Secret of the trunk, with a hash of the transcript.</summary>
        internal void Derive(string label, byte[] transcript, int offset, byte[] destination, int destinationOffset)
        {
            _labels.Expand(_hash, _trunk, 0, label, transcript, offset, _size, destination, destinationOffset, _size);
        }

        /// <summary>HKDF-Expand-Label of a secret of the tree.</summary>
        internal void Expand(
            byte[] secret, int secretOffset, string label, byte[] context, int contextOffset, int contextCount,
            byte[] destination, int offset, int count)
        {
            _labels.Expand(_hash, secret, secretOffset, label, context, contextOffset, contextCount, destination, offset, count);
        }

        /// <summary>The same without a context.</summary>
        internal void Expand(byte[] secret, int secretOffset, string label, byte[] destination, int offset, int count)
        {
            _labels.Expand(_hash, secret, secretOffset, label, _labels.Zeros, 0, 0, destination, offset, count);
        }

        /// <summary>What a Finished says (RFC 8446 section 4.4.4) under the secret of its sender, or a binder under its own: a hash's length.</summary>
        internal void Verify(byte[] secret, int secretOffset, byte[] transcript, int offset, byte[] destination, int destinationOffset)
        {
            _labels.Expand(_hash, secret, secretOffset, "finished", _labels.Zeros, 0, 0, _labels.Key, 0, _size);
            _labels.Crypto.Hmac(_hash, _labels.Key, 0, _size, transcript, offset, _size, destination, destinationOffset);
            Array.Clear(_labels.Key, 0, _size);
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
            if (_trunk != null)
            {
                Array.Clear(_trunk, 0, _trunk.Length);
            }
        }
    }
}

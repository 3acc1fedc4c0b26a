using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// A private key of Ed25519 as its hash opens it (RFC 8032 section 5.1.5): the scalar modulo the order, the prefix of nonces,
    /// and the public key. The scalar is a multiple of 8 there; the base point's order makes the same product of it here.
    /// </summary>
    internal sealed class Ed25519Key
    {
        internal const int SeedLength = 32;

        internal readonly byte[] Public = new byte[32];
        internal readonly byte[] Scalar = new byte[32];
        internal readonly byte[] Prefix = new byte[32];

        private readonly HashContext _hash;
        private readonly EdwardsTask _task;
        private readonly HashReduction _reduction;
        private readonly StoredPrivateKey _key;
        private readonly byte[] _digest = new byte[64];
        private bool _isOpen;
        private bool _isReduced;

        internal Ed25519Key(HashContext hash, EdwardsTask task, HashReduction reduction, StoredPrivateKey key)
        {
            _hash = hash;
            _task = task;
            _reduction = reduction;
            _key = key;
        }

        /// <summary>Whether the key is one: its seed has 32 bytes, and the public key, where it is told.</summary>
        internal bool IsWhole
        {
            get
            {
                return _key.CountOf(StoredPrivateKey.Scalar) == SeedLength && (_key.Public == null || _key.Public.Count == Public.Length);
            }
        }

        /// <summary>Does one unit of work; true when all is there.</summary>
        internal bool Advance()
        {
            if (!_isOpen)
            {
                Open();
                return false;
            }

            if (!_isReduced)
            {
                return Reduce();
            }

            return _task.Advance(Public, 0);
        }

        internal void Clear()
        {
            Array.Clear(Public, 0, Public.Length);
            Array.Clear(Scalar, 0, Scalar.Length);
            Array.Clear(Prefix, 0, Prefix.Length);
            Array.Clear(_digest, 0, _digest.Length);
        }

        private void Open()
        {
            _hash.Reset();
            _hash.Update(_key.Buffer, _key.OffsetOf(StoredPrivateKey.Scalar), SeedLength);
            _hash.Peek(_digest, 0);
            Array.Copy(_digest, 32, Prefix, 0, 32);
            Array.Clear(_digest, 32, 32);
            _digest[0] &= 0xF8;
            _digest[31] = (byte)((_digest[31] & 0x7F) | 0x40);
            _isOpen = true;
        }

        /// <summary>A public key that is told is not computed once more.</summary>
        private bool Reduce()
        {
            if (!_reduction.Advance(_digest))
            {
                return false;
            }

            _isReduced = true;
            Array.Copy(_digest, 0, Scalar, 0, 32);
            if (_key.Public != null)
            {
                Array.Copy(_key.Public.Buffer, _key.Public.Offset, Public, 0, Public.Length);
                return true;
            }

            _task.Begin(Scalar);
            return false;
        }
    }
}

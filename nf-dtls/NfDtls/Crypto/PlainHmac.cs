using System;

namespace NfDtls
{
    /// <summary>An HMAC of a provider that begins anew with the key each time.</summary>
    internal sealed class PlainHmac : HmacContext
    {
        private readonly CryptoProvider _crypto;
        private readonly int _hash;
        private readonly byte[] _key;
        private int _length;

        internal PlainHmac(CryptoProvider crypto, int hash, int maxKey)
        {
            _crypto = crypto;
            _hash = hash;
            _key = new byte[maxKey];
        }

        public override void SetKey(byte[] key, int offset, int count)
        {
            Array.Clear(_key, 0, _key.Length);
            Array.Copy(key, offset, _key, 0, count);
            _length = count;
        }

        public override void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _crypto.Hmac(_hash, _key, 0, _length, data, offset, count, destination, destinationOffset);
        }
    }
}

using System;
using System.Collections.Generic;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>Every key and nonce that a provider has sealed with: none may come twice.</summary>
internal sealed class NonceWatch
{
    private readonly HashSet<string> _seen = new();

    internal int Seals { get; private set; }

    internal CryptoProvider Over(CryptoProvider inner)
    {
        return new Provider(this, inner);
    }

    private void Sealed(string key, ReadOnlySpan<byte> nonce)
    {
        Seals++;
        if (!_seen.Add(key + Convert.ToHexString(nonce)))
        {
            throw new InvalidOperationException("A nonce is used twice under one key.");
        }
    }

    private sealed class Provider : CryptoProvider
    {
        private readonly NonceWatch _watch;
        private readonly CryptoProvider _inner;

        internal Provider(NonceWatch watch, CryptoProvider inner)
        {
            _watch = watch;
            _inner = inner;
        }

        public override bool Supports(int algorithm)
        {
            return _inner.Supports(algorithm);
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            _inner.Random(destination, offset, count);
        }

        public override HashContext CreateHash(int algorithm)
        {
            return _inner.CreateHash(algorithm);
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            string name = Convert.ToHexString(key, offset, 16);
            return new Aead(_watch, name, _inner.CreateAead(algorithm, key, offset, tagLength));
        }

        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            return _inner.CreateCbc(algorithm, keys, offset, encryptThenMac);
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }

        public override HmacContext CreateHmac(int hash, int maxKey)
        {
            return _inner.CreateHmac(hash, maxKey);
        }

        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
        {
            _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
        }
    }

    private sealed class Aead : AeadContext
    {
        private readonly NonceWatch _watch;
        private readonly string _key;
        private readonly AeadContext _inner;

        internal Aead(NonceWatch watch, string key, AeadContext inner)
        {
            _watch = watch;
            _key = key;
            _inner = inner;
        }

        public override int TagLength
        {
            get { return _inner.TagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _watch.Sealed(_key, nonce.AsSpan(nonceOffset, 12));
            _inner.Seal(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            return _inner.Open(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override void Clear()
        {
            _inner.Clear();
        }
    }
}

using System;
using System.Collections.Generic;

namespace NfDtls.Tests.Engine;

/// <summary>
/// A provider that tells of every call, to itself and to what it made, before it is done: who listens may throw instead.
/// Knows which of its contexts still hold keys, and which secrets went through it.
/// </summary>
internal sealed class WatchedProvider : CryptoProvider
{
    private readonly CryptoProvider _inner;

    internal WatchedProvider(CryptoProvider inner)
    {
        _inner = inner;
    }

    /// <summary>Told of each call: what is called, and the bytes that it works on.</summary>
    internal Action<string, int>? Calling { get; set; }

    /// <summary>AEAD and CBC contexts that were not cleared.</summary>
    internal int KeyedContexts { get; private set; }

    /// <summary>Operations that have neither ended nor been cancelled.</summary>
    internal int OpenOperations { get; private set; }

    /// <summary>What must not be found anywhere when a session has ended: premaster and master secrets, keys, private keys.</summary>
    internal List<byte[]> Secrets { get; } = new();

    /// <summary>The arrays that keys of CBC suites were handed over in.</summary>
    internal List<byte[]> CbcKeys { get; } = new();

    public override bool Supports(int algorithm)
    {
        Calling?.Invoke("Supports", 0);
        return _inner.Supports(algorithm);
    }

    public override int Reserve(int contexts)
    {
        Calling?.Invoke("Reserve", contexts);
        return _inner.Reserve(contexts);
    }

    public override void Random(byte[] destination, int offset, int count)
    {
        Calling?.Invoke("Random", count);
        _inner.Random(destination, offset, count);
    }

    public override HashContext CreateHash(int algorithm)
    {
        Calling?.Invoke("CreateHash", 0);
        return new WatchedHash(this, _inner.CreateHash(algorithm));
    }

    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        Calling?.Invoke("CreateAead", tagLength);
        Keep(key, offset, algorithm is CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes128Gcm ? 16 : 32);
        return new WatchedAead(this, _inner.CreateAead(algorithm, key, offset, tagLength));
    }

    public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
    {
        Calling?.Invoke("CreateMask", 0);
        Keep(key, offset, algorithm is CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes128Gcm ? 16 : 32);
        return new WatchedMask(this, _inner.CreateMask(algorithm, key, offset));
    }

    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        Calling?.Invoke("CreateCbc", 0);
        Keep(keys, offset, 16);
        CbcKeys.Add(keys);
        return new WatchedCbc(this, _inner.CreateCbc(algorithm, keys, offset, encryptThenMac));
    }

    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        Calling?.Invoke("Hmac", count);
        _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
    }

    public override HmacContext CreateHmac(int hash, int maxKey)
    {
        Calling?.Invoke("CreateHmac", maxKey);
        return new WatchedHmac(this, _inner.CreateHmac(hash, maxKey));
    }

    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
    {
        Calling?.Invoke("Prf", secretCount + seedCount + count);
        Keep(secret, secretOffset, secretCount);
        _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
        if (count > Finished.VerifyDataLength)
        {
            Keep(destination, offset, count);
        }
    }

    public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        Calling?.Invoke("GenerateKey", 0);
        CryptoOperation operation = _inner.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset);
        return new WatchedOperation(this, operation, "GenerateKey.Step", privateKey, privateOffset, NamedGroup.SecretLength(group));
    }

    public override CryptoOperation Agree(int group, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
    {
        Calling?.Invoke("Agree", 0);
        CryptoOperation operation = _inner.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
        return new WatchedOperation(this, operation, "Agree.Step", secret, secretOffset, NamedGroup.SecretLength(group));
    }

    public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
    {
        Calling?.Invoke("DerivePublic", 0);
        return new WatchedOperation(this, _inner.DerivePublic(key, publicKey, offset), "DerivePublic.Step");
    }

    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        Calling?.Invoke("Sign", count);
        return new WatchedOperation(this, _inner.Sign(scheme, key, data, offset, count, signature, signatureOffset), "Sign.Step");
    }

    public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        Calling?.Invoke("Verify", count);
        return new WatchedOperation(this, _inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount), "Verify.Step");
    }

    public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
    {
        Calling?.Invoke("RsaEncrypt", count);
        Keep(data, offset, count);
        return new WatchedOperation(this, _inner.RsaEncrypt(key, data, offset, count, cipher, cipherOffset), "RsaEncrypt.Step");
    }

    public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
    {
        Calling?.Invoke("RsaDecrypt", count);
        CryptoOperation operation = _inner.RsaDecrypt(key, cipher, offset, count, destination, destinationOffset, length);
        return new WatchedOperation(this, operation, "RsaDecrypt.Step", destination, destinationOffset, length);
    }

    private void Keep(byte[] bytes, int offset, int count)
    {
        Secrets.Add(bytes.AsSpan(offset, count).ToArray());
    }

    private sealed class WatchedHash : HashContext
    {
        private readonly WatchedProvider _provider;
        private readonly HashContext _inner;

        internal WatchedHash(WatchedProvider provider, HashContext inner)
        {
            _provider = provider;
            _inner = inner;
        }

        public override int Size
        {
            get { return _inner.Size; }
        }

        public override void Update(byte[] data, int offset, int count)
        {
            _provider.Calling?.Invoke("Hash.Update", count);
            _inner.Update(data, offset, count);
        }

        public override void Peek(byte[] destination, int offset)
        {
            _provider.Calling?.Invoke("Hash.Peek", 0);
            _inner.Peek(destination, offset);
        }

        public override void Reset()
        {
            _provider.Calling?.Invoke("Hash.Reset", 0);
            _inner.Reset();
        }
    }

    private sealed class WatchedHmac : HmacContext
    {
        private readonly WatchedProvider _provider;
        private readonly HmacContext _inner;

        internal WatchedHmac(WatchedProvider provider, HmacContext inner)
        {
            _provider = provider;
            _inner = inner;
        }

        public override void SetKey(byte[] key, int offset, int count)
        {
            _provider.Calling?.Invoke("Hmac.SetKey", count);
            _inner.SetKey(key, offset, count);
        }

        public override void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _provider.Calling?.Invoke("Hmac.Compute", count);
            _inner.Compute(data, offset, count, destination, destinationOffset);
        }
    }

    private sealed class WatchedAead : AeadContext
    {
        private readonly WatchedProvider _provider;
        private readonly AeadContext _inner;
        private bool _isCleared;

        internal WatchedAead(WatchedProvider provider, AeadContext inner)
        {
            _provider = provider;
            _inner = inner;
            provider.KeyedContexts++;
        }

        public override int TagLength
        {
            get { return _inner.TagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _provider.Calling?.Invoke("Seal", count);
            _inner.Seal(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _provider.Calling?.Invoke("Open", count);
            return _inner.Open(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override void Clear()
        {
            _provider.KeyedContexts -= _isCleared ? 0 : 1;
            _isCleared = true;
            _inner.Clear();
            _provider.Calling?.Invoke("Clear", 0);
        }
    }

    private sealed class WatchedMask : MaskContext
    {
        private readonly WatchedProvider _provider;
        private readonly MaskContext _inner;
        private bool _isCleared;

        internal WatchedMask(WatchedProvider provider, MaskContext inner)
        {
            _provider = provider;
            _inner = inner;
            provider.KeyedContexts++;
        }

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            _provider.Calling?.Invoke("Mask", 0);
            _inner.Compute(sample, offset, mask, maskOffset);
        }

        public override void Clear()
        {
            _provider.KeyedContexts -= _isCleared ? 0 : 1;
            _isCleared = true;
            _inner.Clear();
            _provider.Calling?.Invoke("Clear", 0);
        }
    }

    private sealed class WatchedCbc : CbcContext
    {
        private readonly WatchedProvider _provider;
        private readonly CbcContext _inner;
        private bool _isCleared;

        internal WatchedCbc(WatchedProvider provider, CbcContext inner)
        {
            _provider = provider;
            _inner = inner;
            provider.KeyedContexts++;
        }

        public override int MaxOverhead
        {
            get { return _inner.MaxOverhead; }
        }

        public override int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            _provider.Calling?.Invoke("Seal", count);
            return _inner.Seal(header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
        }

        public override int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            _provider.Calling?.Invoke("Open", count);
            return _inner.Open(header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
        }

        public override void Clear()
        {
            _provider.KeyedContexts -= _isCleared ? 0 : 1;
            _isCleared = true;
            _inner.Clear();
            _provider.Calling?.Invoke("Clear", 0);
        }
    }

    private sealed class WatchedOperation : CryptoOperation
    {
        private readonly WatchedProvider _provider;
        private readonly CryptoOperation _inner;
        private readonly string _name;
        private readonly byte[]? _secret;
        private readonly int _offset;
        private readonly int _count;
        private bool _isOver;

        internal WatchedOperation(WatchedProvider provider, CryptoOperation inner, string name, byte[]? secret = null, int offset = 0, int count = 0)
        {
            _provider = provider;
            _inner = inner;
            _name = name;
            _secret = secret;
            _offset = offset;
            _count = count;
            provider.OpenOperations++;
        }

        public override bool IsWaiting
        {
            get { return _inner.IsWaiting; }
        }

        public override bool Step(int budget)
        {
            _provider.Calling?.Invoke(_name, budget);
            if (!_inner.Step(budget))
            {
                return false;
            }

            Error = _inner.Error;
            Length = _inner.Length;
            if (_secret != null)
            {
                _provider.Keep(_secret, _offset, _count);
            }

            End();
            return true;
        }

        public override void Cancel()
        {
            End();
            _inner.Cancel();
            _provider.Calling?.Invoke("Cancel", 0);
        }

        private void End()
        {
            _provider.OpenOperations -= _isOver ? 0 : 1;
            _isOver = true;
        }
    }
}

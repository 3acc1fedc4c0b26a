using System;
using System.Collections.Generic;

namespace NfDtls.Tests.Certificates;

/// <summary>A provider whose agreements, signatures and verifications take many steps each, and which knows what became of them.</summary>
internal sealed class SlowProvider : CryptoProvider
{
    private readonly CryptoProvider _inner;
    private readonly int _steps;

    internal SlowProvider(CryptoProvider inner, int steps)
    {
        _inner = inner;
        _steps = steps;
    }

    /// <summary>Signatures that it was asked to verify.</summary>
    internal int Verifications { get; set; }

    internal List<SlowOperation> Operations { get; } = new();

    /// <summary>Private keys and secrets of agreements: all zero once nobody needs them.</summary>
    internal List<byte[]> Secrets { get; } = new();

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
        return _inner.CreateAead(algorithm, key, offset, tagLength);
    }

    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        return _inner.CreateCbc(algorithm, keys, offset, encryptThenMac);
    }

    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
    }

    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
    {
        _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
    }

    public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
    {
        return _inner.CreateMask(algorithm, key, offset);
    }

    public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        Secrets.Add(privateKey);
        return Slow(() => _inner.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset));
    }

    public override CryptoOperation Agree(int group, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
    {
        Secrets.Add(secret);
        return Slow(() => _inner.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset));
    }

    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        return Slow(() => _inner.Sign(scheme, key, data, offset, count, signature, signatureOffset));
    }

    public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        Verifications++;
        return Slow(() => _inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount));
    }

    private SlowOperation Slow(Func<CryptoOperation> work)
    {
        SlowOperation operation = new SlowOperation(work, _steps);
        Operations.Add(operation);
        return operation;
    }
}

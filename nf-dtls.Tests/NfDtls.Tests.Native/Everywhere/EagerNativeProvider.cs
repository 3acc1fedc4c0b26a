using NfDtls.Crypto.Native;

namespace NfDtls.Tests.Native;

/// <summary>The native provider whose operations have ended when they begin, as .NET's have: some tests count on it.</summary>
internal class EagerNativeProvider : CryptoProvider
{
    private readonly NativeProvider _native = new();

    public override bool Supports(int algorithm)
    {
        return _native.Supports(algorithm);
    }

    public override int Reserve(int contexts)
    {
        return _native.Reserve(contexts);
    }

    public override void Random(byte[] destination, int offset, int count)
    {
        _native.Random(destination, offset, count);
    }

    public override HashContext CreateHash(int algorithm)
    {
        return _native.CreateHash(algorithm);
    }

    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        return _native.CreateAead(algorithm, key, offset, tagLength);
    }

    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        return _native.CreateCbc(algorithm, keys, offset, encryptThenMac);
    }

    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        _native.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
    }

    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
        byte[] destination, int offset, int count)
    {
        _native.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
    }

    public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        return End(_native.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset));
    }

    public override CryptoOperation Agree(int group, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
    {
        return End(_native.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset));
    }

    public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
    {
        return End(_native.DerivePublic(key, publicKey, offset));
    }

    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        return End(_native.Sign(scheme, key, data, offset, count, signature, signatureOffset));
    }

    public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        return End(_native.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount));
    }

    public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
    {
        return End(_native.RsaEncrypt(key, data, offset, count, cipher, cipherOffset));
    }

    public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
    {
        return End(_native.RsaDecrypt(key, cipher, offset, count, destination, destinationOffset, length));
    }

    private static CryptoOperation End(CryptoOperation operation)
    {
        while (!operation.Step(1))
        {
        }

        return operation;
    }
}

using NfDtls.Crypto.Software;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>Another provider's cryptography with a random source of its own, so that an input gives the same run each time.</summary>
internal sealed class SeededProvider : CryptoProvider
{
    private readonly CryptoProvider _inner;
    private readonly SoftwareProvider _random;

    internal SeededProvider(CryptoProvider inner, int seed)
    {
        _inner = inner;
        _random = new SoftwareProvider(new SeededEntropy(seed));
    }

    public override bool Supports(int algorithm) => _inner.Supports(algorithm);

    public override int Reserve(int contexts) => _inner.Reserve(contexts);

    public override void Random(byte[] destination, int offset, int count) => _random.Random(destination, offset, count);

    public override HashContext CreateHash(int algorithm) => _inner.CreateHash(algorithm);

    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength) => _inner.CreateAead(algorithm, key, offset, tagLength);

    public override MaskContext CreateMask(int algorithm, byte[] key, int offset) => _inner.CreateMask(algorithm, key, offset);

    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac) => _inner.CreateCbc(algorithm, keys, offset, encryptThenMac);

    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset) =>
        _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);

    public override HmacContext CreateHmac(int hash, int maxKey) => _inner.CreateHmac(hash, maxKey);

    public override void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count) =>
        _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);

    public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset) =>
        _inner.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset);

    public override CryptoOperation Agree(int group, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset) =>
        _inner.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);

    public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset) => _inner.DerivePublic(key, publicKey, offset);

    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset) =>
        _inner.Sign(scheme, key, data, offset, count, signature, signatureOffset);

    public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount) =>
        _inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);

    public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset) =>
        _inner.RsaEncrypt(key, data, offset, count, cipher, cipherOffset);

    public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length) =>
        _inner.RsaDecrypt(key, cipher, offset, count, destination, destinationOffset, length);
}

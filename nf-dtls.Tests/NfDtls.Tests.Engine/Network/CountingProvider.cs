namespace NfDtls.Tests.Engine;

/// <summary>A provider that counts its HMACs.</summary>
internal sealed class CountingProvider : CryptoProvider
{
    private readonly CryptoProvider _inner;

    internal CountingProvider(CryptoProvider inner)
    {
        _inner = inner;
    }

    internal int Hmacs { get; set; }

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
        Hmacs++;
        _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
    }

    public override void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
    {
        _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
    }
}

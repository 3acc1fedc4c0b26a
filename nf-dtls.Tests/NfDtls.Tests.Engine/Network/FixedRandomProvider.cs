using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

/// <summary>
/// Managed cryptography whose random bytes depend on nothing but how many are asked for: the same handshake has the same
/// bytes, however often and for whatever else randomness was drawn before.
/// </summary>
internal sealed class FixedRandomProvider : CryptoProvider
{
    private readonly CryptoProvider _provider = new SoftwareProvider(new SeededEntropy(1));
    private readonly int _first;

    /// <param name="first">Tells the two ends' bytes apart.</param>
    internal FixedRandomProvider(int first)
    {
        _first = first;
    }

    public override bool Supports(int algorithm)
    {
        return _provider.Supports(algorithm);
    }

    public override void Random(byte[] destination, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            destination[offset + i] = (byte)(_first + (3 * count) + (7 * i));
        }
    }

    public override HashContext CreateHash(int algorithm)
    {
        return _provider.CreateHash(algorithm);
    }

    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        return _provider.CreateAead(algorithm, key, offset, tagLength);
    }

    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        return _provider.CreateCbc(algorithm, keys, offset, encryptThenMac);
    }

    public override void Hmac(int hash, byte[] key, int keyOffset, int keyLength, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        _provider.Hmac(hash, key, keyOffset, keyLength, data, offset, count, destination, destinationOffset);
    }

    public override void Prf(int hash, byte[] secret, int secretOffset, int secretLength, byte[] labelAndSeed, int labelOffset, int labelLength, byte[] destination, int offset, int count)
    {
        _provider.Prf(hash, secret, secretOffset, secretLength, labelAndSeed, labelOffset, labelLength, destination, offset, count);
    }
}

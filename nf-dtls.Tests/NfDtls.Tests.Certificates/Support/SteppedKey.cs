using System;

namespace NfDtls.Tests.Certificates;

/// <summary>A private key of the application's: signs and decrypts somewhere else, after so many steps.</summary>
internal sealed class SteppedKey : PrivateKey
{
    private readonly PrivateKey _inner;
    private readonly int _steps;
    private readonly bool _knowsPublic;

    internal SteppedKey(PrivateKey inner, int steps, bool knowsPublic = false)
    {
        _inner = inner;
        _steps = steps;
        _knowsPublic = knowsPublic;
    }

    internal int Signatures { get; private set; }

    internal int Decryptions { get; private set; }

    public override int Kind
    {
        get { return _inner.Kind; }
    }

    public override PublicKey Public
    {
        get { return _knowsPublic ? _inner.Public : null!; }
    }

    public override bool CanSign(CryptoProvider crypto, int scheme)
    {
        return _inner.CanSign(crypto, scheme);
    }

    public override CryptoOperation Sign(CryptoProvider crypto, int scheme, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        Signatures++;
        return new SlowOperation(() => _inner.Sign(crypto, scheme, data, offset, count, signature, signatureOffset), _steps);
    }

    public override bool CanDecrypt(CryptoProvider crypto)
    {
        return _inner.CanDecrypt(crypto);
    }

    public override CryptoOperation Decrypt(CryptoProvider crypto, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
    {
        Decryptions++;
        return new SlowOperation(() => _inner.Decrypt(crypto, cipher, offset, count, destination, destinationOffset, length), _steps);
    }
}

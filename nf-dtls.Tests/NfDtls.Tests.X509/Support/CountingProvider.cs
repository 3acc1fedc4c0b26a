namespace NfDtls.Tests.X509;

/// <summary>Another provider, which counts the signatures that it is asked to verify; perhaps without SHA-256.</summary>
internal sealed class CountingProvider(CryptoProvider inner, bool hasSha256 = true) : CryptoProvider
{
    private int _verifications;

    /// <summary>How many since this was asked last.</summary>
    internal int TakeVerifications()
    {
        int verifications = _verifications;
        _verifications = 0;
        return verifications;
    }

    public override bool Supports(int algorithm)
    {
        return (hasSha256 || algorithm != CryptoAlgorithm.Sha256) && inner.Supports(algorithm);
    }

    public override HashContext CreateHash(int algorithm)
    {
        return inner.CreateHash(algorithm);
    }

    public override CryptoOperation Verify(
        int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        _verifications++;
        return inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);
    }
}

namespace NfDtls.Tests.X509;

/// <summary>Another provider that makes so many verifications and fails then, as one does whose hardware is gone; and that may lack a hash.</summary>
internal sealed class FailingProvider(CryptoProvider inner, int good, int lacking = -1) : CryptoProvider
{
    private int _left = good;

    public override bool Supports(int algorithm)
    {
        return algorithm != lacking && inner.Supports(algorithm);
    }

    public override HashContext CreateHash(int algorithm)
    {
        return inner.CreateHash(algorithm);
    }

    public override CryptoOperation Verify(
        int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        return _left-- > 0
            ? inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount)
            : new CompletedOperation(DtlsError.InternalError);
    }
}

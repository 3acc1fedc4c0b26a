namespace NfDtls.Tests.X509;

/// <summary>Takes every signature for good, at once and without allocating; its hashes are another provider's.</summary>
internal sealed class BelievingProvider(CryptoProvider hashes) : CryptoProvider
{
    private static readonly CryptoOperation Done = new CompletedOperation(DtlsError.None);

    public override bool Supports(int algorithm)
    {
        return algorithm >= CryptoAlgorithm.Agree || hashes.Supports(algorithm);
    }

    public override HashContext CreateHash(int algorithm)
    {
        return hashes.CreateHash(algorithm);
    }

    public override CryptoOperation Verify(
        int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        return Done;
    }
}

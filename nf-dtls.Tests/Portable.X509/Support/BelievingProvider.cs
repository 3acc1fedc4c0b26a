namespace NfDtls.Tests.X509
{
    /// <summary>Takes every signature for good at once, for tests of everything else; its hashes are another provider's.</summary>
    internal sealed class BelievingProvider : CryptoProvider
    {
        private readonly CryptoProvider _hashes;

        internal BelievingProvider(CryptoProvider hashes)
        {
            _hashes = hashes;
        }

        public override bool Supports(int algorithm)
        {
            return true;
        }

        public override HashContext CreateHash(int algorithm)
        {
            return _hashes.CreateHash(algorithm);
        }

        public override CryptoOperation Verify(
            int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            return new CompletedOperation(DtlsError.None);
        }
    }
}

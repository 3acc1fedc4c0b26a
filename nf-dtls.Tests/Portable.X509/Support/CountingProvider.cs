namespace NfDtls.Tests.X509
{
    /// <summary>Another provider, which counts the signatures that it is asked to verify.</summary>
    internal sealed class CountingProvider : CryptoProvider
    {
        internal int Verifications;
        private readonly CryptoProvider _inner;

        internal CountingProvider(CryptoProvider inner)
        {
            _inner = inner;
        }

        public override bool Supports(int algorithm)
        {
            return _inner.Supports(algorithm);
        }

        public override HashContext CreateHash(int algorithm)
        {
            return _inner.CreateHash(algorithm);
        }

        public override CryptoOperation Verify(
            int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            Verifications++;
            return _inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);
        }
    }
}

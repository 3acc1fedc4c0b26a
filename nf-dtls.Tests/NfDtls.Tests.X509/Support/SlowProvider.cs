namespace NfDtls.Tests.X509;

/// <summary>Another provider whose verifications take so many steps.</summary>
internal sealed class SlowProvider(CryptoProvider inner, int steps) : CryptoProvider
{
    /// <summary>Steps made since somebody set this to 0.</summary>
    internal int StepsSinceAsked { get; set; }

    /// <summary>Verifications that were given up.</summary>
    internal int Cancelled { get; private set; }

    public override bool Supports(int algorithm)
    {
        return inner.Supports(algorithm);
    }

    public override HashContext CreateHash(int algorithm)
    {
        return inner.CreateHash(algorithm);
    }

    public override CryptoOperation Verify(
        int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        return new Slowed(this, inner.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount), steps);
    }

    private sealed class Slowed(SlowProvider owner, CryptoOperation operation, int steps) : CryptoOperation
    {
        public override bool Step(int budget)
        {
            owner.StepsSinceAsked++;
            if (--steps > 0)
            {
                return false;
            }

            operation.Step(budget);
            Error = operation.Error;
            return true;
        }

        public override void Cancel()
        {
            owner.Cancelled++;
        }
    }
}

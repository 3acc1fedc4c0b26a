namespace NfDtls
{
    /// <summary>Work that has ended before it was asked for: a provider's that is fast enough, or a failure known from the start.</summary>
    public sealed class CompletedOperation : CryptoOperation
    {
        /// <summary>Work that failed.</summary>
        public CompletedOperation(DtlsError error)
        {
            Error = error;
        }

        /// <summary>Work that succeeded with a result of so many bytes.</summary>
        public CompletedOperation(int length)
        {
            Length = length;
        }

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            return true;
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
        }
    }
}

namespace NfDtls
{
    /// <summary>Work that has failed before it began.</summary>
    internal sealed class FailedOperation : CryptoOperation
    {
        internal FailedOperation(DtlsError error)
        {
            Error = error;
        }

        public override bool Step(int budget)
        {
            return true;
        }

        public override void Cancel()
        {
        }
    }
}

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// What all operations here have in common: they advance by units of at most six multiplications in a field (or what
    /// takes as long), and zero what they held when they end.
    /// </summary>
    internal abstract class EccOperation : CryptoOperation
    {
        private bool _hasEnded;

        public sealed override bool Step(int budget)
        {
            for (; budget > 0 && !_hasEnded; budget--)
            {
                Advance();
            }

            return _hasEnded;
        }

        public sealed override void Cancel()
        {
            if (!_hasEnded)
            {
                End(DtlsError.InternalError, 0);
            }
        }

        /// <summary>Does one unit of work.</summary>
        protected abstract void Advance();

        /// <summary>Zeroes everything.</summary>
        protected abstract void Clear();

        /// <summary>Ends the operation; nothing more is done after it.</summary>
        protected void End(DtlsError error, int length)
        {
            _hasEnded = true;
            Error = error;
            Length = length;
            Clear();
        }
    }
}

namespace NfDtls
{
    /// <summary>A question to the application, which answers it at once or later, from any thread. The first answer counts.</summary>
    public abstract class AwaitedAnswer : CryptoOperation
    {
        private readonly object _lock = new object();
        private bool _isAnswered;

        internal AwaitedAnswer()
        {
        }

        /// <inheritdoc/>
        public override bool IsWaiting
        {
            get
            {
                // The answer may come from another thread.
                lock (_lock)
                {
                    return !_isAnswered;
                }
            }
        }

        /// <summary>What was answered, once nothing is waited for; may be null.</summary>
        internal object Answered;

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            return !IsWaiting;
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            End(DtlsError.None, null);
        }

        internal void End(DtlsError error, object answer)
        {
            lock (_lock)
            {
                if (!_isAnswered)
                {
                    Error = error;
                    Answered = answer;
                    _isAnswered = true;
                }
            }
        }
    }
}

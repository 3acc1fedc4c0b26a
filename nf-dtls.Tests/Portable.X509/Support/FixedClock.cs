using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    /// <summary>A clock that stands still.</summary>
    internal sealed class FixedClock : CertificateClock
    {
        private readonly long _seconds;

        internal FixedClock(long seconds)
        {
            _seconds = seconds;
        }

        public override long UtcSeconds
        {
            get { return _seconds; }
        }
    }
}

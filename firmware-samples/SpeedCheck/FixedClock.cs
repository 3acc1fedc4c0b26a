using NfDtls.X509;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Stands at a time when the certificates of <see cref="Identity"/> are valid: a board without a network has no time.</summary>
    internal sealed class FixedClock : CertificateClock
    {
        /// <summary>2026-06-15 12:00.</summary>
        public override long UtcSeconds
        {
            get { return 1781524800; }
        }
    }
}

using System;

namespace NfDtls.X509
{
    /// <summary>The machine's own time. For .NET alone: a board's clock begins in 1970 and is right only once somebody has set it, which the application knows.</summary>
    public sealed class SystemClock : CertificateClock
    {
        /// <inheritdoc/>
        public override long UtcSeconds
        {
            get { return DateTimeOffset.UtcNow.ToUnixTimeSeconds(); }
        }
    }
}

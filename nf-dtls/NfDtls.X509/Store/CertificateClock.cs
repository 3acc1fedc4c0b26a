namespace NfDtls.X509
{
    /// <summary>
    /// Where the time of day comes from, for the validity of certificates: a real-time clock, or one set over the network. It is
    /// asked inside the engine: it must return quickly and not call back.
    /// </summary>
    public abstract class CertificateClock
    {
        /// <summary>Seconds since 1970-01-01 in UTC, or -1 while the time is not known.</summary>
        public abstract long UtcSeconds { get; }
    }
}

namespace NfDtls.Extensions
{
    /// <summary>
    /// Where the time of day comes from, for how long sessions may be resumed: across a restart, or between servers that share
    /// their keys or their store, and for the end of certificates. Asked inside the engine: it must return quickly and not call back.
    /// </summary>
    public abstract class SessionClock
    {
        /// <summary>Seconds since 1970-01-01 in UTC, or -1 while the time is not known.</summary>
        public abstract long UtcSeconds { get; }
    }
}

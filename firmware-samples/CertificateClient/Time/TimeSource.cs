namespace NfDtls.Samples.CertificateClient
{
    /// <summary>Somebody who may be asked for the time.</summary>
    internal abstract class TimeSource
    {
        /// <summary>The name to print.</summary>
        internal abstract string Host { get; }

        /// <summary>Why the last question brought no time; null where it did.</summary>
        internal string Failure { get; set; }

        /// <summary>Whether the last question was not sent at all: whoever would have got it wants none.</summary>
        internal bool IsLeftAlone { get; set; }

        /// <summary>Asks once. Returns milliseconds since 1970, or -1 with a <see cref="Failure"/>.</summary>
        internal abstract long Ask(int timeout);
    }
}

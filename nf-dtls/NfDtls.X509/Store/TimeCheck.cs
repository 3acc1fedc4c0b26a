namespace NfDtls.X509
{
    /// <summary>Whether certificates must be valid at the present time.</summary>
    public enum TimeCheck
    {
        /// <summary>They must; where the time is not known (no clock, or it answers -1), a chain fails with CertificateTimeUnknown.</summary>
        Required,
        /// <summary>They must where the time is known; where it is not, that is not checked: for a device that learns the time only after its first connection.</summary>
        WhenKnown,
        /// <summary>
        /// Never checked: the coarse mode for a device without a clock (RFC 7925 section 4.4 speaks of such). An expired
        /// certificate whose key was stolen is then good for ever, unless a revocation list names it.
        /// </summary>
        None
    }
}

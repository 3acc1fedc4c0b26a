namespace NfDtls
{
    /// <summary>Where an association stands.</summary>
    public enum AssociationState
    {
        /// <summary>Not begun.</summary>
        Idle = 0,
        /// <summary>The first handshake runs.</summary>
        Connecting,
        /// <summary>Application data flows.</summary>
        Connected,
        /// <summary>We sent close_notify and wait for the answer.</summary>
        Closing,
        /// <summary>Ended; what was received before may still be read.</summary>
        Closed
    }
}

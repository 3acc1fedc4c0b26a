namespace NfDtls.Samples.Provisioning
{
    /// <summary>The ways to the two servers, as <see cref="Provisioner"/> uses them.</summary>
    internal abstract class Links
    {
        /// <summary>Asks the bootstrap server; null where that did not succeed.</summary>
        internal abstract Credentials Bootstrap();

        /// <summary>Connects to the server that credentials are for, and keeps the session; false where that did not succeed.</summary>
        internal abstract bool Connect(Credentials credentials);

        /// <summary>Waits before the next try.</summary>
        internal abstract void Pause();
    }
}

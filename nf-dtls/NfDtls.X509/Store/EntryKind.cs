namespace NfDtls.X509
{
    /// <summary>What an entry of a <see cref="CertificateStore"/> is.</summary>
    public enum EntryKind
    {
        /// <summary>A certificate of our own, with its chain and key.</summary>
        Local,
        /// <summary>A certificate that is trusted.</summary>
        Trusted,
        /// <summary>An authority's certificate that may stand in a chain, but is not trusted by itself.</summary>
        Intermediate,
        /// <summary>A revocation list.</summary>
        RevocationList,
        /// <summary>A pin.</summary>
        Pin
    }
}

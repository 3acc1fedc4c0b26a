namespace NfDtls.X509
{
    /// <summary>Kinds of names in subjectAltName that are read: the tags of GeneralName (RFC 5280 section 4.2.1.6).</summary>
    public static class AltNameKind
    {
        /// <summary>A host name.</summary>
        public const int Dns = 2;
        /// <summary>A URI.</summary>
        public const int Uri = 6;
        /// <summary>An IP address.</summary>
        public const int Ip = 7;
    }
}

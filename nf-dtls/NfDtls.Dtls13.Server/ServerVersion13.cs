namespace NfDtls.Dtls13.Server
{
    /// <summary>DTLS 1.3 for an endpoint that is a server: <see cref="Version13"/> with the server's half.</summary>
    public sealed class ServerVersion13 : Version13
    {
        /// <summary>Makes the version.</summary>
        /// <param name="groups">Groups for the key agreement, the preferred first, 0 to 4.</param>
        /// <param name="allowsPskAlone">Whether the pre-shared key may do without a key agreement (psk_ke).</param>
        /// <exception cref="System.ArgumentException">Nothing is allowed, or more than 4 groups.</exception>
        public ServerVersion13(int[] groups, bool allowsPskAlone)
            : base(groups, allowsPskAlone)
        {
        }

        internal override object ServerPart
        {
            get { return new ServerPart13(this); }
        }
    }
}

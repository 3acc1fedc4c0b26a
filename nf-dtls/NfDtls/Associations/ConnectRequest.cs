namespace NfDtls
{
    /// <summary>
    /// A server's question whether to take a peer whose address a cookie has proven: answered by the application at once or
    /// later, from any thread. The session's place is taken meanwhile, as long as
    /// <see cref="EndpointOptions.HandshakeTimeout"/> says, 30 s by default.
    /// </summary>
    public sealed class ConnectRequest : AwaitedAnswer
    {
        internal ConnectRequest()
        {
        }

        /// <summary>Lets the handshake go on. A second answer is ignored.</summary>
        public void Accept()
        {
            End(DtlsError.None, null);
        }

        /// <summary>Ends the handshake with the fatal alert access_denied. A second answer is ignored.</summary>
        public void Refuse()
        {
            End(DtlsError.Refused, null);
        }
    }
}

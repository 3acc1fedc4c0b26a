namespace NfDtls
{
    /// <summary>
    /// A server's question whether to take a peer whose address a cookie has proven: answered by the application at once or
    /// later, from any thread. The session's place is taken meanwhile, as long as
    /// <see cref="EndpointOptions.HandshakeTimeout"/> says, 30 s by default.
    /// </summary>
    public sealed class ConnectRequest : AwaitedAnswer
    {
        private byte[] _hint;

        internal ConnectRequest()
        {
        }

        /// <summary>The keys that the peer is to have one of, or null for those of the options; once it was accepted.</summary>
        internal PskStore Keys
        {
            get { return (PskStore)Answered; }
        }

        /// <summary>The hint that goes with the keys, or null.</summary>
        internal byte[] Hint
        {
            get { return _hint; }
        }

        /// <summary>Lets the handshake go on. A second answer is ignored.</summary>
        public void Accept()
        {
            End(DtlsError.None, null);
        }

        /// <summary>
        /// Lets the handshake go on with pre-shared keys for this peer alone, chosen by the name that it asks for, say
        /// (<see cref="Agreement.ServerName"/>). A second answer is ignored.
        /// </summary>
        /// <param name="keys">The keys, instead of <see cref="EndpointOptions.Psk"/>.</param>
        /// <param name="hint">The hint that goes with them: 0 to 128 bytes, or null for none.</param>
        /// <exception cref="System.ArgumentException">There are no keys, or the hint is too long; the question stays open.</exception>
        public void Accept(PskStore keys, byte[]? hint)
        {
            if (keys == null)
            {
                throw new System.ArgumentNullException("keys");
            }

            if (hint != null)
            {
                PskStore.CheckLength(hint, "hint");
                _hint = hint;
            }

            End(DtlsError.None, keys);
        }

        /// <summary>Ends the handshake with the fatal alert unrecognized_name: nobody here has the name that the peer asks for. A second answer is ignored.</summary>
        public void RefuseName()
        {
            End(DtlsError.UnrecognizedName, null);
        }

        /// <summary>Ends the handshake with the fatal alert access_denied. A second answer is ignored.</summary>
        public void Refuse()
        {
            End(DtlsError.Refused, null);
        }
    }
}

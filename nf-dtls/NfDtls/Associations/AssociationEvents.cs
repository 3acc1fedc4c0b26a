namespace NfDtls
{
    /// <summary>What happened to an association since it was asked last; bits that may come together.</summary>
    public static class AssociationEvents
    {
        /// <summary>The handshake succeeded.</summary>
        public const int Connected = 1;
        /// <summary>Application data can be received.</summary>
        public const int Data = 2;
        /// <summary>The association ended; its LastError says why.</summary>
        public const int Closed = 4;
        /// <summary>The application is asked for a pre-shared key.</summary>
        public const int PskWanted = 8;
        /// <summary>The application is asked whether a server takes this peer (<see cref="EndpointOptions.AskToConnect"/>).</summary>
        public const int Connecting = 16;
        /// <summary>The next promise of a durable association is to be stored: <see cref="AssociationSaver.WritePromise"/>.</summary>
        public const int PromiseWanted = 32;
        /// <summary>A handshake within the association (RFC 5746) has succeeded: new keys protect what is sent from now on.</summary>
        public const int Renegotiated = 64;
        /// <summary>A handshake within the association was refused by the peer, or not answered: all is as it was.</summary>
        public const int RenegotiationRefused = 128;
        /// <summary>The peer goes on from another address, which is the association's from here on.</summary>
        public const int Moved = 256;
        /// <summary>Records came from another address, from which the peer did not answer, or which it does not prefer: the association stays where it is.</summary>
        public const int PathFailed = 512;
    }
}

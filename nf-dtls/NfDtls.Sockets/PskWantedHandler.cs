namespace NfDtls.Sockets
{
    /// <summary>
    /// Is asked for a pre-shared key. The request is answered now or later, from any thread; while it is open, its handshake
    /// waits and everything else goes on.
    /// </summary>
    public delegate void PskWantedHandler(PskRequest request);
}

using System.Net;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Is asked whether a server takes a client whose address is proven. It answers by <see cref="DtlsSession.Accept()"/> or
    /// <see cref="DtlsSession.Refuse"/>, or keeps the session and answers later, from any thread, by those or by
    /// <see cref="DtlsSession.Start"/>.
    /// </summary>
    public delegate void ConnectingHandler(DtlsSession session);

    /// <summary>Is told of a session that is connected now.</summary>
    public delegate void SessionHandler(DtlsSession session);

    /// <summary>Is told that there is something to receive: the handler calls <see cref="DtlsSession.Receive"/> with a timeout of 0.</summary>
    public delegate void DataHandler(DtlsSession session);

    /// <summary>Is told of a session whose client goes on from another address.</summary>
    public delegate void MovedHandler(DtlsSession session, IPEndPoint from, IPEndPoint to);

    /// <summary>Is told of a session that has ended, and why.</summary>
    public delegate void DisconnectedHandler(DtlsSession session, DtlsError reason);

    /// <summary>
    /// Is told what went wrong: with a session, whose address it tells, or apart from any, and then with null. The exception says which
    /// error it was, in words where there are some, and the alerts of both ends: fatal ones, but for close_notify. What a handler, a
    /// provider or a socket threw is its InnerException.
    /// </summary>
    public delegate void SessionErrorHandler(DtlsSession? session, DtlsException error);
}

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
}

namespace NfDtls.Sockets
{
    /// <summary>Is told of a session that is connected now.</summary>
    public delegate void SessionHandler(DtlsSession session);

    /// <summary>Is told that there is something to receive: the handler calls <see cref="DtlsSession.Receive"/> with a timeout of 0.</summary>
    public delegate void DataHandler(DtlsSession session);

    /// <summary>Is told of a session that has ended, and why.</summary>
    public delegate void DisconnectedHandler(DtlsSession session, DtlsError reason);
}

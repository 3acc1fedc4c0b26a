using System;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Is told what went wrong apart from any session: SocketError, or InternalError with what another handler threw; by a
    /// server also NoFreeSession, and why a handshake failed.
    /// </summary>
    public delegate void ErrorHandler(DtlsError error, Exception? exception);
}

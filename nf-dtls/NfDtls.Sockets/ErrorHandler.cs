using System;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Is told what went wrong and no call reports: SocketError, or InternalError with what another handler threw.
    /// </summary>
    public delegate void ErrorHandler(DtlsError error, Exception? exception);
}

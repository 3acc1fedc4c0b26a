using System;
using System.Net;

namespace NfDtls.Net;

/// <summary>A handshake that failed, or a part that broke.</summary>
public sealed class DtlsListenerErrorEventArgs : EventArgs
{
    internal DtlsListenerErrorEventArgs(IPEndPoint? remoteEndPoint, DtlsError error, int alertSent, int alertReceived, Exception? exception)
    {
        RemoteEndPoint = remoteEndPoint;
        Error = error;
        AlertSent = alertSent;
        AlertReceived = alertReceived;
        Exception = exception;
        Message = exception?.Message ?? DtlsErrors.DescribeWith(error, alertReceived);
    }

    /// <summary>Whose handshake it was; null where it was nobody's.</summary>
    public IPEndPoint? RemoteEndPoint { get; }

    /// <summary>What went wrong.</summary>
    public DtlsError Error { get; }

    /// <summary>Description of the alert that was sent for it (RFC 8446 section 6), or <see cref="Alert.None"/>.</summary>
    public int AlertSent { get; }

    /// <summary>Description of the alert that the peer ended it by, or <see cref="Alert.None"/>.</summary>
    public int AlertReceived { get; }

    /// <summary>The same in words, without any secret.</summary>
    public string Message { get; }

    /// <summary>What was thrown, or null.</summary>
    public Exception? Exception { get; }
}

using System;
using System.Net;
using Microsoft.Extensions.Logging;

namespace NfDtls.Hosting;

/// <summary>What is logged, each with a number of its own; no secret, and of a peer its address alone.</summary>
internal static partial class DtlsServerLog
{
    /// <summary>An alert's name, or "none".</summary>
    internal static string NameOf(int alert)
    {
        return alert == Alert.None ? "none" : DtlsNames.OfAlert(alert);
    }

    [LoggerMessage(1, LogLevel.Information, "Listening on {EndPoint} with {Shards} shards; cryptography: {Cryptography}")]
    internal static partial void Listening(ILogger logger, IPEndPoint endPoint, int shards, string cryptography);

    [LoggerMessage(2, LogLevel.Debug, "Connected: {Peer}")]
    internal static partial void Connected(ILogger logger, IPEndPoint peer);

    [LoggerMessage(3, LogLevel.Debug, "Over: {Peer}, {Reason}; alert sent: {AlertSent}, received: {AlertReceived}")]
    internal static partial void Over(ILogger logger, IPEndPoint peer, DtlsError reason, string alertSent, string alertReceived);

    [LoggerMessage(4, LogLevel.Information, "A handshake with {Peer} failed: {Error}, {Reason}; alert sent: {AlertSent}, received: {AlertReceived}")]
    internal static partial void HandshakeFailed(ILogger logger, IPEndPoint? peer, DtlsError error, string reason, string alertSent, string alertReceived);

    [LoggerMessage(5, LogLevel.Error, "The handler of {Peer} failed")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception, IPEndPoint peer);

    [LoggerMessage(6, LogLevel.Information, "New certificates serve new handshakes")]
    internal static partial void CertificatesReloaded(ILogger logger);

    [LoggerMessage(7, LogLevel.Error, "New certificates cannot be used; the old ones stay")]
    internal static partial void CertificatesRefused(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "Stopping: {Connections} connections are told")]
    internal static partial void Draining(ILogger logger, int connections);

    [LoggerMessage(9, LogLevel.Warning, "Not every peer answered in time")]
    internal static partial void DrainedInPart(ILogger logger);

    [LoggerMessage(10, LogLevel.Error, "Something of the server's failed")]
    internal static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Information, "{Count} more handshakes or calls failed; their lines were left out")]
    internal static partial void LeftOut(ILogger logger, long count);
}

using System;
using System.Diagnostics;

namespace NfDtls.Net;

/// <summary>What a listener knows of an association: since when its handshake runs, what it waits for, the connection that it became.</summary>
internal sealed class ServerRun
{
    private readonly long _began;
    private readonly DtlsListener _listener;
    private readonly bool _hasHandshake;
    private Activity? _activity;

    /// <param name="listener">Whose it is.</param>
    /// <param name="association">The association.</param>
    /// <param name="hasHandshake">False where it was taken over.</param>
    internal ServerRun(DtlsListener listener, Association association, bool hasHandshake)
    {
        _hasHandshake = hasHandshake;
        _listener = listener;
        _began = listener.Options.TimeProvider.GetTimestamp();
        _activity = !hasHandshake ? null : DtlsTelemetry.BeginHandshake(ActivityKind.Server, PeerAddress.ToEndPoint(association.PeerAddress));
    }

    internal PskWait? Question { get; set; }

    internal DtlsConnection? Connection { get; set; }

    /// <summary>Its copy in the store; null where there is none.</summary>
    internal Kept? Kept { get; set; }

    /// <summary>The handshake is over, well.</summary>
    internal void Succeed(Association association)
    {
        if (!_hasHandshake)
        {
            return;
        }

        DtlsTelemetry.EndHandshake(_activity, association, DtlsError.None, _listener.Options.TimeProvider.GetElapsedTime(_began), true);
        _activity = null;
    }

    /// <summary>The association is over; where it had no connection, the handshake failed.</summary>
    internal void End(Association association)
    {
        if (Connection == null && _hasHandshake)
        {
            DtlsTelemetry.EndHandshake(_activity, association, association.LastError, _listener.Options.TimeProvider.GetElapsedTime(_began), true);
            _activity = null;
            _listener.OnHandshakeFailed(association);
        }
    }
}

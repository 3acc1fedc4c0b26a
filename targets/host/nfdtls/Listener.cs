using System;
using System.Net;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>A server that tells who comes and goes, and hands out each record; where wanted, behind a lossy network.</summary>
internal sealed class Listener : IDisposable
{
    private readonly Screen _screen;
    private readonly TraceLines _lines;
    private readonly Action<DtlsSession, byte[]> _onRecord;
    private readonly byte[] _buffer = new byte[DtlsOptions.MaxMtu];
    private readonly LossyNetwork? _network;

    public Listener(Settings settings, Screen screen, TraceLines lines, IPEndPoint local, Action<DtlsSession, byte[]> onRecord, bool ofDemo)
    {
        _screen = screen;
        _onRecord = onRecord;
        _lines = lines;

        // In a demonstration the client tells the flights and the secrets, and has the lossy network.
        FlightLog flights = new FlightLog(lines, ofDemo ? "server " : "", !ofDemo || settings.Verbose, settings.Verbose);
        DtlsOptions options = settings.MakeServerOptions(flights);
        options.KeyLog = ofDemo ? null : settings.KeyLog;
        Server = new DtlsServer(options);
        Server.Connected += OnConnected;
        Server.DataReceived += OnDataReceived;
        Server.PeerMoved += OnPeerMoved;
        Server.Renegotiated += OnRenegotiated;
        Server.PathFailed += OnPathFailed;
        Server.Disconnected += OnDisconnected;
        Server.HandshakeFailed += OnHandshakeFailed;
        Server.Error += OnError;
        bool lossy = !ofDemo && settings.Accidents.Any;
        Start(lossy ? new IPEndPoint(IPAddress.Loopback, 0) : local);
        if (lossy)
        {
            _network = new LossyNetwork(settings.Accidents, local, new IPEndPoint(IPAddress.Loopback, Server.LocalPort));
        }
    }

    public DtlsServer Server { get; }

    /// <summary>Where clients find it.</summary>
    public int Port => _network == null ? Server.LocalPort : _network.LocalEndPoint.Port;

    /// <summary>close_notify to all.</summary>
    public void Stop()
    {
        Server.Stop();
        _lines.Show();
    }

    public void Dispose()
    {
        Server.Dispose();
        _network?.Dispose();
    }

    private void Start(IPEndPoint local)
    {
        try
        {
            Server.Start(local);
        }
        catch (DtlsException e)
        {
            throw new ToolException(ExitCode.Unclean, e.Message);
        }
    }

    private void OnConnected(DtlsSession session)
    {
        _lines.Show();
        string identity = PeerText.Of(session.PskIdentity, session.PeerCertificates) ?? "a client without a certificate";
        _screen.Good($"{session.RemoteEndPoint} {(session.IsResumed ? "resumed" : "connected")}: {identity}, {session.Suite?.Name}{Named(session)}");
    }

    private static string Named(DtlsSession session)
    {
        return (session.ServerName == null ? "" : ", for " + session.ServerName) + (session.ApplicationProtocol == null ? "" : ", speaks " + session.ApplicationProtocol);
    }

    private void OnPeerMoved(DtlsSession session, IPEndPoint from, IPEndPoint to)
    {
        _lines.Show();
        _screen.Good($"{from} moved to {to}");
    }

    private void OnRenegotiated(DtlsSession session)
    {
        _lines.Show();
        _screen.Good($"{session.RemoteEndPoint} renegotiated, {session.Suite?.Name}");
    }

    private void OnPathFailed(DtlsSession session)
    {
        _lines.Show();
        _screen.Warn($"{session.RemoteEndPoint}: records came from elsewhere, where the client does not answer; it stays where it was");
    }

    private void OnDataReceived(DtlsSession session)
    {
        try
        {
            int count;
            while ((count = session.Receive(_buffer, 0, 0)) >= 0)
            {
                _onRecord(session, _buffer.AsSpan(0, count).ToArray());
            }
        }
        catch (DtlsException e) when (e.Error == DtlsError.SessionClosed)
        {
            // Everything has been read.
        }
    }

    private void OnDisconnected(DtlsSession session, DtlsError reason)
    {
        _lines.Show();
        string text = $"{session.RemoteEndPoint} disconnected: {Names.Reason(reason, session.AlertReceived)}";
        if (reason is DtlsError.SessionClosed or DtlsError.Stopped)
        {
            _screen.Plain(text);
        }
        else
        {
            _screen.Warn(text);
        }
    }

    private void OnHandshakeFailed(DtlsSession session, DtlsError reason)
    {
        _lines.Show();
        _screen.Warn($"a handshake failed: {session.RemoteEndPoint}: {Names.Reason(reason, session.AlertReceived)}");
    }

    private void OnError(DtlsSession? session, DtlsException error)
    {
        // Why a handshake failed was told with the client's address.
        if (error.InnerException != null || session == null)
        {
            _lines.Show();
            string reason = Names.Reason(error.Error, Alert.None);
            _screen.Warn(error.InnerException == null ? $"a client was turned away: {reason}" : $"{reason}: {error.Message}");
        }
    }
}

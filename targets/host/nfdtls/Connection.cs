using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>A client with its socket, the log of its flights and, where wanted, a lossy network before its server.</summary>
internal sealed class Connection : IDisposable
{
    private const int Slice = 50;

    // Before a move, for what is under way: to a port that was left before the last one nothing comes any more.
    private const int MovePause = 250;

    private readonly Settings _settings;
    private readonly Screen _screen;
    private readonly FlightLog _flights;
    private readonly IPEndPoint _any;
    private readonly List<Socket> _sockets = [];
    private readonly LossyNetwork? _network;
    private readonly SessionResumption? _resumption;
    private readonly IPEndPoint _peer;
    private readonly TraceLines _lines;

    public Connection(Settings settings, Screen screen, TraceLines lines, string name, IPEndPoint server, IPAddress? local)
    {
        _settings = settings;
        _screen = screen;
        _peer = server;
        if (settings.Accidents.Any)
        {
            _network = new LossyNetwork(settings.Accidents, new IPEndPoint(IPAddress.Loopback, 0), server);
            _peer = _network.LocalEndPoint;
            screen.Warn($"the network in between: {settings.Accidents}");
        }

        _any = local != null && _network == null ? new IPEndPoint(local, 0) : Udp.Any(_peer.AddressFamily);
        _sockets.Add(Bind(settings.Sleep?.Port ?? 0));
        _lines = lines;
        _flights = new FlightLog(lines, name, flights: true, settings.Verbose);
        DtlsOptions options = settings.MakeClientOptions(_flights);
        _resumption = options.Features?.OfType<SessionResumption>().FirstOrDefault();
        Client = new DtlsClient(options, _sockets[0]);
        _flights.Follow(Client.Statistics);
    }

    public DtlsClient Client { get; }

    /// <summary>Connects, or goes on with a saved connection, or throws the reason.</summary>
    public void Open(StopSignal stop)
    {
        if (_settings.Sleep is { Imports: true })
        {
            _settings.Sleep.Import(Client, _peer);
            _flights.End();
            _lines.Show();
            Report.Negotiated(_screen, Client, _settings.Crypto);
            return;
        }

        try
        {
            while (!Client.Connect(_peer, Slice))
            {
                _lines.Show();
                if (stop.IsSet)
                {
                    throw new ToolException(ExitCode.HandshakeFailed, "The handshake was interrupted.");
                }
            }
        }
        catch (DtlsException e)
        {
            _lines.Show();
            SaveSession();
            bool answered = e.Error == DtlsError.Timeout && Client.Statistics.RecordsReceived > 0;
            string hint = answered ? ", though it did at first: perhaps the keys differ" : "";
            throw new ToolException(ExitCode.HandshakeFailed, $"The handshake failed: {Names.Reason(e.Error, e.AlertReceived)}{hint}.");
        }

        _flights.End();
        _lines.Show();
        SaveSession();
        Report.Negotiated(_screen, Client, _settings.Crypto);
        if (_settings.Renegotiates)
        {
            Renegotiate();
        }
    }

    /// <summary>Makes new keys, or throws the reason; a server may not want to.</summary>
    private void Renegotiate()
    {
        try
        {
            if (Client.Renegotiate(-1))
            {
                _screen.Good("renegotiated: new keys from here on");
            }
            else
            {
                _screen.Warn("the server does not renegotiate: the keys stay");
            }
        }
        catch (DtlsException e) when (e.Error == DtlsError.InsufficientSecurity)
        {
            _screen.Warn("the server does not know secure renegotiation: the keys stay");
        }
        catch (DtlsException e)
        {
            throw new ToolException(ExitCode.HandshakeFailed, $"The renegotiation failed: {Names.Reason(e.Error, e.AlertReceived)}.");
        }
        finally
        {
            _lines.Show();
        }
    }

    /// <summary>Goes on from a new port; what still comes to the old one is heard for a while.</summary>
    public void Move()
    {
        Thread.Sleep(MovePause);
        Socket next = Udp.Bind(_any);
        _sockets.Add(next);
        int before = Client.LocalPort;
        try
        {
            Client.Move(next);
        }
        catch (InvalidOperationException e)
        {
            throw new ToolException(ExitCode.Unclean, $"--move: {e.Message}");
        }

        _screen.Plain($"moved from port {before} to {Client.LocalPort}");
    }

    /// <summary>Saves the connection; false where it is to be closed.</summary>
    public bool Export()
    {
        if (_settings.Sleep is not { Exports: true })
        {
            return false;
        }

        _screen.Plain($"saved in {_settings.Sleep.Export(Client)}");
        _lines.Show();
        return true;
    }

    /// <summary>Ends with close_notify; false where the peer does not answer that.</summary>
    public bool Close()
    {
        bool isAnswered = Client.Close(_settings.CloseTimeout);
        SaveSession();
        _lines.Show();
        return isAnswered;
    }

    // A saved connection is known by the port that it had, if that is to be had.
    private Socket Bind(int port)
    {
        try
        {
            return Udp.Bind(new IPEndPoint(_any.Address, port));
        }
        catch (ToolException) when (port != 0)
        {
            return Udp.Bind(_any);
        }
    }

    /// <summary>A connection that has failed took its session along.</summary>
    private void SaveSession()
    {
        if (_resumption != null)
        {
            _settings.Resume!.Save(_resumption);
        }
    }

    public void Dispose()
    {
        _lines.Show();
        Client.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
        _network?.Dispose();
    }
}

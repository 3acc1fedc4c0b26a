using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>A client with its socket, the log of its flights and, where wanted, a lossy network before its server.</summary>
internal sealed class Connection : IDisposable
{
    private const int Slice = 50;
    private const int CloseTime = 5000;

    private readonly Settings _settings;
    private readonly Screen _screen;
    private readonly FlightLog _flights;
    private readonly Socket _socket;
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

        _socket = Udp.Bind(local != null && _network == null ? new IPEndPoint(local, 0) : Udp.Any(_peer.AddressFamily));
        _lines = lines;
        _flights = new FlightLog(lines, name, flights: true, settings.Verbose);
        DtlsOptions options = settings.MakeClientOptions(_flights);
        _resumption = options.Features?.OfType<SessionResumption>().FirstOrDefault();
        Client = new DtlsClient(options, _socket);
        _flights.Follow(Client.Statistics);
    }

    public DtlsClient Client { get; }

    /// <summary>Connects, or throws the reason.</summary>
    public void Open(StopSignal stop)
    {
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
    }

    /// <summary>Ends with close_notify; false where the peer does not answer that.</summary>
    public bool Close()
    {
        bool isAnswered = Client.Close(CloseTime);
        SaveSession();
        _lines.Show();
        return isAnswered;
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
        _socket.Dispose();
        _network?.Dispose();
    }
}

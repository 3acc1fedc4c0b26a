using System;
using System.Diagnostics;
using System.Net;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>nfdtls client: lines of stdin to the server, its records to stdout.</summary>
internal sealed class ClientCommand
{
    private const int Slice = 50;
    private const int QuietTime = 1000;
    private const int LongestWait = 10000;

    private readonly Settings _settings;
    private readonly string _host;
    private readonly int _port;
    private readonly IPAddress? _local;
    private readonly int _moveEvery;
    private readonly Screen _screen;
    private readonly TraceLines _trace;
    private readonly byte[] _buffer = new byte[DtlsOptions.MaxMtu];

    /// <param name="settings">What the options said.</param>
    /// <param name="host">The server's name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="local">The address to send from, or null for any.</param>
    /// <param name="moveEvery">Lines after which the client goes on from a new port; 0 for never.</param>
    public ClientCommand(Settings settings, string host, int port, IPAddress? local, int moveEvery)
    {
        _moveEvery = moveEvery;
        _local = local;
        _settings = settings;
        _screen = new Screen(settings.Json);
        _host = host;
        _port = port;
        _trace = new TraceLines(_screen);
    }

    public int Run()
    {
        using StopSignal stop = new StopSignal();
        IPEndPoint server = new IPEndPoint(Udp.Resolve(_host), _port);
        _screen.Plain($"{(_settings.Sleep is { Imports: true } ? "going on with" : "connecting to")} {server}");
        using Connection connection = new Connection(_settings, _screen, _trace, "", server, _local);
        connection.Open(stop);

        Lines lines = new Lines(_settings.Hex, _settings.Json);
        InputPump input = new InputPump(lines, connection.Client, _moveEvery, connection.Move);
        input.Start();
        bool closedByPeer = !Exchange(connection, lines, input, stop);
        bool isSaved = !closedByPeer && connection.Export();
        bool isClean = closedByPeer || isSaved || connection.Close();
        _screen.Plain(closedByPeer ? "closed by the peer" : isSaved ? "asleep" : "closed");
        Report.Counters(_screen, "counters", connection.Client.Statistics, connection.Client.Pool);
        if (input.Failure != null)
        {
            throw input.Failure;
        }

        return isClean ? ExitCode.Clean : throw new ToolException(ExitCode.Unclean, "The peer did not answer close_notify: what was sent last may not have come.");
    }

    /// <summary>Prints what comes until stdin has ended and nothing more is on its way; false when the peer closed before.</summary>
    private bool Exchange(Connection connection, Lines lines, InputPump input, StopSignal stop)
    {
        Stopwatch? sinceEnd = null;
        Stopwatch quiet = new Stopwatch();
        while (!stop.IsSet && input.Failure == null)
        {
            _trace.Show();
            if (input.Ended && sinceEnd == null)
            {
                sinceEnd = Stopwatch.StartNew();
                quiet.Restart();
            }

            if (sinceEnd != null && (quiet.ElapsedMilliseconds >= QuietTime || sinceEnd.ElapsedMilliseconds >= LongestWait))
            {
                return true;
            }

            int count;
            try
            {
                count = connection.Client.Receive(_buffer, 0, Slice);
            }
            catch (DtlsException e)
            {
                CheckClose(connection.Client, e);
                return false;
            }

            if (count >= 0)
            {
                lines.Write(_buffer.AsSpan(0, count));
                quiet.Restart();
            }
        }

        return true;
    }

    private static void CheckClose(DtlsClient client, DtlsException e)
    {
        DtlsError error = client.LastError == DtlsError.None ? e.Error : client.LastError;
        if (error != DtlsError.SessionClosed)
        {
            throw new ToolException(ExitCode.Unclean, $"The session broke: {Names.Reason(error, e.AlertReceived)}.");
        }
    }
}

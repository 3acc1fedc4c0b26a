using System.Net;
using System.Net.Sockets;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>nfdtls server: prints what comes, and sends it back where wanted, until a signal.</summary>
internal sealed class ServerCommand
{
    private const int Slice = 100;

    private readonly Settings _settings;
    private readonly int _port;
    private readonly bool _echo;
    private readonly Screen _screen = new Screen();
    private readonly TraceLines _trace;
    private readonly Lines _lines;

    public ServerCommand(Settings settings, int port, bool echo)
    {
        _settings = settings;
        _port = port;
        _echo = echo;
        _trace = new TraceLines(_screen);
        _lines = new Lines(settings.Hex);
    }

    public int Run()
    {
        using StopSignal stop = new StopSignal();
        using Listener listener = Listen(IPAddress.Any, _port);
        using Listener? second = ListenToo(listener.Port);
        _screen.Plain($"listening on UDP port {listener.Port}, {(second == null ? "IPv4" : "IPv4 and IPv6")}; Ctrl-C ends");
        if (_settings.Accidents.Any)
        {
            _screen.Warn($"the network in between: {_settings.Accidents}");
        }

        while (!stop.Wait(Slice))
        {
            _trace.Show();
        }

        End(listener, "counters");
        if (second != null)
        {
            End(second, "counters of IPv6");
        }

        return ExitCode.Clean;
    }

    private Listener Listen(IPAddress address, int port)
    {
        return new Listener(_settings, _screen, _trace, new IPEndPoint(address, port), OnRecord, ofDemo: false);
    }

    /// <summary>The same port of IPv6, where there is one that is free.</summary>
    private Listener? ListenToo(int port)
    {
        try
        {
            return Socket.OSSupportsIPv6 ? Listen(IPAddress.IPv6Any, port) : null;
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private void End(Listener listener, string title)
    {
        bool used = listener.Server.Statistics.DatagramsReceived > 0;
        listener.Stop();
        if (used || title == "counters")
        {
            Report.Counters(_screen, title, listener.Server.Statistics, listener.Server.Pool);
        }
    }

    private void OnRecord(DtlsSession session, byte[] record)
    {
        _lines.Write(record);
        if (!_echo)
        {
            return;
        }

        if (record.Length > session.MaxPayload)
        {
            _screen.Warn($"{session.RemoteEndPoint}: {record.Length} bytes cannot be sent back; at most {session.MaxPayload} go into a record");
            return;
        }

        try
        {
            session.Send(record);
        }
        catch (DtlsException e)
        {
            _screen.Warn($"{session.RemoteEndPoint}: a record was not sent back: {e.Message}");
        }
    }
}

using System.Net;
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
    private readonly Lines _lines;

    public ServerCommand(Settings settings, int port, bool echo)
    {
        _settings = settings;
        _port = port;
        _echo = echo;
        _lines = new Lines(settings.Hex);
    }

    public int Run()
    {
        using StopSignal stop = new StopSignal();
        using Listener listener = new Listener(_settings, _screen, new IPEndPoint(IPAddress.Any, _port), accidents: true, OnRecord);
        _screen.Plain($"listening on UDP port {listener.Port}; Ctrl-C ends");
        while (!stop.Wait(Slice))
        {
            listener.Flights.Show();
        }

        listener.Stop();
        Report.Counters(_screen, "counters", listener.Server.Statistics, listener.Server.Pool);
        return ExitCode.Clean;
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

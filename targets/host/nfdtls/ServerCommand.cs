using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>nfdtls server: prints what comes, and sends it back where wanted, until a signal.</summary>
internal sealed class ServerCommand
{
    private const int Slice = 100;

    private readonly Settings _settings;
    private readonly IPAddress[] _addresses;
    private readonly int _port;
    private readonly bool _echo;
    private readonly Screen _screen;
    private readonly TraceLines _trace;
    private readonly Lines _lines;

    /// <param name="settings">What the options said.</param>
    /// <param name="addresses">Where to listen; none is every address of both kinds of IP.</param>
    /// <param name="port">The port, 0 for any.</param>
    /// <param name="echo">Whether to send each record back.</param>
    public ServerCommand(Settings settings, IPAddress[] addresses, int port, bool echo)
    {
        _settings = settings;
        _screen = new Screen(settings.Json);
        _addresses = addresses;
        _port = port;
        _echo = echo;
        _trace = new TraceLines(_screen);
        _lines = new Lines(settings.Hex, settings.Json);
    }

    public int Run()
    {
        using StopSignal stop = new StopSignal();
        List<(string Name, Listener Listener)> listeners = [];
        try
        {
            Listen(listeners);
            Serve(listeners, stop);
        }
        finally
        {
            listeners.ForEach(one => one.Listener.Dispose());
        }

        return ExitCode.Clean;
    }

    private void Serve(List<(string Name, Listener Listener)> listeners, StopSignal stop)
    {
        _screen.Plain($"listening on UDP port {listeners[0].Listener.Port}, {string.Join(" and ", listeners.Select(one => one.Name))}; Ctrl-C ends");
        if (_settings.Accidents.Any)
        {
            _screen.Warn($"the network in between: {_settings.Accidents}");
        }

        while (!stop.Wait(Slice))
        {
            _trace.Show();
        }

        bool isFirst = true;
        foreach ((string name, Listener listener) in listeners)
        {
            bool used = listener.Server.Statistics.DatagramsReceived > 0;
            listener.Stop();
            if (used || isFirst)
            {
                Report.Counters(_screen, isFirst ? "counters" : "counters of " + name, listener.Server.Statistics, listener.Server.Pool);
            }

            isFirst = false;
        }
    }

    /// <summary>Listens on each address that is given, at one port; else on IPv4's, and on IPv6's where they are to be had.</summary>
    private void Listen(List<(string Name, Listener Listener)> listeners)
    {
        foreach (IPAddress address in _addresses)
        {
            listeners.Add((address.ToString(), Listen(address, listeners.Count == 0 ? _port : listeners[0].Listener.Port)));
        }

        if (listeners.Count > 0)
        {
            return;
        }

        listeners.Add(("IPv4", Listen(IPAddress.Any, _port)));
        try
        {
            if (Socket.OSSupportsIPv6)
            {
                listeners.Add(("IPv6", Listen(IPAddress.IPv6Any, listeners[0].Listener.Port)));
            }
        }
        catch (ToolException)
        {
            // The port is taken there, or there is no such address.
        }
    }

    private Listener Listen(IPAddress address, int port)
    {
        return new Listener(_settings, _screen, _trace, new IPEndPoint(address, port), OnRecord, ofDemo: false);
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

using System;
using System.Net;
using System.Text;
using NfDtls.Sockets;
using Spectre.Console;

namespace NfDtls.Tool;

/// <summary>nfdtls demo: a client and a server that echoes, in one process.</summary>
internal sealed class DemoCommand
{
    private const int EchoTime = 60000;
    private const int LossyEchoTime = 400;
    private const int Tries = 5;

    private static readonly string[] Said =
    [
        "Hello from NfDtls.",
        "This line went to the server and back, encrypted both ways.",
        "The same code runs on .NET nanoFramework.",
    ];

    private readonly Settings _settings;
    private readonly Screen _screen;
    private readonly byte[] _buffer = new byte[DtlsOptions.MaxMtu];

    public DemoCommand(Settings settings)
    {
        _settings = settings;
        _screen = new Screen(settings.Json);
    }

    public int Run()
    {
        using StopSignal stop = new StopSignal();
        TraceLines trace = new TraceLines(_screen);
        _screen.Show(new Markup($"[bold]NfDtls: {_settings.Versions.Text} between a client and a server on this machine[/]\n"));
        using Listener listener = new Listener(_settings, _screen, trace, new IPEndPoint(IPAddress.Loopback, 0), Echo, ofDemo: true);
        _screen.Plain($"server on UDP port {listener.Port}, pre-shared key of {PeerText.Of(_settings.Identity, null)}");
        using Connection connection = new Connection(_settings, _screen, trace, _settings.Verbose ? "client " : "", new IPEndPoint(IPAddress.Loopback, listener.Port), local: null);
        connection.Open(stop);
        _screen.Good($"handshake: {Report.HandshakeBytes(connection.Client.Statistics)}");

        Lines lines = new Lines(_settings.Hex, _settings.Json);
        foreach (string text in Said)
        {
            int count = Exchange(connection.Client, Encoding.UTF8.GetBytes(text));
            if (count >= 0)
            {
                lines.Write(_buffer.AsSpan(0, count));
            }
        }

        if (!connection.Close())
        {
            _screen.Warn("The peer did not answer close_notify.");
        }

        listener.Stop();
        Report.Counters(_screen, "client", connection.Client.Statistics, connection.Client.Pool);
        Report.Counters(_screen, "server", listener.Server.Statistics, listener.Server.Pool);
        return ExitCode.Clean;
    }

    /// <summary>Sends a record, again where it was lost, and receives its echo; -1 when none came.</summary>
    private int Exchange(DtlsClient client, byte[] record)
    {
        for (int i = 0; i < Tries; i++)
        {
            client.Send(record);
            int count = client.Receive(_buffer, 0, _settings.Accidents.Any ? LossyEchoTime : EchoTime);
            if (count >= 0)
            {
                return count;
            }

            _screen.Warn("a record was lost on the way, as UDP may lose one");
        }

        return -1;
    }

    private static void Echo(DtlsSession session, byte[] record)
    {
        session.Send(record);
    }
}

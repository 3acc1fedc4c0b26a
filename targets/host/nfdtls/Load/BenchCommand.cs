using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>nfdtls bench: handshakes a second with any server, and round trips of records where it sends back what it gets.</summary>
internal sealed class BenchCommand
{
    private const int Packets = 16;
    private const int Queue = 8;

    // Whether the server echoes at all is known after this.
    private const int EchoTime = 1000;
    private const string NoAnswer = "no answer in time";

    private readonly Settings _settings;
    private readonly string _host;
    private readonly int _port;
    private readonly int _clients;
    private readonly int _milliseconds;
    private readonly int _size;
    private readonly bool _json;
    private readonly Screen _screen = new Screen();
    private readonly List<double> _handshakes = [];
    private readonly List<double> _echoes = [];
    private int _failed;
    private int _silent;
    private string? _why;
    private string? _suite;
    private string? _version;

    public BenchCommand(Settings settings, string host, int port, int clients, int milliseconds, int size, bool json)
    {
        _settings = settings;
        _host = host;
        _port = port;
        _clients = clients;
        _milliseconds = milliseconds;
        _size = size;
        _json = json;
    }

    public int Run()
    {
        IPEndPoint server = new IPEndPoint(Udp.Resolve(_host), _port);

        // One before, whose time goes into compiling; and a reason to end where it fails.
        Once(server);
        using Progress progress = new Progress(_screen, Told);
        double shaken = All(() => Shake(server));
        double echoed = All(() => Echo(server));
        progress.End();
        Node report = Report(server, shaken, echoed);
        if (_json)
        {
            JsonText.Print(report.Write);
        }
        else
        {
            report.Write(Console.Out);
        }

        Console.Out.Flush();
        return _handshakes.Count > 0 ? ExitCode.Clean : throw new ToolException(ExitCode.HandshakeFailed, $"No handshake succeeded: {_why}.");
    }

    private void Once(IPEndPoint server)
    {
        using DtlsClient client = Make();
        try
        {
            if (!client.Connect(server, _settings.Timeout == 0 ? -1 : _settings.Timeout))
            {
                throw new ToolException(ExitCode.HandshakeFailed, "The handshake failed: " + NoAnswer + ".");
            }
        }
        catch (DtlsException e)
        {
            throw new ToolException(ExitCode.HandshakeFailed, $"The handshake failed: {Names.Reason(e.Error, e.AlertReceived)}.");
        }

        _suite = client.Suite!.Name;
        _version = VersionChoice.NameOf(client.Version);
        client.Close(EchoTime);
    }

    private string Told()
    {
        lock (_handshakes)
        {
            return $"{_handshakes.Count} handshakes, {_echoes.Count} round trips";
        }
    }

    /// <summary>Runs something with every client at the same time; the seconds that it took.</summary>
    private double All(Action action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, _clients).Select(_ => new Thread(() => action()) { IsBackground = true })];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return watch.Elapsed.TotalSeconds;
    }

    private void Shake(IPEndPoint server)
    {
        Stopwatch all = Stopwatch.StartNew();
        while (all.ElapsedMilliseconds < _milliseconds)
        {
            using DtlsClient client = Make();
            if (Connect(client, server, out double time))
            {
                Add(_handshakes, time);
                client.Close(0);
            }
        }
    }

    private void Echo(IPEndPoint server)
    {
        using DtlsClient client = Make();
        if (!Connect(client, server, out _))
        {
            return;
        }

        byte[] record = new byte[Math.Min(_size, client.MaxPayload)];
        Array.Fill(record, (byte)'x');
        record[^1] = (byte)'\n';
        byte[] buffer = new byte[DtlsOptions.MaxMtu];
        bool echoes = false;
        Stopwatch all = Stopwatch.StartNew();
        try
        {
            while (all.ElapsedMilliseconds < _milliseconds)
            {
                long start = Stopwatch.GetTimestamp();
                client.Send(record);
                if (client.Receive(buffer, 0, EchoTime) < 0)
                {
                    Interlocked.Increment(ref _silent);
                    if (!echoes)
                    {
                        break;
                    }

                    // One was lost, which ends nothing; where it was late only, its echo is not to pass for the next one's.
                    while (client.Receive(buffer, 0, 0) >= 0)
                    {
                    }

                    continue;
                }

                echoes = true;
                Add(_echoes, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            client.Close(0);
        }
        catch (DtlsException e)
        {
            Fail(Names.Reason(e.Error, e.AlertReceived));
        }
    }

    private bool Connect(DtlsClient client, IPEndPoint server, out double time)
    {
        long start = Stopwatch.GetTimestamp();
        time = 0;
        try
        {
            bool isConnected = client.Connect(server, _settings.Timeout == 0 ? -1 : _settings.Timeout);
            time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!isConnected)
            {
                Fail(NoAnswer);
            }

            return isConnected;
        }
        catch (DtlsException e)
        {
            Fail(Names.Reason(e.Error, e.AlertReceived));
            return false;
        }
    }

    private void Fail(string why)
    {
        lock (_handshakes)
        {
            _failed++;
            _why ??= why;
        }
    }

    private void Add(List<double> times, double time)
    {
        lock (_handshakes)
        {
            times.Add(time);
        }
    }

    private DtlsClient Make()
    {
        DtlsOptions options = _settings.MakeClientOptions(null);
        options.PoolPackets = Packets;
        options.ReceiveQueue = Queue;
        return new DtlsClient(options);
    }

    private Node Report(IPEndPoint server, double shaken, double echoed)
    {
        Node report = new Node("bench", $"{_host} port {_port} ({server.Address}), {_version}, {_suite}, {_clients} {(_clients == 1 ? "client" : "clients")}");
        report.With("_host", _host).With("_port", _port).With("_version", _version!).With("_suite", _suite!).With("_clients", _clients);
        Times(report, "handshakes", _handshakes, shaken);
        if (_echoes.Count > 0)
        {
            Times(report, "round trips", _echoes, echoed);
        }
        else
        {
            report.With("round trips", "none: the server sends nothing back");
        }

        report.With("failed", _failed).With("_silent", _silent);
        if (_why != null)
        {
            report.With("why", _why);
        }

        return report;
    }

    private static void Times(Node report, string name, List<double> times, double seconds)
    {
        double[] sorted = [.. times.Order()];
        double At(double part)
        {
            return sorted.Length == 0 ? 0 : sorted[(int)(part * (sorted.Length - 1))];
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{sorted.Length}, {sorted.Length / seconds:F1} a second; {At(0.5):F2} ms half of them, {At(0.99):F2} ms 99 of 100");
        string json = name.Replace(' ', '_');
        report.Add(new Node(json, name + ": " + text)).With("_count", sorted.Length).With("_per_second", Math.Round(sorted.Length / seconds, 1)).With("_median_ms", Math.Round(At(0.5), 3)).With("_p99_ms", Math.Round(At(0.99), 3));
    }
}

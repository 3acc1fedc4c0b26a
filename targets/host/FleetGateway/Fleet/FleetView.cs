using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace FleetGateway.Fleet;

/// <summary>
/// All nodes as one gateway: each is asked each second what it shows, and what a fallen one showed last still counts. A device is
/// where it was heard last.
/// </summary>
internal sealed class FleetView(DeviceRegistry registry, DeviceStates states, TimeProvider time) : BackgroundService, IGateway
{
    private const int MostFallen = 16;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Rate _handshakes = new(time);
    private readonly Lock _lock = new();
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, (string Node, int Handovers)> _places = new(StringComparer.Ordinal);

    public Snapshot Take()
    {
        lock (_lock)
        {
            Snapshot[] living = _nodes.Where(node => node.IsAlive).Select(node => node.Last).ToArray();
            Snapshot[] all = _nodes.Select(node => node.Last).ToArray();
            DeviceView[] devices = registry.All.Select(Merge).ToArray();
            long completed = all.Sum(one => one.HandshakesCompleted);
            return new Snapshot(
                living.Any(one => one.IsReady), devices.Count(device => device.IsConnected), living.Sum(one => one.Sessions), living.Sum(one => one.HandshakesRunning), completed, all.Sum(one => one.HandshakesFailed),
                _handshakes.Of(completed), all.Sum(one => one.RecordsDropped), all.Sum(one => one.DatagramsLost), all.Sum(one => one.PeersMoved), all.Sum(one => one.AssociationsTakenOver), devices,
                _nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => node.View()).ToArray());
        }
    }

    public string? SettingsOf(string identity)
    {
        return registry.Find(identity)?.Settings;
    }

    public async ValueTask SetAsync(string identity, string settings)
    {
        if (registry.Find(identity) is { } device)
        {
            await states.SetAsync(device, settings);
        }
    }

    internal void Add(string name, int process, Uri page)
    {
        lock (_lock)
        {
            _nodes.Add(new Node(name, process, page));
        }
    }

    internal void Fall(string name)
    {
        lock (_lock)
        {
            foreach (Node node in _nodes.Where(node => node.Name == name))
            {
                node.IsAlive = false;
            }

            if (_nodes.Count(node => !node.IsAlive) > MostFallen)
            {
                _nodes.Remove(_nodes.First(node => !node.IsAlive));
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (Device device in registry.All)
        {
            await states.LoadAsync(device);
        }

        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
        using PeriodicTimer timer = new(Every, time);
        try
        {
            do
            {
                Node[] living;
                lock (_lock)
                {
                    living = _nodes.Where(node => node.IsAlive).ToArray();
                }

                await Task.WhenAll(living.Select(node => AskAsync(http, node, stoppingToken)));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task AskAsync(HttpClient http, Node node, CancellationToken cancellationToken)
    {
        Snapshot? said = await NodePage.AskAsync<Snapshot>(http, node.Page, cancellationToken);
        lock (_lock)
        {
            // What it said last stands where it says nothing.
            node.Last = said ?? node.Last;
        }
    }

    private DeviceView Merge(Device device)
    {
        (Node Node, DeviceView View)[] views = _nodes.SelectMany(node => node.Last.Devices.Where(view => view.Identity == device.Identity).Select(view => (node, view))).ToArray();
        DeviceView own = device.View();
        if (views.Length == 0)
        {
            return own;
        }

        (Node at, DeviceView latest) = views.OrderByDescending(one => one.View.LastHeard ?? DateTimeOffset.MinValue).ThenByDescending(one => one.View.IsConnected && one.Node.IsAlive).First();
        Dictionary<string, Reading> telemetry = new(own.Telemetry);
        foreach ((string name, Reading reading) in views.SelectMany(one => one.View.Telemetry))
        {
            if (!telemetry.TryGetValue(name, out Reading? known) || known.At < reading.At)
            {
                telemetry[name] = reading;
            }
        }

        (string? node, int handovers) = PlaceOf(device.Identity, latest.LastHeard == null ? null : at.Name);
        return own with
        {
            IsConnected = views.Any(one => one.Node.IsAlive && one.View.IsConnected),
            Sessions = views.Sum(one => one.View.Sessions),
            Messages = views.Sum(one => one.View.Messages),
            Moves = views.Sum(one => one.View.Moves),
            EndPoint = latest.EndPoint,
            LastHeard = latest.LastHeard,
            Telemetry = telemetry,
            Node = node,
            Handovers = handovers,
        };
    }

    private (string? Node, int Handovers) PlaceOf(string identity, string? node)
    {
        bool isKnown = _places.TryGetValue(identity, out (string Node, int Handovers) place);
        if (node != null && (!isKnown || place.Node != node))
        {
            place = (node, isKnown ? place.Handovers + 1 : 0);
            _places[identity] = place;
        }

        return (place.Node, place.Handovers);
    }

    private sealed class Node(string name, int process, Uri page)
    {
        internal string Name => name;

        internal Uri Page => page;

        internal bool IsAlive { get; set; } = true;

        internal Snapshot Last { get; set; } = new(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, [], []);

        internal NodeView View()
        {
            return new NodeView(name, process, IsAlive, IsAlive ? Last.DevicesConnected : 0, IsAlive ? Last.Sessions : 0, Last.HandshakesCompleted, Last.AssociationsTakenOver, Last.RecordsDropped);
        }
    }
}

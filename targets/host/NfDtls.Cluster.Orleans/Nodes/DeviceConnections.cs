using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Net;
using Orleans.Runtime;

namespace NfDtls.Cluster.Orleans.Nodes;

/// <summary>The connections of this silo. Safe from any thread.</summary>
internal sealed class DeviceConnections(ILocalSiloDetails silo, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _all = [];
    private readonly Dictionary<GrainId, List<Entry>> _byGrain = [];

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    internal DeviceLink Add(GrainId grain, DtlsConnection connection)
    {
        Entry entry = new(new DeviceLink(silo.SiloAddress, Guid.NewGuid()), grain, connection) { Heard = _time.GetTimestamp() };
        lock (_lock)
        {
            _all.Add(entry.Link.Connection, entry);
            if (!_byGrain.TryGetValue(grain, out List<Entry>? entries))
            {
                _byGrain[grain] = entries = [];
            }

            entries.Add(entry);
        }

        return entry.Link;
    }

    internal void Hear(DeviceLink link)
    {
        lock (_lock)
        {
            if (_all.TryGetValue(link.Connection, out Entry? entry))
            {
                entry.Heard = _time.GetTimestamp();
            }
        }
    }

    internal void Remove(DeviceLink link)
    {
        lock (_lock)
        {
            if (!_all.Remove(link.Connection, out Entry? entry))
            {
                return;
            }

            List<Entry> entries = _byGrain[entry.Grain];
            entries.Remove(entry);
            if (entries.Count == 0)
            {
                _byGrain.Remove(entry.Grain);
            }
        }
    }

    internal FoundLink[] Find(GrainId grain)
    {
        lock (_lock)
        {
            return _byGrain.TryGetValue(grain, out List<Entry>? entries)
                ? entries.Select(entry => new FoundLink(entry.Link, (long)_time.GetElapsedTime(entry.Heard).TotalMilliseconds)).ToArray()
                : [];
        }
    }

    internal async Task<Sending> SendAsync(Guid connection, byte[] datagram)
    {
        Entry? entry;
        lock (_lock)
        {
            _all.TryGetValue(connection, out entry);
        }

        if (entry == null)
        {
            return Sending.Gone;
        }

        try
        {
            await entry.Connection.SendAsync(datagram).ConfigureAwait(false);
            return Sending.Sent;
        }
        catch (ObjectDisposedException)
        {
            return Sending.Gone;
        }
        catch (ArgumentException)
        {
            return Sending.TooLong;
        }
        catch (DtlsException e)
        {
            return e.Error switch
            {
                DtlsError.MessageTooLarge => Sending.TooLong,
                DtlsError.PromiseNotStored => Sending.NotNow,
                _ => entry.Connection.Closed.IsCompleted ? Sending.Gone : Sending.NotNow,
            };
        }
    }

    private sealed class Entry(DeviceLink link, GrainId grain, DtlsConnection connection)
    {
        internal DeviceLink Link => link;

        internal GrainId Grain => grain;

        internal DtlsConnection Connection => connection;

        internal long Heard { get; set; }
    }
}

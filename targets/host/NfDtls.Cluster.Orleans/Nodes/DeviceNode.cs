using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace NfDtls.Cluster.Orleans.Nodes;

/// <summary>A silo's connections, for grains at any silo.</summary>
[Reentrant]
internal sealed class DeviceNode(GrainId id, Silo silo, ILoggerFactory loggers, DeviceConnections connections) : GrainService(id, silo, loggers), IDeviceNode
{
    public Task<Sending> SendAsync(Guid connection, byte[] datagram)
    {
        return connections.SendAsync(connection, datagram);
    }

    public Task<FoundLink[]> FindAsync(GrainId grain)
    {
        return Task.FromResult(connections.Find(grain));
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace NfDtls.Cluster.Orleans.Nodes;

/// <summary>All silos' connections, as a grain sees them.</summary>
internal sealed class DeviceNodes(IServiceProvider services, ISiloStatusOracle silos, IOptions<DeviceGrainOptions> options) : GrainServiceClient<IDeviceNode>(services)
{
    private readonly TimeSpan _patience = options.Value.AnswerTimeout;

    /// <summary>Sends by a connection, wherever it is.</summary>
    internal async Task<Sending> SendAsync(DeviceLink link, byte[] datagram)
    {
        try
        {
            return await GetGrainService(link.Silo).SendAsync(link.Connection, datagram).WaitAsync(_patience);
        }
        catch (Exception e) when (IsUnreachable(e))
        {
            return Sending.Gone;
        }
    }

    /// <summary>Asks every silo that lives; who was heard last stands first.</summary>
    internal async Task<DeviceLink[]> FindAsync(GrainId grain)
    {
        FoundLink[][] found = await Task.WhenAll(silos.GetApproximateSiloStatuses(true).Keys.Select(silo => FindAsync(silo, grain)));
        return found.SelectMany(links => links).OrderBy(link => link.Silent).Select(link => link.Link).ToArray();
    }

    private async Task<FoundLink[]> FindAsync(SiloAddress silo, GrainId grain)
    {
        try
        {
            return await GetGrainService(silo).FindAsync(grain).WaitAsync(_patience);
        }
        catch (Exception e) when (IsUnreachable(e))
        {
            return [];
        }
    }

    // A silo that has fallen, that stops, that is slow, or that has no devices.
    private static bool IsUnreachable(Exception e)
    {
        return e is OrleansException or TimeoutException or ObjectDisposedException or KeyNotFoundException;
    }
}

using System;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using NfDtls.Cluster.Orleans.Nodes;
using Orleans;
using Orleans.Runtime;

namespace NfDtls.Cluster.Orleans;

/// <summary>
/// What a device's grain begins with: it knows by which nodes the device was heard, and asks all of them where it has lost that
/// (its own silo fell, or it was put away while the device slept).
/// </summary>
public abstract class DeviceGrain : Grain, IDeviceGrain
{
    private DeviceLinks? _links;

    /// <summary>The device's key.</summary>
    protected string Identity => this.GetPrimaryKeyString();

    private DeviceLinks Links => _links ??= NewLinks();

    /// <inheritdoc/>
    public Task<bool> SendAsync(byte[] datagram)
    {
        ArgumentNullException.ThrowIfNull(datagram);
        return Links.SendAsync(datagram);
    }

    Task IDeviceGrain.OnConnected(DeviceLink link)
    {
        Links.Hear(link);
        return OnConnectedAsync(link);
    }

    Task IDeviceGrain.OnDatagram(DeviceDatagram datagram)
    {
        Links.Hear(datagram.Link);
        return OnDatagramAsync(datagram);
    }

    Task IDeviceGrain.OnDisconnected(DeviceLink link)
    {
        Links.Forget(link);
        return OnDisconnectedAsync(link);
    }

    /// <summary>A datagram came from the device. What this throws is logged and counted, and the connection goes on.</summary>
    /// <param name="datagram">What came.</param>
    protected abstract Task OnDatagramAsync(DeviceDatagram datagram);

    /// <summary>A node has a connection with the device.</summary>
    /// <param name="link">The connection.</param>
    protected virtual Task OnConnectedAsync(DeviceLink link)
    {
        return Task.CompletedTask;
    }

    /// <summary>A connection with the device is over, or another node has it now. One whose node fell is not told of.</summary>
    /// <param name="link">The connection.</param>
    protected virtual Task OnDisconnectedAsync(DeviceLink link)
    {
        return Task.CompletedTask;
    }

    private DeviceLinks NewLinks()
    {
        DeviceNodes nodes = ServiceProvider.GetRequiredService<DeviceNodes>();
        GrainId grain = this.GetGrainId();
        return new DeviceLinks(nodes.SendAsync, () => nodes.FindAsync(grain));
    }
}

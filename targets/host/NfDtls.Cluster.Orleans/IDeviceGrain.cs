using System.Threading.Tasks;
using Orleans;
using Orleans.Concurrency;

namespace NfDtls.Cluster.Orleans;

/// <summary>
/// A device as a grain, whose key is the device's (<see cref="DeviceGrainOptions.Grain"/>). An application writes it once, over
/// <see cref="DeviceGrain"/>; which node has the device's connection, and whether it moves to another, is no matter of the application's.
/// </summary>
[Alias("NfDtls.IDeviceGrain")]
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>A node has a connection with the device: after a handshake, or since it took an association over.</summary>
    /// <param name="link">The connection.</param>
    [Alias("OnConnected")]
    Task OnConnected(DeviceLink link);

    /// <summary>A datagram came from the device. Those of one connection come one after the other, in the order in which they were received.</summary>
    /// <param name="datagram">What came.</param>
    [Alias("OnDatagram")]
    Task OnDatagram(DeviceDatagram datagram);

    /// <summary>A connection with the device is over, or another node has it now.</summary>
    /// <param name="link">The connection.</param>
    [Alias("OnDisconnected")]
    Task OnDisconnected(DeviceLink link);

    /// <summary>Sends a datagram to the device, by whichever node has a connection with it. Does not wait for what the grain does just now.</summary>
    /// <param name="datagram">As many bytes as the connection takes in one record.</param>
    /// <returns>
    /// Whether it was sealed and handed to the network, which may lose it. False: no node has a connection with the device, or the one
    /// that has may not send now (its promise of numbers is not stored yet).
    /// </returns>
    /// <exception cref="System.ArgumentException">It is longer than the connection takes.</exception>
    [AlwaysInterleave]
    [Alias("SendAsync")]
    Task<bool> SendAsync(byte[] datagram);
}

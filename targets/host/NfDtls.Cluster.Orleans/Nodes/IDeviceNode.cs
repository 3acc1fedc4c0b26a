using System;
using System.Threading.Tasks;
using Orleans;
using Orleans.Runtime;
using Orleans.Services;

namespace NfDtls.Cluster.Orleans.Nodes;

/// <summary>What grains ask of a silo that has connections.</summary>
[Alias("NfDtls.IDeviceNode")]
internal interface IDeviceNode : IGrainService
{
    /// <summary>Sends by a connection.</summary>
    [Alias("Send")]
    Task<Sending> SendAsync(Guid connection, byte[] datagram);

    /// <summary>The connections that there are with a grain's device.</summary>
    [Alias("Find")]
    Task<FoundLink[]> FindAsync(GrainId grain);
}

/// <summary>What came of a datagram.</summary>
internal enum Sending
{
    /// <summary>It was sealed and handed to the system.</summary>
    Sent,

    /// <summary>The connection is over, or was never there.</summary>
    Gone,

    /// <summary>The connection may not send now.</summary>
    NotNow,

    /// <summary>It is longer than the connection takes.</summary>
    TooLong,
}

/// <summary>A connection that was found, and for how many milliseconds nothing was heard by it: clocks of several machines are not compared.</summary>
[GenerateSerializer]
[Immutable]
[Alias("NfDtls.FoundLink")]
internal sealed record FoundLink([property: Id(0)] DeviceLink Link, [property: Id(1)] long Silent);

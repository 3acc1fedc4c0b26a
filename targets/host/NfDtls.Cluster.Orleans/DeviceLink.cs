using System;
using Orleans;
using Orleans.Runtime;

namespace NfDtls.Cluster.Orleans;

/// <summary>A connection with a device: at which node, and which there.</summary>
/// <param name="Silo">The node's silo.</param>
/// <param name="Connection">One of that silo's.</param>
[GenerateSerializer]
[Immutable]
[Alias("NfDtls.DeviceLink")]
public sealed record DeviceLink([property: Id(0)] SiloAddress Silo, [property: Id(1)] Guid Connection);

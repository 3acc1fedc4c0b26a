using System.Diagnostics.CodeAnalysis;
using Orleans;

namespace NfDtls.Cluster.Orleans;

/// <summary>A datagram of a device's.</summary>
/// <param name="Data">Its bytes. Not to be changed: where node and grain are in one silo they are not copied.</param>
/// <param name="Link">By which connection it came.</param>
[GenerateSerializer]
[Immutable]
[Alias("NfDtls.DeviceDatagram")]
[SuppressMessage("Performance", "CA1819", Justification = "As Orleans' serializer has it.")]
public sealed record DeviceDatagram([property: Id(0)] byte[] Data, [property: Id(1)] DeviceLink Link);

using System.Threading.Tasks;

namespace FleetGateway;

/// <summary>What REST and the page know of a gateway: one process, or a fleet of them.</summary>
internal interface IGateway
{
    /// <summary>The gateway as it is now.</summary>
    Snapshot Take();

    /// <summary>What a device is to be told; null for a stranger.</summary>
    string? SettingsOf(string identity);

    /// <summary>Says what a device is to be told.</summary>
    ValueTask SetAsync(string identity, string settings);
}

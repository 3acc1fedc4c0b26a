namespace FleetGateway;

/// <summary>
/// A device of the section `Devices` of the configuration, under its identity. Keys belong into a provider that keeps secrets: the
/// user's secrets, the environment (`Devices__NAME__Key`), a vault.
/// </summary>
internal sealed class DeviceOptions
{
    /// <summary>Its pre-shared key: 1 to 64 bytes in hexadecimal digits.</summary>
    public string? Key { get; set; }

    /// <summary>What people call it; null for its identity.</summary>
    public string? Label { get; set; }
}

namespace FleetGateway.Fleet;

/// <summary>
/// The section `Fleet` of the configuration. Who starts a fleet says how many nodes, and which Redis; the rest is said by the process
/// that starts the nodes, to each by its environment.
/// </summary>
internal sealed class FleetOptions
{
    /// <summary>Nodes that are started, 1 to 16; 0 for none: one process is the gateway.</summary>
    public int Nodes { get; set; }

    /// <summary>Where Redis is: HOST:PORT, or what else StackExchange.Redis takes.</summary>
    public string? Redis { get; set; }

    /// <summary>This node's ID, four hexadecimal digits: one that no other has had.</summary>
    public string? Node { get; set; }

    /// <summary>What the nodes share, in hexadecimal digits.</summary>
    public string Key { get; set; } = "";

    /// <summary>What node and nonce are encrypted under in connection IDs, in hexadecimal digits.</summary>
    public string IdKey { get; set; } = "";

    internal bool IsNode => Node != null;

    internal bool IsLauncher => Node == null && (Nodes != 0 || Redis != null);
}

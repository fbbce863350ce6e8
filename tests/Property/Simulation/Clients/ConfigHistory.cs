namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>What one client has set one config to.</summary>
internal sealed class ConfigHistory
{
    /// <summary>The value that was acknowledged last; null while none was.</summary>
    public string? Last { get; set; }

    /// <summary>
    /// All values that were asked for. While the network holds requests back, an older one may come through after a
    /// newer one was acknowledged: its sender, or a broker that forwarded it, gave up and sent it again.
    /// </summary>
    public HashSet<string> Attempted { get; } = [];
}

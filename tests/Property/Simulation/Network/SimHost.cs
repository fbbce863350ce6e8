using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>A machine on the network, and the process that runs on it just now.</summary>
internal sealed class SimHost(int id)
{
    public int Id => id;

    /// <summary>The process's life; null while none runs.</summary>
    public SimContext? Life { get; set; }

    public Dictionary<int, ISimListener> Listeners { get; } = [];

    /// <summary>Open connections that begin or end here, in the order of their making.</summary>
    public List<SimConnection> Connections { get; } = [];

    public bool IsUp => Life is { IsAlive: true, IsFrozen: false };
}
